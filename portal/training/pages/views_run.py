"""The trainee's exercises: the list, one of them, the panel's buttons, the result; and the page that a phishing mail
leads to."""

from collections import Counter

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.training.doors import seated
from portal.training.models import Run
from portal.training.runs import coaching, running
from portal.training.runs.recording import open_run, record
from portal.training.scripts import library, values
from portal.training.scripts.scenario import KINDS, LEVELS, Scenario
from portal.training.scripts.vocabulary import PAGES
from portal.training.seats import seating
from portal.training.trouble.faults import FAULTS

Mode = Run.Mode
MODES = (
    (Mode.SHOW, "Berjalan sendiri, untuk dilihat bersama. Dapat dijeda."),
    (Mode.GUIDE, "Sebuah penunjuk menuntun Anda dari tombol ke tombol. Tidak dinilai."),
    (Mode.PRACTISE, "Anda mengerjakan sendiri. Petunjuk boleh diminta; setiap petunjuk mengurangi nilai."),
    (Mode.TEST, "Dengan batas waktu, tanpa petunjuk, dengan lembar hasil."),
)
SHOWN_BY_SCRIPT = (Mode.SHOW, Mode.GUIDE)


# --- Choosing ------------------------------------------------------------------------------------------------
@seated
@require_safe
def scenarios(request: HttpRequest) -> HttpResponse:
    """Every exercise by kind and level, with what was done already. Two queries."""
    runs = Run.objects.filter(seat=request.seat, ended_at__isnull=False)
    done = Counter(runs.filter(outcome=Run.Outcome.DONE).values_list("scenario", flat=True))
    found = library.all_scenarios()
    groups = [(kind, name, [one for one in found if one.kind == kind]) for kind, name in KINDS.items()]
    context = {
        "groups": [(kind, name, len(those), _by_level(those, done)) for kind, name, those in groups if those],
        "running": (run := open_run(request.seat)) and running.scenario_of(run),
        "count": len(found),
        "done_count": sum(one.slug in done for one in found),
    }
    return render(request, "training/scenarios.html", context)


def _by_level(found: list[Scenario], done: Counter) -> list[tuple[str, list[tuple[Scenario, int]]]]:
    levels = [(name, [(one, done[one.slug]) for one in found if one.level == level]) for level, name in LEVELS.items()]
    return [(name, those) for name, those in levels if those]


@seated
@require_http_methods(["GET", "HEAD", "POST"])
def scenario(request: HttpRequest, slug: str) -> HttpResponse:
    """One exercise: the story, what is given, and how one wants to go through it. POST begins."""
    found = library.find(slug)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _begin(request, found)
    seat, now = request.seat, timezone.now()
    runs = Run.objects.filter(seat=seat, scenario=slug, ended_at__isnull=False)
    past = [(run, running.progress(run, now)) for run in runs[:5]]
    context = {
        "scenario": found,
        "kind": KINDS[found.kind],
        "level": LEVELS[found.level],
        "story": coaching.flowing(values.fill(found.story, seat, found.role, now)),
        "goal": values.fill(found.goal, seat, found.role, now),
        "given": [(label, values.fill(value, seat, found.role, now)) for label, value in found.given.items()],
        "modes": [(mode, text) for mode, text in MODES],
        "past": [(run, result) for run, result in past if result],
        "running": open_run(seat, now),
    }
    return render(request, "training/scenario.html", context)


def _begin(request: HttpRequest, found: Scenario) -> HttpResponse:
    """Whoever is signed in on the seat is signed out: its people are made anew, and an exercise begins at the door."""
    mode = request.POST.get("cara", "")
    if mode not in Mode.values:
        messages.error(request, "Cara berlatih belum dipilih. Pilih satu dari empat cara.")
        return redirect("scenario", found.slug)
    if request.user.is_authenticated:
        logout(request)
    running.start(request.seat, found, mode, timezone.now())
    return seating.keep(redirect(_door_of(found)), request.seat)  # a clerk may have come without the seat's cookie


def _door_of(found: Scenario) -> str:
    """Where the exercise begins: the desk, the phone, the app or the login page, as its first step is shown."""
    if found.kind == "petugas":
        return "admin:index"
    opened = next((action.argument for step in found.steps for action in step.show if action.verb == "buka"), "")
    if found.steps[0].show[:1] and found.steps[0].show[0].verb == "sms":
        return "phone"
    word, channel = (opened, "") if isinstance(opened, str) else (opened["halaman"], opened.get("lewat", ""))
    page = PAGES.get(word)
    if word == "telepon":
        return "phone"
    return "jmo:home" if page and page.app and (channel == "app" or not page.web) else "account_login"


