"""Impor berkas: upload, watch the rehearsal, read the faults, write it all or nothing.

A job lives by the real clock, its rows are judged as of the day that is shown at the desk.
"""

from datetime import timedelta
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html

from jht.admin.base import ReadOnlyAdmin
from jht.admin.fields import grouped
from jht.imports import jobs
from jht.imports.files import template
from jht.imports.limits import MOST_CSV_BYTES
from jht.models import ImportJob
from jht.scope import limited

FAULTS_A_PAGE = 50
NEEDED = {  # what one must be allowed to enter by hand, to enter it by file
    ImportJob.Kind.EMPLOYERS: "jht.add_employer",
    ImportJob.Kind.PARTICIPANTS: "jht.add_participant",
    ImportJob.Kind.MEMBERSHIPS: "jht.add_membership",
    ImportJob.Kind.CONTRIBUTIONS: "jht.add_contribution",
    ImportJob.Kind.RATES: "jht.add_rate",
}
READING_SHARE = 0.4  # of the time an import takes goes into reading, the rest into writing
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = ImportJob.State


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label="Isi berkas",
        help_text="Satu berkas berisi satu jenis data.",
        error_messages={
            "required": "Isi berkas belum dipilih. Pilih dari daftar.",
            "invalid_choice": "Pilihan ini tidak ada dalam daftar. Pilih yang lain.",
        },
    )
    file = forms.FileField(
        label="Berkas",
        help_text="XLSX paling besar 40 MB atau CSV paling besar 60 MB. Hanya lembar pertama yang dibaca.",
        error_messages={
            "required": "Berkas belum dipilih. Pilih berkas XLSX atau CSV.",
            "missing": "Berkas belum dipilih. Pilih berkas XLSX atau CSV.",
            "empty": "Berkas ini kosong (0 byte). Pilih berkas lain.",
            "invalid": "Berkas tidak terkirim. Pilih berkasnya sekali lagi.",
            "max_length": "Nama berkas terlalu panjang. Beri nama yang lebih pendek, lalu unggah.",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        max_length=200,
    )

    def __init__(self, *args, kinds: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "–"), *kinds]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_CSV_BYTES:
            raise forms.ValidationError("Berkas ini terlalu besar. Bagi menjadi beberapa berkas, lalu unggah.", "size")
        return file


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "kind", "shown_state", "created_at", "created_by", "new", "faults_found"]
    list_select_related = ["created_by"]
    list_filter = ["kind", "state"]
    search_fields = ["file_name"]
    search_help_text = "Cari nama berkas"

    @admin.display(description="keadaan", ordering="state")
    def shown_state(self, row):
        return row.get_state_display()

    @admin.display(description="baris baru", ordering="rows_new")
    def new(self, row):
        return format_html('<span class="desk-money">{}</span>', grouped(row.rows_new))

    @admin.display(description="kesalahan", ordering="fault_count")
    def faults_found(self, row):
        return format_html('<span class="desk-money">{}</span>', grouped(row.fault_count))

    def get_queryset(self, request):
        return super().get_queryset(request).defer("file", "marked_copy", "faults")

    def has_add_permission(self, request):
        return request.user.has_perm("jht.add_importjob") and bool(self.kinds(request))

    def kinds(self, request: HttpRequest) -> list[tuple[str, str]]:
        """What this person may bring in."""
        return [(kind.value, kind.label) for kind in ImportJob.Kind if request.user.has_perm(NEEDED[kind])]

    def get_urls(self):
        def page(address: str, view, name: str):
            return path(address, self.admin_site.admin_view(view), name=f"jht_importjob_{name}")

        return [
            page("templat/<str:kind>.<str:extension>", self.blank, "template"),
            page("<int:pk>/kemajuan/", self.progress, "progress"),
            page("<int:pk>/salinan/", self.marked, "marked"),
            page("<int:pk>/tulis/", self.write, "write"),
            page("<int:pk>/batal/", self.cancel, "cancel"),
            page("<int:pk>/ulang/", self.repeat, "repeat"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        look_after(timezone.now())
        return super().changelist_view(request, extra_context)

    # --- Upload ---------------------------------------------------------------------------------------------

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        kinds = self.kinds(request)
        form = UploadForm(request.POST or None, request.FILES or None, kinds=kinds)
        if form.is_valid():
            file = form.cleaned_data["file"]
            kind, now = form.cleaned_data["kind"], timezone.now()
            try:
                job = jobs.upload(kind, file.name, file.read(), request.user, now, day=request.today)
            except ValidationError as refusal:
                form.add_error("file", refusal)
            else:
                if job.state == State.WAITING:
                    jobs.start(job)
                return redirect("admin:jht_importjob_change", job.pk)
        return self.tool(request, "admin/jht/import_upload.html", ImportJob(), "Impor berkas", form=form, kinds=kinds)

    def blank(self, request: HttpRequest, kind: str, extension: str) -> HttpResponse:
        """An empty list with example rows."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if kind not in ImportJob.Kind.values or extension not in ("csv", "xlsx"):
            raise Http404
        name, data = template(kind, extension)
        return _download(data, name, XLSX if extension == "xlsx" else "text/csv; charset=utf-8")

    # --- One job --------------------------------------------------------------------------------------------

    def job(self, request: HttpRequest, pk: int, to_change: bool = False) -> ImportJob:
        if not (self.has_add_permission(request) if to_change else self.has_view_permission(request)):
            raise PermissionDenied
        look_after(timezone.now())
        known = limited(ImportJob.objects.defer("file", "marked_copy").select_related("created_by"), request.user)
        job = get_object_or_404(known, pk=pk)
        if to_change and not request.user.has_perm(NEEDED[job.kind]):
            raise PermissionDenied
        return job

    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None) -> HttpResponse:
        if not str(object_id).isascii() or not str(object_id).isdigit() or len(str(object_id)) > 18:
            raise Http404
        job = self.job(request, int(object_id))
        kept = ImportJob.objects.filter(pk=job.pk)
        has_file = kept.filter(file__isnull=False).exists()
        may = self.has_add_permission(request) and request.user.has_perm(NEEDED[job.kind])
        return self.tool(
            request,
            "admin/jht/import_job.html",
            job,
            "Impor berkas",
            job=job,
            is_running=job.state in ImportJob.RUNNING,
            progress=progress_of(job, timezone.now()),
            faults=Paginator(job.faults, FAULTS_A_PAGE).get_page(request.GET.get("hal")),
            has_copy=kept.filter(marked_copy__isnull=False).exists(),
            is_rehearsed=may and job.state == State.REHEARSED and has_file,
            may_write=job.fault_count == 0 and job.rows_new > 0,
            may_stop=may and job.state in jobs.OPEN,
            may_repeat=may and job.state in (State.FAILED, State.CANCELLED) and has_file,
        )

    def progress(self, request: HttpRequest, pk: int) -> JsonResponse:
        return JsonResponse(progress_of(self.job(request, pk), timezone.now()))

    def marked(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The uploaded list with its faults marked."""
        job = self.job(request, pk)
        if job.marked_copy is None:
            raise Http404
        name = f"diperiksa-{job.file_name.rsplit('.', 1)[0]}.xlsx"
        return _download(bytes(job.marked_copy), name, XLSX)

    def write(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._step(request, pk, partial(jobs.confirm, day=request.today), then_start=True)

    def repeat(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._step(request, pk, partial(jobs.repeat, day=request.today), then_start=True)

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._step(request, pk, jobs.cancel, then_start=False)

    def _step(self, request: HttpRequest, pk: int, step, then_start: bool) -> HttpResponse:
        job = self.job(request, pk, to_change=True)
        if request.method == "POST":
            try:
                step(job, timezone.now())
            except jobs.NotNow:
                messages.info(request, "Impor ini sudah berubah keadaannya. Periksa di bawah ini.")
            else:
                if then_start:
                    jobs.start(job)
        return redirect("admin:jht_importjob_change", pk)


def look_after(now) -> None:
    """Every page of the imports notices what died, and starts what may begin."""
    jobs.sweep(now)
    jobs.start_waiting(now)


def progress_of(job: ImportJob, now) -> dict:
    """How far a job is, in words and in percent; `left` is empty while nobody can tell."""
    read = min(1.0, job.rows_read / job.rows_total) if job.rows_total else 0.0
    if job.state in (State.WAITING, State.CONFIRMED):
        part = 0.0
    elif job.state == State.WRITING:
        written = min(1.0, job.rows_new / job.rows_total) if job.rows_total else 0.0
        part = READING_SHARE * read + (1 - READING_SHARE) * written
    else:
        part = read
    is_running = job.state in ImportJob.RUNNING
    left = ""
    if is_running and job.started_at and part > 0.02:
        left = _about((now - job.started_at) * ((1 - part) / part))
    return {
        "running": is_running,
        "state": job.get_state_display(),
        "percent": round(part * 100) if is_running else 100,
        "read": grouped(job.rows_read),
        "total": grouped(job.rows_total),
        "faults": grouped(job.fault_count),
        "written": grouped(job.rows_new) if job.state in (State.WRITING, State.DONE) else "0",
        "left": left,
    }


def _about(span: timedelta) -> str:
    seconds = max(1, round(span.total_seconds()))
    return f"kira-kira {seconds} detik lagi" if seconds < 90 else f"kira-kira {round(seconds / 60)} menit lagi"


def _download(data: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    safe = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "-" for char in name)
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response
