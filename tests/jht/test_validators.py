"""What a person reads who typed a number that cannot be: which digits are meant, what is true of them, what to do."""

import pytest
from django.core.exceptions import ValidationError

from jht.validators import validate_kpj, validate_nik, validate_passport

# docs/aturan.md: PP KK CC TTBBTT NNNN; the refused examples of its table, and one number that is too short.
REFUSED = [
    ("497101150390001", "nik_digits", ["16 angka", "isi kembali"]),
    ("3523418097870002", "nik_prefix", ["NIK sungguhan", "tidak menyimpannya", "berawalan 49", "Isi NIK latihan"]),
    ("4970011503900001", "nik_regency", ["ke-3 dan ke-4", "01 sampai 69", "71 sampai 99", "isi kembali"]),
    ("4971003103900001", "nik_district", ["ke-5 dan ke-6", "kecamatan", "mulai dari 01", "isi kembali"]),
    ("4971013102900001", "nik_day", ["ke-7 dan ke-8", "ditambah 40", "tidak ada dalam bulannya", "isi kembali"]),
    ("4923418097870002", "nik_month", ["ke-9 dan ke-10", "01 sampai 12", "isi kembali"]),
    ("4971011503900000", "nik_serial", ["Empat angka terakhir", "nomor urut", "0001", "isi kembali"]),
]


@pytest.mark.parametrize(("nik", "code", "words"), REFUSED)
def test_the_sentence_names_the_digits_that_are_wrong_and_what_is_true_of_them(nik, code, words):
    with pytest.raises(ValidationError) as refusal:
        validate_nik(nik)

    assert refusal.value.code == code
    assert [word for word in words if word not in refusal.value.message] == []


@pytest.mark.parametrize("nik", [nik for nik, _, _ in REFUSED])
def test_a_refused_nik_is_neither_repeated_nor_carried_along(nik):
    """SECURITY: refused numbers are not echoed or logged, so they may stand in no part of the refusal."""
    with pytest.raises(ValidationError) as refusal:
        validate_nik(nik)

    assert nik not in repr(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__


def test_the_training_nik_of_the_rules_is_accepted():
    assert validate_nik("4971015503900001") is None


@pytest.mark.parametrize(
    "kpj",
    [
        "4900000000",
        "490000000012",
        "48000000001",
        "94000000001",
        "4900000000a",
        "49 00000001",
        "49００0000001",
        "49000000001\n",
        "",
    ],
)
def test_a_number_this_product_never_issued_is_no_kpj(kpj):
    with pytest.raises(ValidationError, match=r"11 angka dan berawalan 49.*isi kembali") as refusal:
        validate_kpj(kpj)

    assert refusal.value.code == "kpj"


@pytest.mark.parametrize("kpj", ["49000000001", "49000000000", "49999999999"])
def test_eleven_digits_that_begin_with_49_are_a_kpj(kpj):
    assert validate_kpj(kpj) is None


@pytest.mark.parametrize(
    "passport", ["B1234567", "X4900987", "X490009876", "X48000123", "x49000123", "X49 000123", "X49000123\n", ""]
)
def test_a_passport_that_is_not_of_this_training_is_refused_and_not_repeated(passport):
    """docs/aturan.md: X49 and six digits. Blanks and small letters are put right where they are typed, before this."""
    with pytest.raises(ValidationError, match=r"X49 dan enam angka.*tidak disimpan.*Isi") as refusal:
        validate_passport(passport)

    assert refusal.value.code == "passport"
    assert passport.strip() == "" or passport not in refusal.value.message


@pytest.mark.parametrize("passport", ["X49000123", "X49999999"])
def test_a_training_passport_is_accepted(passport):
    assert validate_passport(passport) is None