# --- The panel's buttons -------------------------------------------------------------------------------------
@seated
@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """The panel alone, for the script; 204 where nothing is exercised."""
    return _part(request, _address(request.GET.get("di", "")))


@seated
@require_POST
def hint(request: HttpRequest) -> HttpResponse:
    """The next hint of the step one is on: the one after those that the page shows."""
    run = open_run(request.seat)
    code, shown = request.POST.get("langkah", ""), request.POST.get("sudah", "")
    after = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 4 else None
    if run and not running.hint(run, code=code, after=after):
        over = "Langkah itu sudah lewat. Nilai Anda tidak berkurang."
        messages.info(request, "Dalam cara Uji tidak ada petunjuk." if run.mode == Mode.TEST else over)
    return _back(request)


@seated
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """The answer to a question of the exercise."""
    run = open_run(request.seat)
    if run:
        code, choice = request.POST.get("langkah", ""), request.POST.get("jawab", "")
        is_right = running.answer(run, choice, code)
        if not choice:
            messages.warning(request, "Jawaban belum dipilih. Pilih satu, lalu kirim.")
        elif run.mode == Mode.TEST:
            messages.info(request, "Jawaban Anda sudah dicatat.")
        elif is_right:
            messages.success(request, "Jawaban Anda benar.")
        else:
            messages.warning(request, "Jawaban itu belum tepat. Baca halamannya sekali lagi, lalu pilih yang lain.")
    return _back(request)


@seated
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """End the exercise before its last step; what was done so far is on the result sheet."""
    run = open_run(request.seat)
    if run is None:
        return redirect("scenarios")
    running.stop(run)
    return redirect("run_result", run.pk)


@seated
@require_safe
def showing(request: HttpRequest) -> JsonResponse:
    """How the next step is done, for the script of Tunjukkan and Bimbing; 404 in all other ways of exercising."""
    run = open_run(request.seat)
    if run is None or run.mode not in SHOWN_BY_SCRIPT:
        raise Http404
    return JsonResponse(coaching.showing(run, timezone.now()), json_dumps_params={"ensure_ascii": False})


def _back(request: HttpRequest) -> HttpResponse:
    """To the page on which the button was; the script asks for the panel alone."""
    there = _address(request.POST.get("kembali", ""))
    if "bagian" in request.POST:
        return _part(request, there)
    return redirect(f"{there}#latihan" if there else "scenarios")


def _part(request: HttpRequest, here: str) -> HttpResponse:
    drawn = coaching.drawn_for(request, here)
    return HttpResponse(drawn) if drawn else HttpResponse(status=204)


def _address(text: str) -> str:
    """A page of this site; "" for anything else."""
    is_ours = text.startswith("/") and text.isprintable() and url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    return text[:500] if is_ours else ""


# --- The result ----------------------------------------------------------------------------------------------
@seated
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of one run of this seat: every step, hints, wrong turns and what they mean, points, what to explain."""
    run = get_object_or_404(Run.objects.filter(seat=request.seat), pk=pk)
    run.seat = request.seat
    now = timezone.now()
    open_run(request.seat, now)  # an Uji whose time is over ends here as well
    run.refresh_from_db(fields=["ended_at", "outcome"])
    found = running.progress(run, now)
    if found is None:
        raise Http404
    role, shown = found.scenario.role, coaching.draw(run, found, request.path, now)
    context = {
        "run": run,
        "result": found,
        "steps": list(zip(shown.steps, found.steps, strict=True)),
        "mode": Mode(run.mode).label,
        "outcome": Run.Outcome(run.outcome).label if run.outcome else "",
        "wrongs": [(one, values.fill(one.wrong.meaning, request.seat, role, now)) for one in found.wrongs],
        "explain": [values.fill(text, request.seat, role, now) for text in found.scenario.explain],
        "faults": [FAULTS[kind] for kind in found.faults if kind in FAULTS],
        "page": PAGES.get(found.scenario.page),
    }
    return render(request, "training/result.html", context)


# --- Phishing ------------------------------------------------------------------------------------------------
@seated
@require_http_methods(["GET", "HEAD", "POST"])
def bait(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of a phishing exercise leads. That it was opened or filled in is noted; what was typed is not
    even read."""
    if not running.bait_of(token, request.seat):
        raise Http404
    is_filled = request.method == "POST"
    if request.method != "HEAD":
        record(request.seat, "umpan", result="berhasil", detail={"umpan": "diisi" if is_filled else "dibuka"})
    return render(request, "training/bait_explained.html" if is_filled else "training/bait.html")
