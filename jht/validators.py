"""The sentences for numbers that identify: what is wrong, what is true, what to do."""

from django.core.exceptions import ValidationError

from jht.identity import KPJ_PATTERN, PASSPORT_PATTERN, NikFault, judge_nik

NIK_SENTENCES = {
    "digits": "NIK terdiri dari 16 angka, tanpa huruf. Periksa angkanya, lalu isi kembali.",
    "prefix": (
        "Nomor ini tampak seperti NIK sungguhan, jadi kami menolaknya dan tidak menyimpannya. "
        "Di sini hanya NIK latihan yang berawalan 49 yang dipakai. Isi NIK latihan Anda."
    ),
    "regency": (
        "Angka ke-3 dan ke-4 NIK menyatakan kabupaten (01 sampai 69) atau kota (71 sampai 99). "
        "Periksa kedua angka itu, lalu isi kembali."
    ),
    "district": (
        "Angka ke-5 dan ke-6 NIK menyatakan kecamatan, mulai dari 01. Periksa kedua angka itu, lalu isi kembali."
    ),
    "day": (
        "Angka ke-7 dan ke-8 NIK menyatakan tanggal lahir (untuk perempuan ditambah 40), dan tanggal itu tidak ada "
        "dalam bulannya. Periksa kedua angka itu, lalu isi kembali."
    ),
    "month": (
        "Angka ke-9 dan ke-10 NIK menyatakan bulan lahir, dari 01 sampai 12. Periksa kedua angka itu, lalu isi kembali."
    ),
    "serial": (
        "Empat angka terakhir NIK adalah nomor urut, mulai dari 0001. Periksa keempat angka itu, lalu isi kembali."
    ),
}


def validate_nik(value: str) -> None:
    """Refuse everything but a training NIK. The refused number is neither repeated nor kept."""
    try:
        judge_nik(value)
    except NikFault as fault:
        raise ValidationError(NIK_SENTENCES[fault.part], code=f"nik_{fault.part}") from None


def validate_passport(value: str) -> None:
    """Refuse everything but a training passport. The refused number is neither repeated nor kept."""
    if not PASSPORT_PATTERN.fullmatch(value):
        raise ValidationError(
            "Di sini hanya nomor paspor latihan yang dipakai: X49 dan enam angka, misalnya X49000123. "
            "Nomor lain ditolak dan tidak disimpan. Isi nomor paspor latihan Anda.",
            code="passport",
        )


def validate_kpj(value: str) -> None:
    """Refuse everything but a number this product issued."""
    if not KPJ_PATTERN.fullmatch(value):
        raise ValidationError(
            "Nomor KPJ latihan terdiri dari 11 angka dan berawalan 49. Periksa nomornya, lalu isi kembali.",
            code="kpj",
        )
