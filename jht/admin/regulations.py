"""The rules as data: regulations with their days, what each asks for a reason, figures. Trainers edit, clerks look."""

from decimal import Decimal

from django import forms
from django.contrib import admin, messages
from django.db import models

from jht.admin.base import DeskAdmin, day_column, rupiah
from jht.admin.fields import AmountField, RupiahField
from jht.admin.forms import DeskForm
from jht.models import Figure, ReasonRule, Regulation
from jht.querysets import TABLES
from jht.typed import grouped

Kind = Figure.Kind
IN_RUPIAH = {Kind.APP_LIMIT, Kind.TAX_FREE, Kind.BPU_BAND, Kind.PMI_AMOUNT}
PERCENT = (0, 100, "Persen ditulis dari 0 sampai 100, misalnya 2,5.")
RANGES = {
    **dict.fromkeys((Kind.TAX_PERCENT, Kind.TAX_BRACKET, Kind.TAX_WITHOUT_NPWP, Kind.FINE_PERCENT), PERCENT),
    Kind.DUE_DAY: (1, 28, "Tanggal jatuh tempo ditulis dari 1 sampai 28, misalnya 15."),
    Kind.PAID_WITHIN_DAYS: (1, 365, "Lama pembayaran ditulis dalam hari kerja, dari 1 sampai 365, misalnya 5."),
}
WHOLE = {Kind.DUE_DAY, Kind.PAID_WITHIN_DAYS}
NOT_A_CODE = "Kode ditulis dengan huruf, angka dan tanda -, tanpa spasi, misalnya permenaker-4-2022."


class OriginColumn:
    """Where a row comes from, as a word."""

    @admin.display(description="asal", ordering="is_training")
    def origin(self, row):
        return "angka latihan" if row.is_training else "sumber publik"


@admin.register(Regulation)
class RegulationAdmin(OriginColumn, DeskAdmin):
    formfield_overrides = {
        **DeskAdmin.formfield_overrides,
        models.SlugField: {"form_class": forms.SlugField, "error_messages": {"invalid": NOT_A_CODE}},
    }
    fields = ["code", "title", "valid_from", "valid_until", "source", "note", "is_training"]
    list_display = ["title", "since", "until", "source", "origin"]
    list_filter = ["is_training"]
    search_fields = ["title", "code", "source"]
    search_help_text = "Cari nama atau sumber"

    since = day_column("berlaku sejak", "valid_from")
    until = day_column("berlaku sampai", "valid_until")


@admin.register(ReasonRule)
class ReasonRuleAdmin(OriginColumn, DeskAdmin):
    fields = [
        "regulation",
        "reason",
        "article",
        "needs_ended",
        "min_age",
        "wait_months",
        "min_years",
        "max_percent",
        "documents",
        "is_training",
    ]
    list_display = ["reason", "regulation", "article", "ended", "age", "wait", "years", "share", "origin"]
    list_select_related = ["regulation"]
    list_filter = ["regulation", "is_training"]
    search_fields = ["regulation__title", "article"]
    search_help_text = "Cari peraturan atau pasal"

    @admin.display(description="berakhir dulu", ordering="needs_ended", boolean=True)
    def ended(self, row):
        return row.needs_ended

    @admin.display(description="usia", ordering="min_age")
    def age(self, row):
        return row.min_age

    @admin.display(description="tunggu", ordering="wait_months")
    def wait(self, row):
        return f"{row.wait_months} bulan" if row.wait_months else None

    @admin.display(description="peserta", ordering="min_years")
    def years(self, row):
        return f"{row.min_years} tahun" if row.min_years else None

    @admin.display(description="bagian", ordering="max_percent")
    def share(self, row):
        return f"{row.max_percent} %"


class ValueField(AmountField):
    """Rupiah or percent, whichever the kind says: 15.000.000 or 2,5."""

    def prepare_value(self, value):
        return written(value) if isinstance(value, Decimal) else value


def written(value: Decimal) -> str:
    """As somebody would type it: dots between thousands, a comma before decimals, no empty decimals.

    >>> written(Decimal("15000000.00")), written(Decimal("2.50"))
    ('15.000.000', '2,5')
    """
    places = f"{value % 1:.2f}"[2:].rstrip("0")
    return grouped(int(value)) + (f",{places}" if places else "")


class FigureForm(DeskForm):
    threshold = RupiahField(
        label="Sampai (Rp)",
        most=10**15 - 1,
        help_text="Ujung atas golongan atau lapisan. 0 bila bukan tabel, atau untuk baris terakhir (di atasnya).",
        error_messages={"required": "Batas masih kosong. Isi 0 bila angka ini bukan baris tabel."},
    )
    value = ValueField(
        label="Nilai",
        most=10**12,
        help_text="Rupiah atau persen, menurut jenisnya. Misalnya 15.000.000 atau 2,5.",
        error_messages={"required": "Nilai masih kosong. Isi dengan angka, misalnya 15.000.000."},
    )

    class Meta:
        model = Figure
        fields = ["kind", "threshold", "value", "valid_from", "source", "is_training"]
        help_texts = {
            "valid_from": "Tabel diganti seluruhnya: tulis semua barisnya dengan tanggal yang sama, dan paling akhir "
            "baris dengan batas 0. Sejak itu tabelnya berlaku."
        }

    def clean(self) -> dict:
        data = super().clean()
        value, kind = data.get("value"), data.get("kind")
        if value is not None and kind in RANGES:
            least, most, sentence = RANGES[kind]
            if not least <= value <= most or (kind in WHOLE and value % 1):
                self.add_error("value", sentence)
        return data


@admin.register(Figure)
class FigureAdmin(OriginColumn, DeskAdmin):
    form = FigureForm
    list_display = ["kind", "until", "worth", "since", "source", "origin"]
    list_filter = ["kind", "is_training"]
    search_fields = ["source"]
    search_help_text = "Cari sumber"

    since = day_column("berlaku sejak", "valid_from")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        rows = Figure.objects.filter(kind=obj.kind, valid_from=obj.valid_from)
        if obj.kind in TABLES and not rows.filter(threshold=0).exists():
            told = (
                "Tabel ini belum berlaku: baris dengan batas 0, untuk semua di atasnya, belum diisi. Isi itu terakhir."
            )
            messages.warning(request, told)

    @admin.display(description="sampai", ordering="threshold")
    def until(self, row):
        return rupiah(row.threshold) if row.threshold else None

    @admin.display(description="nilai", ordering="value")
    def worth(self, row):
        return rupiah(row.value) if row.kind in IN_RUPIAH else written(row.value)
