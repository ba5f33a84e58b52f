"""What is typed or chosen in the app alone, and the sentences people get back."""

from django import forms
from django.core.exceptions import ValidationError


class DataForm(forms.Form):
    """Pengkinian Data, first step."""

    right = forms.BooleanField(
        label="Data saya di atas sudah benar",
        error_messages={
            "required": "Belum dicentang. Centang bila data Anda benar; bila ada yang salah, hubungi petugas."
        },
    )


class FaceForm(forms.Form):
    """Pengkinian Data, second step: a drawing stands for the photo that the original takes."""

    CLEAR, MASKED, DARK = "jelas", "masker", "gelap"
    FAULTS = {
        MASKED: "Wajah pada gambar itu tertutup masker. Pilih wajah yang terlihat seluruhnya.",
        DARK: "Gambar itu terlalu gelap. Pilih wajah yang cukup terang.",
    }
    face = forms.ChoiceField(
        label="Gambar mana yang Anda kirim?",
        choices=[(MASKED, "Bermasker"), (CLEAR, "Menghadap depan, terang"), (DARK, "Di tempat gelap")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Belum ada gambar yang dipilih. Pilih satu dari tiga gambar.",
            "invalid_choice": "Gambar itu tidak ada di sini. Pilih satu dari tiga gambar.",
        },
    )

    def clean_face(self) -> str:
        if fault := self.FAULTS.get(self.cleaned_data["face"]):
            raise ValidationError(fault, "unclear")
        return self.cleaned_data["face"]
