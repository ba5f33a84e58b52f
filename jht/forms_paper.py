"""Which years of a statement somebody wants on paper."""

import re
from collections.abc import Sequence

from django import forms

YEAR = re.compile(r"[12][0-9]{3}")  # ASCII digits only


class YearField(forms.CharField):
    """A calendar year; None when left empty."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 4})

    def to_python(self, value: str | None) -> int | None:
        text = super().to_python(value)
        if not text:
            return None
        if not YEAR.fullmatch(text):
            raise forms.ValidationError("Tahun ditulis dengan empat angka, misalnya 2024.", "not_a_year")
        return int(text)


class YearsForm(forms.Form):
    """From which year to which, by default all there are. A range may begin before them or end after them."""

    dari = YearField(label="Dari tahun", required=False)
    sampai = YearField(label="Sampai tahun", required=False)

    def __init__(self, *args, years: Sequence[int], this_year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.first, self.last = min(years, default=this_year), max(years, default=this_year)
        self.fields["dari"].help_text = f"Catatan paling awal {self.first}. Kosong berarti sejak awal."
        self.fields["sampai"].help_text = f"Catatan paling akhir {self.last}. Kosong berarti sampai hari ini."

    def clean(self) -> dict[str, int]:
        data = super().clean()
        if self.errors:
            return data
        data["dari"], data["sampai"] = data.get("dari") or self.first, data.get("sampai") or self.last
        if data["dari"] > data["sampai"]:
            message = "Tahun awal melewati tahun akhir. Isi tahun awal yang sama atau lebih dahulu."
            self.add_error("dari", forms.ValidationError(message, "backwards"))
        elif data["dari"] > self.last or data["sampai"] < self.first:
            message = f"Rincian KPJ ini berisi tahun {self.first} sampai {self.last}. Isi tahun di antaranya."
            self.add_error("dari", forms.ValidationError(message, "outside"))
        return data
