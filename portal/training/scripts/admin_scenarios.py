"""Scenarios at the desk: all of them, shipped and a trainer's own; read, copied, changed, tried out, taken away."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, resolve, reverse
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jht.models import AuditRecord
from portal.training.models import OwnScenario
from portal.training.scripts import library, trial
from portal.training.scripts.scenario import KINDS, LEVELS, SLUG, Scenario, ScenarioFault, read
from portal.training.scripts.scenario_tree import LONGEST
from portal.training.stage.player import told

LARGEST_FILE = 4 * LONGEST  # bytes
STALE = (
    "Orang lain menyimpan skenario ini sesudah Anda membukanya. Salin naskah Anda, muat ulang halaman ini, "
    "lalu gabungkan."
)
CHECK, SAVE, TRY, LOAD = "periksa", "simpan", "coba", "baca"


class ScenarioForm(forms.Form):
    """The code and the text of a scenario. `faults`: line, what stands there, what is wrong with it."""

    slug = forms.CharField(
        label="Kode",
        max_length=60,
        help_text="Huruf kecil, angka, dan tanda hubung, misalnya saldo-tiga-kpj. Menjadi nama berkasnya.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Kode masih kosong. Pakai huruf kecil, angka, dan tanda hubung."},
    )
    text = forms.CharField(
        label="Naskah",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "false", "class": "scenario-text", "wrap": "off"}),
        error_messages={"required": "Naskah masih kosong. Salin skenario yang ada, lalu ubah."},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, own: OwnScenario | None, is_new: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.own, self.is_new = own, is_new
        self.faults: list[tuple[int, str, str]] = []
        self.scenario: Scenario | None = None
        if not is_new:
            self.fields["slug"].disabled = True

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if not SLUG.fullmatch(slug):
            raise ValidationError("Kode memakai huruf kecil, angka, dan tanda hubung saja, misalnya saldo-tiga-kpj.")
        if self.is_new and resolve(reverse("scenario", args=[slug])).url_name != "scenario":
            raise ValidationError(f"Kode {slug} sudah menjadi alamat halaman lain. Pilih kode lain, misalnya {slug}-2.")
        if self.is_new and library.text_of(slug) is not None:
            raise ValidationError("Kode ini sudah dipakai skenario lain. Pilih kode lain, atau ubah skenario itu.")
        return slug

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean(self) -> None:
        text, slug = self.cleaned_data.get("text"), self.cleaned_data.get("slug")
        if text is None:
            return
        lines = text.split("\n")
        try:
            self.scenario = read(text, slug or "tanpa-kode")
        except ScenarioFault as fault:
            self.faults = [
                (line, lines[line - 1].strip()[:120] if line <= len(lines) else "", said) for line, said in fault.faults
            ]
            self.add_error("text", f"Naskah memuat {len(self.faults)} kesalahan, ditulis per baris di atas.")

    def is_stale(self) -> bool:
        """Whether somebody else has saved it since this page was opened."""
        return self.own is not None and self.data.get("seen", "") != stamp(self.own)


def stamp(own: OwnScenario | None) -> str:
    return own.changed_at.isoformat() if own else ""


@admin.register(OwnScenario)
class ScenarioDesk(admin.ModelAdmin):
    """Django's permissions and frame, pages of our own: most scenarios are files and have no row."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return settings.DEMO and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return settings.DEMO and super().has_view_permission(request, obj)

    def get_urls(self) -> list:
        def page(route: str, view, name: str):
            return path(route, self.admin_site.admin_view(view), name=f"portal_ownscenario_{name}")

        return [
            page("", require_safe(self.everything), "changelist"),
            page("add/", require_http_methods(["GET", "HEAD", "POST"])(self.new), "add"),
            page("<slug:slug>/change/", require_http_methods(["GET", "HEAD", "POST"])(self.edit), "change"),
            page("<slug:slug>/unduh/", require_safe(self.download), "download"),
            page("<slug:slug>/delete/", require_POST(self.take_away), "delete"),
        ]

    # --- Pages -----------------------------------------------------------------------------------------------
    def everything(self, request: HttpRequest) -> HttpResponse:
        self._may(request, "view")
        own = set(OwnScenario.objects.values_list("slug", flat=True))
        rows = []
        for slug, text in library.texts().items():
            try:
                scenario, faults = read(text, slug), 0
            except ScenarioFault as fault:
                scenario, faults = None, len(fault.faults)
            origin = "shipped" if slug not in own else "instead" if slug in library.shipped() else "own"
            rows.append({"slug": slug, "scenario": scenario, "faults": faults, "origin": origin})
        kinds, levels = [*KINDS], [*LEVELS]
        rows.sort(
            key=lambda row: (
                (kinds.index(row["scenario"].kind), levels.index(row["scenario"].level)) if row["scenario"] else (-1, 0)
            )
        )
        context = {"rows": rows, "kinds": KINDS, "levels": LEVELS, "may_add": self.has_add_permission(request)}
        return self._page(request, "admin/portal/scenarios.html", "Skenario", **context)

    def new(self, request: HttpRequest) -> HttpResponse:
        """An empty text, a copy (`?dari=`), or what stands in a file that was sent."""
        self._may(request, "add")
        if request.method == "POST":
            data = request.POST.copy()
            if request.POST.get("lakukan") == LOAD:
                self._load(request, data)
            return self._edited(request, ScenarioForm(data, own=None, is_new=True))
        copied = request.GET.get("dari", "")
        text = library.text_of(copied) if SLUG.fullmatch(copied) else None
        initial = {"slug": f"{copied}-2"[:60] if text else "", "text": text or ""}
        return self._drawn(request, ScenarioForm(initial=initial, own=None, is_new=True))

    def edit(self, request: HttpRequest, slug: str) -> HttpResponse:
        """A shipped one is read here too; saving makes a text of one's own that stands in for it."""
        self._may(request, "view")
        own = OwnScenario.objects.filter(slug=slug).first()
        text = own.text if own else library.shipped().get(slug)
        if text is None:
            raise Http404
        if request.method == "POST":
            self._may(request, "change")
            return self._edited(request, ScenarioForm(request.POST, own=own, is_new=False, initial={"slug": slug}))
        initial = {"slug": slug, "text": text, "seen": stamp(own)}
        return self._drawn(request, ScenarioForm(initial=initial, own=own, is_new=False))

    def download(self, request: HttpRequest, slug: str) -> HttpResponse:
        self._may(request, "view")
        if (text := library.text_of(slug)) is None:
            raise Http404
        head = {"Content-Disposition": content_disposition_header(True, f"{slug}.yaml") or ""}
        return HttpResponse(text.encode(), content_type="application/yaml; charset=utf-8", headers=head)

    def take_away(self, request: HttpRequest, slug: str) -> HttpResponse:
        """One's own text; a shipped scenario of the same code is there again."""
        self._may(request, "delete")
        own = OwnScenario.objects.filter(slug=slug)
        if not own:
            raise Http404
        self.log_deletions(request, own)
        own.delete()
        back = slug in library.shipped()
        said = "Naskah Anda dihapus; skenario bawaan berlaku lagi." if back else f"Skenario {slug} dihapus."
        messages.success(request, said)
        return redirect("admin:portal_ownscenario_changelist")

    # --- What is done with a form ----------------------------------------------------------------------------
    def _edited(self, request: HttpRequest, form: ScenarioForm) -> HttpResponse:
        is_good, act = form.is_valid(), request.POST.get("lakukan", CHECK)
        if not is_good or act in (CHECK, LOAD):
            return self._drawn(request, form)
        slug, text = form.cleaned_data["slug"], form.cleaned_data["text"]
        if act == TRY:
            return self._drawn(
                request, form, tried=[*trial.steps(form.scenario, text), *trial.wrongs(form.scenario, text)]
            )
        if form.is_stale():
            form.add_error(
                None,
                STALE,
            )
            return self._drawn(request, form)
        kept, is_added = OwnScenario.objects.update_or_create(
            slug=slug, defaults={"text": text, "changed_by": request.user}
        )
        self.note(
            request, [kept], AuditRecord.Act.ENTERED if is_added else AuditRecord.Act.CHANGED, form.scenario.title
        )
        messages.success(
            request, f"Skenario “{form.scenario.title}” disimpan. Latihan yang sedang berjalan tidak berubah."
        )
        return redirect("admin:portal_ownscenario_change", slug)

    @staticmethod
    def _load(request: HttpRequest, data) -> None:
        """What a file says, into the form; its name is the code unless one was typed."""
        sent = request.FILES.get("berkas")
        if sent is None or sent.size > LARGEST_FILE:
            messages.error(request, "Pilih dahulu sebuah berkas skenario (.yaml), paling besar 240 KB.")
            return
        try:
            data["text"] = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            messages.error(request, "Berkas ini bukan teks UTF-8. Simpan sebagai teks biasa (UTF-8), lalu kirim lagi.")
            return
        data["slug"] = data.get("slug") or sent.name.rpartition(".")[0][:60]

    def _drawn(self, request: HttpRequest, form: ScenarioForm, tried: list | None = None) -> HttpResponse:
        slug = "" if form.is_new else form.initial["slug"]
        scenario = form.scenario
        if not form.is_bound and form.initial.get("text"):
            try:
                scenario = read(form.initial["text"], slug or "salinan")
            except ScenarioFault as fault:
                form.faults = [(line, "", said) for line, said in fault.faults]
        context = {
            "form": form,
            "slug": slug,
            "scenario": scenario,
            "kind": KINDS.get(scenario.kind) if scenario else "",
            "level": LEVELS.get(scenario.level) if scenario else "",
            "shows": [(step, [told(action) for action in step.show]) for step in scenario.steps] if scenario else [],
            "tried": tried,
            "is_own": form.own is not None,
            "is_shipped": slug in library.shipped(),
            "may_change": self.has_add_permission(request) if form.is_new else self.has_change_permission(request),
            "may_add": self.has_add_permission(request),
            "copy": f"{reverse('admin:portal_ownscenario_add')}?{urlencode({'dari': slug})}",
        }
        title = scenario.title if scenario and not form.is_new else slug or "Skenario baru"
        if form.is_bound and form.errors:
            title = f"Perlu diperbaiki: {title}"
        return self._page(request, "admin/portal/scenario.html", title, **context)

    # --- The frame -------------------------------------------------------------------------------------------
    def _may(self, request: HttpRequest, act: str) -> None:
        if not settings.DEMO:
            raise Http404
        if not getattr(self, f"has_{act}_permission")(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, template: str, title: str, **context) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "title": title, "subtitle": None, "opts": self.opts}
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, {**frame, **context})
