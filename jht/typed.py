"""What is typed into a form or stands in a file, read and judged: each rule once, for both.

Every function takes plain values and gives back what they mean, or raises ValidationError with the sentence people
get. No form objects here: an import asks a million times.
"""

import re
from calendar import monthrange
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from jht.rules import add_months, bpu_contribution, split_contribution
from jht.validators import validate_kpj, validate_nik, validate_passport
from jht.words import MONTHS

FIRST_YEAR = 1977  # the programme's first; the same as the rates' constraint
LAST_YEAR = 2200  # of a rate, likewise
MOST_RUPIAH = 10_000_000_000  # a wage above this is a slip of the finger
MONTHS_AHEAD = 12  # how far ahead a month may be paid
BLANKS_BETWEEN_DIGITS = str.maketrans("", "", " .-\u00a0")
DAY = re.compile(
    r"([0-9]{1,2})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|\s+([0-9]{1,2})\s+)([0-9]{4})"
    r"|([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
)
MONTH = re.compile(r"([0-9]{1,2})[-/]([0-9]{4})|([0-9]{4})-([0-9]{1,2})")
GROUPED = re.compile(r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+")
# As English spreadsheets write it; "5,000" alone could be five and no sen, and is not guessed
ENGLISH = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\.00|[0-9]{1,3}(?:,[0-9]{3}){2,}")
PERCENT = re.compile(r"([-−]?)([0-9]+)(?:[.,]([0-9]+))?(?:\s*%)?")
REAL_NIK = re.compile(r"(?<!\d)(?!49)\d{16}(?!\d)")
NPP = re.compile(r"[A-Z0-9]{8}")

# --- Reading -------------------------------------------------------------------------------------------------

DAY_SENTENCE = "Tanggal ditulis hari-bulan-tahun, misalnya 15-03-1990. Periksa urutannya, lalu isi kembali."
SHORT_YEAR = re.compile(r"[0-9]{1,2}([-/.]|\s+)[0-9]{1,2}\1[0-9]{2}")
SHORT_YEAR_SENTENCE = (
    "Tahun pada tanggal ditulis dengan empat angka, misalnya 15-03-1990. Lengkapi tahunnya, lalu isi kembali."
)


def read_day(text: str) -> date:
    """A day as Indonesians write it, DD-MM-YYYY with any of the usual marks, or as YYYY-MM-DD.

    >>> read_day("15-3-1990") == read_day("15/03/1990") == read_day("1990-03-15") == date(1990, 3, 15)
    True
    """
    if found := DAY.fullmatch(text):
        day, dash, slash, dot, blank, year, iso_year, iso_month, iso_day = found.groups()
        year, month, day = int(year or iso_year), int(dash or slash or dot or blank or iso_month), int(day or iso_day)
        try:
            return date(year, month, day)
        except ValueError:
            if year and 1 <= month <= 12:  # otherwise day and month may have changed places
                last = f"{MONTHS[month - 1]} {year} berakhir pada tanggal {monthrange(year, month)[1]}"
                sentence = f"Tanggal ini tidak ada dalam kalender: {last}. Periksa tanggalnya, lalu isi kembali."
                raise ValidationError(sentence, "invalid") from None
    raise ValidationError(SHORT_YEAR_SENTENCE if SHORT_YEAR.fullmatch(text) else DAY_SENTENCE, "invalid")


def parse_month(text: str) -> date | None:
    """The first day of a month typed as MM-YYYY or picked as YYYY-MM; None when it is neither."""
    if found := MONTH.fullmatch(text.strip()):
        month, year, iso_year, iso_month = found.groups()
        try:
            return date(int(year or iso_year), int(month or iso_month), 1)
        except ValueError:
            pass
    return None


def read_month(text: str) -> date:
    """The first day of a month of the programme; its first day itself will do as well, as spreadsheets show it."""
    month = parse_month(text.removeprefix("01-") if text.count("-") == 2 else text)
    if month is None or month.year < FIRST_YEAR:
        raise ValidationError(
            f"Bulan ditulis bulan-tahun, misalnya 03-2026, mulai tahun {FIRST_YEAR}. Periksa, lalu isi kembali.",
            "month",
        )
    return month


def read_rupiah(text: str, most: int = MOST_RUPIAH) -> int:
    """Whole rupiah, with or without dots: 5000000, 5.000.000, Rp5.000.000,00, and what is plain of 5,000,000.00.

    >>> read_rupiah("Rp3.600.000,00"), read_rupiah("3600000"), read_rupiah("3,600,000")
    (3600000, 3600000, 3600000)
    """
    text = re.sub(r"^rp\.?\s*", "", text, flags=re.IGNORECASE)
    if ENGLISH.fullmatch(text):
        text = text.removesuffix(".00").replace(",", "")
    text = re.sub(r",(?:00|-)$", "", text).replace("\u00a0", " ")
    if not GROUPED.fullmatch(text):
        raise ValidationError(
            "Jumlah ditulis dengan angka dalam rupiah penuh, misalnya 5.000.000. Periksa, lalu isi kembali.", "rupiah"
        )
    digits = re.sub(r"[. ]", "", text).lstrip("0") or "0"
    if len(digits) > 15 or int(digits) > most:
        raise ValidationError(
            f"Jumlah paling banyak Rp{grouped(most)}. Periksa banyaknya angka, lalu isi kembali.", "too_much"
        )
    return int(digits)


def read_percent(text: str) -> Decimal:
    """A yearly return in percent, as Indonesians write it: 5,63."""
    found = PERCENT.fullmatch(text)
    if not found:
        raise ValidationError("Tingkat ditulis dengan angka dalam persen, misalnya 5,63.", "invalid")
    sign, whole, places = found[1], found[2].lstrip("0") or "0", found[3] or ""
    if sign or len(places) > 2 or len(whole) > 3 or Decimal(f"{whole}.{places or 0}") > 100:
        raise ValidationError(
            "Tingkat ditulis dalam persen setahun, dari 0 sampai 100, dengan paling banyak dua angka desimal.", "range"
        )
    return Decimal(f"{whole}.{places or 0}")


def read_nik(text: str) -> str:
    """A training NIK, blanks and dots between its digits taken out."""
    nik = text.translate(BLANKS_BETWEEN_DIGITS)
    validate_nik(nik)
    return nik


def read_identity(text: str) -> str:
    """A training NIK, or a foreigner's training passport: the first character says which."""
    number = text.translate(BLANKS_BETWEEN_DIGITS).upper()
    (validate_passport if number[:1].isalpha() else validate_nik)(number)
    return number


def nik_or_passport(number: str) -> dict[str, str | None]:
    """A number that was read, as the two fields of a participant, of which one stays empty."""
    is_passport = number[:1].isalpha()
    return {"nik": None if is_passport else number, "passport": number if is_passport else None}


def read_kpj(text: str) -> str:
    """A KPJ that this product issued."""
    kpj = text.translate(BLANKS_BETWEEN_DIGITS)
    validate_kpj(kpj)
    return kpj


def read_npp(text: str) -> str:
    """An employer's number: eight capital letters or digits; small letters are made capitals."""
    npp = text.upper()
    if len(text) > 8 or not NPP.fullmatch(npp):
        raise ValidationError("NPP terdiri dari 8 huruf besar atau angka, misalnya L4900001.", "npp")
    return npp


def read_plain(text: str, label: str, most: int) -> str:
    """One line of text that holds nobody's real NIK."""
    refuse_real_nik(text)
    if len(text) > most:
        raise ValidationError(
            f"{capfirst(label)} paling banyak {most} huruf, ini {len(text)}. Perpendek, lalu isi kembali.", "max_length"
        )
    if "\0" in text:
        raise ValidationError("Isian ini memuat tanda yang tidak terbaca. Ketik kembali.", "null_characters")
    return text


def holds_real_nik(text: object) -> bool:
    """Whether somebody's real identity number may stand in this text: 16 digits in a row without our prefix."""
    return bool(REAL_NIK.search(str(text or "")))


def refuse_real_nik(text: str) -> None:
    if holds_real_nik(text):
        raise ValidationError(
            "Isian ini memuat nomor yang tampak seperti NIK sungguhan, jadi kami menolaknya dan tidak "
            "menyimpannya. Isi kembali tanpa nomor itu.",
            "real_nik",
        )


def empty(label: str) -> str:
    """What is said of a field that must not stay empty."""
    return f"{capfirst(label)} masih kosong. Isi lebih dahulu."


def grouped(amount: int) -> str:
    """Digits in groups of three with dots: 1.234.567."""
    return f"{amount:,}".replace(",", ".")


# --- People --------------------------------------------------------------------------------------------------


def check_birth_date(day: date, today: date) -> date:
    if not day.year >= 1900 or day > today:
        raise ValidationError("Tanggal lahir berada antara 01-01-1900 dan hari ini. Periksa tahunnya.", "range")
    return day


def check_start(day: date, today: date) -> date:
    if not FIRST_YEAR <= day.year <= today.year + 1:
        raise ValidationError(
            f"Tanggal mulai berada antara tahun {FIRST_YEAR} dan {today.year + 1}. Periksa tahunnya.", "range"
        )
    return day


def check_end(day: date | None, today: date) -> date | None:
    if day and day.year > today.year + 50:
        raise ValidationError("Tanggal berakhir terlalu jauh di depan. Periksa tahunnya.", "range")
    return day


def read_year(text: str) -> int:
    """A year of the programme, in four digits."""
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise ValidationError("Tahun ditulis dengan empat angka, misalnya 2026.", "invalid")
    return int(text)


def check_rate_year(year: int, last_credited: int) -> int:
    """A year that could be added now: none before one whose return is already booked."""
    if year < last_credited:
        raise ValidationError(
            f"Tahun {last_credited} sudah dibukukan, jadi tahun sebelumnya tidak dapat ditambahkan lagi. "
            "Periksa tahunnya.",
            "too_late",
        )
    return year


# --- A month's contribution ----------------------------------------------------------------------------------

RECORDED = "Iuran bulan ini sudah tercatat. Pilih bulan lain atau batalkan yang ada."


def check_paid_on(day: date, today: date) -> date:
    """A payment has happened: not before the programme, not after today."""
    if day > today:
        raise ValidationError(
            f"Tanggal pembayaran belum tiba: hari ini {today:%d-%m-%Y}. Periksa tanggalnya.", "future"
        )
    if day.year < FIRST_YEAR:
        raise ValidationError(f"Tanggal pembayaran paling awal tahun {FIRST_YEAR}. Periksa tahunnya.", "range")
    return day


def check_month_ahead(month: date, today: date) -> date:
    if month > add_months(today, MONTHS_AHEAD):
        raise ValidationError("Iuran dapat dibayar paling jauh 12 bulan ke depan. Periksa tahunnya.", "too_early")
    return month


def check_can_be_paid_for(kpj: str, segment: str, merged_into: str | None) -> None:
    """Money goes to a membership that has JHT and still stands. `merged_into`: the KPJ it became part of."""
    if segment == "JAKON":
        raise ValidationError(
            f"KPJ {kpj} adalah peserta Jakon, yang tidak mempunyai JHT. Pilih kepesertaan lain.", "no_jht"
        )
    if merged_into:
        raise ValidationError(f"KPJ {kpj} sudah digabung ke KPJ {merged_into}. Catat iurannya pada KPJ itu.", "merged")


def check_month_within(start: date, end: date | None, month: date) -> None:
    """The month is one of the membership's: it began by then and had not ended before."""
    first = start.replace(day=1)
    if month < first or (end and month > end):
        until = f" sampai {end:%m-%Y}" if end else ""
        raise ValidationError(
            f"Kepesertaan ini berjalan dari {first:%m-%Y}{until}. Pilih bulan di dalamnya.", "outside"
        )


SEGMENTS = {
    "PU": "Penerima Upah",
    "BPU": "Bukan Penerima Upah",
    "PMI": "Pekerja Migran Indonesia",
    "JAKON": "Jasa Konstruksi",
}
NO_BAND = (
    "Tabel iuran BPU untuk hari itu belum lengkap. Minta pelatih mengisi baris untuk semua penghasilan di atasnya."
)
NOT_A_PMI_AMOUNT = "Iuran PMI dipilih dari daftar. Pilih salah satunya."


def shares(
    segment: str,
    wage: int | None,
    pmi_amount: int | None,
    pmi_amounts: Collection[int],
    bpu_bands: Iterable[tuple[int | None, int]],
) -> tuple[int, int, int]:
    """What is recorded for a month, in rupiah: wage, employer's share, worker's share.

    Wage earners and self-employed say what they earn, migrant workers which of the amounts they pay; amounts and
    bands are data (jht.querysets.FigureQuerySet). Raises ValidationError with a sentence for `wage` or `pmi_amount`.
    """
    faults = {}
    if segment == "PMI":
        if wage:
            faults["wage"] = "PMI memilih jumlah iuran, bukan upah. Kosongkan isian ini."
        if not pmi_amount:
            faults["pmi_amount"] = "Iuran PMI belum dipilih. Pilih jumlahnya dari daftar."
        elif pmi_amount not in pmi_amounts:
            faults["pmi_amount"] = NOT_A_PMI_AMOUNT
        wage, both = 0, (0, pmi_amount or 0)
    else:
        both = (0, 0)
        if pmi_amount:
            faults["pmi_amount"] = f"Kepesertaan ini {SEGMENTS[segment]}. Kosongkan pilihan ini."
        if not wage:
            faults["wage"] = "Upah atau penghasilan masih kosong. Isi dalam rupiah, misalnya 5.000.000."
        else:
            try:
                both = split_contribution(wage) if segment == "PU" else (0, bpu_contribution(wage, bpu_bands))
            except LookupError:
                faults["wage"] = NO_BAND
            else:
                if not any(both):
                    faults["wage"] = "Iuran dari upah ini Rp0. Periksa upahnya."
    if faults:
        raise ValidationError(faults)
    return wage, *both
