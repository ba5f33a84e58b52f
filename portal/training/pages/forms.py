"""What is typed to get into a class, or to make one, and the sentences people get back."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from portal.training.models import Classroom, Seat, typed_code
from portal.training.seats import once
from portal.training.seats.clock import LATEST

MOST_SEATS = 60
LONGEST_NAME = 60  # characters
UNKNOWN = "Kode %s ini tidak dikenal. Cocokkan huruf dan angkanya dengan yang tertulis di layar atau kartu Anda."
CODE = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "class-code"}


class FormKeyField(forms.CharField):
    """What tells a form that is sent twice from two forms (portal/training/seats/once.py). Without it each is new."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False, max_length=64, initial=once.fresh_key)


class JoinForm(forms.Form):
    """The code of a class, and a name for the trainer's list."""

    code = forms.CharField(
        label="Kode kelas",
        max_length=20,
        widget=forms.TextInput(attrs=CODE),
        error_messages={"required": "Kode kelas belum diisi. Enam huruf dan angka, ada di layar pelatih."},
    )
    name = forms.CharField(
        label="Nama Anda",
        max_length=LONGEST_NAME,
        help_text="Cukup nama panggilan. Hanya pelatih yang melihatnya.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Nama Anda belum diisi. Cukup nama panggilan."},
    )
    form_key = FormKeyField()

    def __init__(self, *args, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not any(char.isalnum() for char in name):
            raise ValidationError("Nama Anda belum terbaca. Tulis dengan huruf, cukup nama panggilan.", "invisible")
        return name

    def clean_code(self) -> Classroom:
        """The class itself. One that has ended and one that never was are answered alike."""
        code = typed_code(self.cleaned_data["code"])
        classroom = Classroom.objects.running(self.at).filter(code=code).first()
        if classroom is None:
            raise ValidationError(UNKNOWN % "kelas", "unknown")
        return classroom


class ResumeForm(forms.Form):
    """The code of one's own seat, on another device."""

    seat_code = forms.CharField(
        label="Kode kursi",
        max_length=20,
        help_text="Delapan huruf dan angka, pada kartu dari pelatih atau pada halaman Kelas di perangkat pertama Anda.",
        widget=forms.TextInput(attrs=CODE),
        error_messages={"required": "Kode kursi belum diisi. Delapan huruf dan angka, ada pada kartu dari pelatih."},
    )

    def __init__(self, *args, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at

    def clean_seat_code(self) -> Seat:
        seat = Seat.objects.filter(code=typed_code(self.cleaned_data["seat_code"]), classroom__ends_at__gt=self.at)
        if (found := seat.select_related("classroom").first()) is None:
            raise ValidationError(UNKNOWN % "kursi", "unknown")
        return found


class ClassForm(forms.Form):
    """A new class."""

    name = forms.CharField(
        label="Nama kelas",
        max_length=80,
        error_messages={"required": "Nama kelas belum diisi, misalnya Kelas Senin pagi."},
    )
    day = forms.DateField(
        label="Tanggal",
        help_text="Misalnya 23-11-2026.",
        error_messages={
            "required": "Tanggal kelas belum diisi, misalnya 23-11-2026.",
            "invalid": "Tanggal ini tidak terbaca. Tulis tanggal-bulan-tahun, misalnya 23-11-2026.",
        },
    )
    seats = forms.IntegerField(
        label="Jumlah kursi",
        min_value=1,
        max_value=MOST_SEATS,
        error_messages={
            "required": "Jumlah kursi belum diisi.",
            "invalid": "Jumlah kursi ditulis dengan angka, misalnya 30.",
            "min_value": "Kelas memerlukan sedikitnya satu kursi.",
            "max_value": f"Satu kelas paling banyak {MOST_SEATS} kursi. Buat kelas kedua untuk yang lain.",
        },
    )
    keep_days = forms.IntegerField(
        label="Data disimpan berapa hari setelah kelas berakhir",
        min_value=0,
        max_value=365,
        error_messages={
            "required": "Lama data disimpan belum diisi.",
            "invalid": "Lama data disimpan ditulis dengan angka, misalnya 7.",
            "min_value": "Paling sedikit 0 hari: data dihapus pada penyapuan berikutnya.",
            "max_value": "Paling lama 365 hari.",
        },
    )
    names = forms.CharField(
        label="Nama peserta",
        required=False,
        max_length=5_000,
        help_text="Satu nama satu baris. Boleh dikosongkan: setiap orang mengetik namanya sendiri.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    form_key = FormKeyField()

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    @classmethod
    def fresh(cls, on: date) -> "ClassForm":
        return cls(initial={"day": on.strftime("%d-%m-%Y"), "seats": 30, "keep_days": 7}, today=on)

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if day < self.today:
            raise ValidationError("Tanggal ini sudah lewat. Isi tanggal hari ini atau sesudahnya.", "past")
        if day > LATEST:
            raise ValidationError(f"Tanggal kelas paling akhir {LATEST:%d-%m-%Y}.", "late")
        return day

    def clean_names(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        if len(names) > MOST_SEATS:
            raise ValidationError(
                f"Ada {len(names)} nama, tetapi satu kelas paling banyak {MOST_SEATS} kursi. Buat kelas kedua.",
                "many",
            )
        if long := next((name for name in names if len(name) > LONGEST_NAME), None):
            raise ValidationError(f"Nama paling panjang {LONGEST_NAME} huruf. Persingkat: {long[:20]}…", "long")
        return names
