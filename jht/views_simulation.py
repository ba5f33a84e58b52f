"""Simulasi: how savings would grow, and what could be claimed. Asked by GET, so that an answer can be shared."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from jht import chart, facts
from jht.eligibility import Person
from jht.forms_simulation import ALL, SUPPOSED, ClaimForm, SavingsForm, as_typed
from jht.models import Figure, Membership, Rate, Regulation, Segment
from jht.projection import Plan, Projection, project
from jht.simulation import Answer, answer

DEFAULT_WAGE, DEFAULT_YEARS = 5_000_000, 5


@login_required
@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """Simulasi: the two questions one can ask."""
    return render(request, "jht/simulation.html")


@login_required
@require_safe
def savings(request: HttpRequest) -> HttpResponse:
    """Simulasi tabungan: the ledger's arithmetic over payments that have not happened. Three queries."""
    today = request.today
    latest = Rate.objects.filter(year__lte=today.year).order_by("-year").first()
    figures = {
        "bands": Figure.objects.bpu_bands(today),
        "amounts": Figure.objects.pmi_amounts(today),
        "rate_note": _rate_note(latest),
    }
    if request.GET:
        form = SavingsForm(request.GET, **figures)
    else:
        percent = f"{latest.percent:.2f}".replace(".", ",") if latest else "5,00"
        start = f"01-{today.year + 1}"
        supposed = {"segmen": Segment.PU, "mulai": start, "tahun": DEFAULT_YEARS, "tingkat": percent}
        form = SavingsForm(initial=supposed | {"upah": as_typed(DEFAULT_WAGE)}, **figures)
    context = {"form": form}
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        plan = Plan(sum(data["shares"]), data["tahun"], data["tingkat"], data["mulai"], Decimal(data["saldo"] or 0))
        projection = project(plan)
        context |= {
            "projection": projection,
            "segment": Segment(data["segmen"]),
            "employer_share": data["shares"][0],
            "worker_share": data["shares"][1],
            "chart": _chart(projection),
        }
    return render(request, "jht/simulation_savings.html", context)


def _rate_note(latest: Rate | None) -> str:
    if latest is None:
        return "Tingkat yang Anda andaikan, misalnya 5,00."
    origin = "angka latihan" if latest.is_training else latest.source
    percent = f"{latest.percent:.2f}".replace(".", ",")
    return format_html(  # help texts are shown as they are, and the source is what somebody typed
        "Tingkat yang Anda andaikan. Yang terakhir diketahui, {}: {} % ({}).", latest.year, percent, origin
    )


def _chart(projection: Projection) -> str:
    """The savings at the end of each year: what was paid in so far, and what it has earned."""
    bars, paid, earned = [], projection.plan.opening, Decimal(0)
    for year in projection.years:
        paid, earned = paid + year.contributions, earned + year.returns
        bars.append(chart.Bar(str(year.year), contributions=paid, returns=earned))
    what = "Iuran dan saldo awal" if projection.plan.opening else "Iuran"
    return chart.stacked(
        bars, "Pertumbuhan tabungan", f"{chart.in_words(bars, what)} Angka setiap tahun ada pada daftar Per tahun."
    )


@login_required
@require_safe
def claim(request: HttpRequest) -> HttpResponse:
    """Simulasi klaim: which reasons apply on a day and which do not, and what would be paid after tax."""
    form = claim_form(request)
    context = {"form": form, "has_own": bool(form.memberships)}
    if form.is_bound and form.is_valid():
        context["answers"] = answers_to(form)
    return render(request, "jht/simulation_claim.html", context)


def claim_form(request: HttpRequest) -> ClaimForm:
    """What was asked by the address; unbound, with one's own first KPJ, when nothing was."""
    mine = Membership.objects.owned_by(request.user).exclude(segment=Segment.JAKON).filter(merged_into=None)
    memberships = list(mine.select_related("participant").annotate(employer_name=F("employer__name")))
    regulations = list(Regulation.objects.prefetch_related("rules"))
    known = {"today": request.today, "memberships": memberships, "regulations": regulations}
    if request.GET:
        return ClaimForm(request.GET, **known)
    return ClaimForm(
        initial={
            "tanggal": request.today,
            "kpj": memberships[0].kpj if memberships else SUPPOSED,
            "segmen": Segment.PU,
            "npwp": True,
        },
        **known,
    )


def answers_to(form: ClaimForm) -> list[Answer]:
    """The answer, and a second one beside it where another day or regulation was given."""
    data = form.cleaned_data
    asked = [(data["tanggal"], form.regulation("peraturan"))]
    other = form.regulation("banding_peraturan")
    if data["banding_tanggal"] or other:
        asked.append((data["banding_tanggal"] or data["tanggal"], other))
    reasons = [] if data["alasan"] == ALL else [data["alasan"]]
    answers = []
    for on, regulation in asked:
        person, earlier, year = _person(form, on)
        answers.append(answer(person, on, regulation=regulation, reasons=reasons, earlier=earlier, year=year))
    return answers


def _person(form: ClaimForm, on: date) -> tuple[Person, Decimal, int]:
    """Whose facts they are on that day; what was paid before, and which calendar year this is."""
    if membership := form.membership:
        return facts.person(membership, on), *facts.payments_before(membership, on)
    data = form.cleaned_data
    first = data["tahun_pertama"]
    person = Person(
        birth_date=data["lahir"],
        segment=data["segmen"],
        member_since=data["sejak"],
        ended_on=data["berakhir"],
        balance=Decimal(data["saldo"]),
        took_partial=data["sebagian"],
        has_npwp=data["npwp"],
    )
    return person, Decimal(data["sudah_dibayar"] or 0), max(on.year - first, 0) + 1 if first else 1
