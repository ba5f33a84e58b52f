"""Reading a scenario: what is good is read, what is wrong is told, all of it at once, and nothing is ever an error."""

import pytest
from django.conf import settings as project
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.training.scripts import library, scenario_book, values, vocabulary
from portal.training.scripts.scenario import KINDS, Points, ScenarioFault, read
from portal.training.scripts.scenario_parts import READERS
from portal.training.scripts.scenario_tree import LONGEST

SMALL = """\
judul: Login saja
jenis: peserta
tingkat: dasar
peran: budi
menit: 5
cerita: Budi ingin masuk.
tujuan: Budi masuk.
diketahui:
  E-mail: "{email}"
awal:
  - jam: bulan
langkah:
  - kode: masuk
    lakukan: Login sebagai Budi.
    petunjuk: [Lihat tombol biru.]
    selesai: {kirim: login, hasil: berhasil, sebagai: budi}
    batas: 3
    peragaan:
      - buka: login
      - isi: {E-mail: "{email}", Kata sandi: "{kata_sandi}"}
      - klik: Login
  - kode: terangkan
    lakukan: Jawab.
    tanya: Usia berapa?
    pilihan: {a: "59", b: "56"}
    petunjuk: [Lihat simulasi.]
    selesai: {jawab: b}
    peragaan: [{jawab: b}]
salah:
  - kode: salah-tiga
    bila: {kirim: login, hasil: ditolak, sebab: [kata-sandi, terkunci], kali: 3}
    artinya: Tiga kali salah.
    contoh:
      - ulang: {kali: 3, tindakan: [{buka: login}, {klik: Login}]}
bahas: [Satu., Dua.]
halaman: login
aturan: klaim
"""


def faults(text: str, slug: str = "coba") -> list[tuple[int, str]]:
    with pytest.raises(ScenarioFault) as caught:
        read(text, slug)
    return caught.value.faults


def test_a_scenario_is_read_into_plain_values():
    told = read(SMALL, "login-saja")

    assert (told.slug, told.title, told.role, told.minutes) == ("login-saja", "Login saja", "budi", 5)
    assert told.given == {"E-mail": "{email}"}
    assert told.setup[0].argument == "bulan"
    assert told.points == Points(hint=5, wrong=10, late=10)
    first, second = told.steps
    assert (first.done.act, first.done.what, first.done.result, first.done.who) == (
        "kirim",
        ("login",),
        "berhasil",
        "budi",
    )
    assert first.due_minutes == 3
    assert second.choices == {"a": "59", "b": "56"}
    wrong = told.wrong("salah-tiga")
    assert wrong.when.reasons == ("kata-sandi", "terkunci") and wrong.when.times == 3
    assert [action.verb for action in wrong.example] == ["buka", "klik"] * 3


def test_every_shipped_file_is_without_faults():
    for slug, text in library.shipped().items():
        read(text, slug)


@pytest.mark.parametrize(
    "wrong, line, sentence",
    [
        ("judul: Login saja\n|", 1, "belum ada “judul”"),
        ("jenis: peserta|jenis: pesrta", 2, "Maksud Anda “peserta”?"),
        ("peran: budi|peran: bduI", 4, "tidak dikenal"),
        ("menit: 5|menit: lima", 5, "angka bulat dari 1 sampai 120"),
        ("menit: 5|menit: ٥", 5, "angka bulat"),
        ('"{email}"\nawal|"{emial}"\nawal', 9, "{emial} pada “E-mail” tidak dikenal. Maksud Anda “{email}”?"),
        ('"{email}"\nawal|{email}\nawal', 9, 'perlu diapit tanda petik: "{email}"'),
        ("kirim: login, hasil: berhasil|kirim: lgoin, hasil: berhasil", 16, "Maksud Anda “login”?"),
        ("hasil: berhasil|hasl: berhasil", 16, "Maksud Anda “hasil”?"),
        ("hasil: berhasil|kpj: siti.kpj22", 16, "Maksud Anda “siti.kpj2”?"),
        ("hasil: berhasil|kpj: budi.kpj2", 16, "Kata pada “kpj”: “budi.kpj2” tidak dikenal."),
        ("hasil: berhasil|boleh: usia-56", 16, "“boleh” hanya dinilai dari Simulasi klaim."),
        ("hasil: berhasil|menurut: permenaker-4-2022", 16, "Tulis bersama: kirim: simulasi-klaim"),
        ("kirim: login, hasil: berhasil|kirim: simulasi-klaim, boleh: usia-65", 16, "Maksud Anda “usia-56”?"),
        (
            "kirim: login, hasil: berhasil|kirim: simulasi-klaim, menurut: [permenaker-5-2022]",
            16,
            "Maksud Anda “permen",
        ),
        ("selesai: {kirim: login, hasil: berhasil|selesai: {hasil: berhasil", 16, "belum ada yang diperiksa"),
        ("kirim: login, hasil: berhasil|kirim: login, buka: login, hasil: berhasil", 16, "tepat satu dari"),
        ("batas: 3|batas: 3\n    kapan: 4", 18, "Kata kunci pada langkah ke-1 “kapan” tidak dikenal"),
        ("      - klik: Login\n  - kode|      - klikk: Login\n  - kode", 21, "Maksud Anda “klik”?"),
        ("kode: terangkan|kode: masuk", 22, "sudah dipakai di atas"),
        ("selesai: {jawab: b}|selesai: {jawab: c}", 27, "Yang dikenal: a, b."),
        ("    contoh:\n      - ulang: {kali: 3, tindakan: [{buka: login}, {klik: Login}]}\n|", 30, "Sedikitnya satu"),
        ("tindakan: [{buka: login}, {klik: Login}]|tindakan: []", 34, "berisi 0"),
        ("bahas: [Satu., Dua.]|bahas: [Satu.]", 35, "berisi 1; seharusnya 2 sampai 4"),
        ("halaman: login|halaman: login\nhalaman: daftar", 37, "tertulis dua kali"),
        ("cerita: Budi|cerita: Kata Budi: ya", 6, "Apit teks itu dengan tanda petik dua"),
        ("  - jam: bulan|\t- jam: bulan", 11, "Pakai spasi, bukan tab"),
        ("jam: bulan|gangguan: tidak-ada-sama-sekali", 11, "tidak dikenal"),
        ('tujuan: Budi masuk.|tujuan: "Budi masuk.', 9, "tanda petik di atasnya tidak ditutup"),
        ('aturan: klaim|aturan: "klaim', 38, "Tanda petik dibuka"),
        ("judul: Login|judul: !!python/object:os.system Login", 1, "Tanda ! di awal nilai"),
        ("judul: Login|judul: &a Login", 1, "Tanda & di awal nilai"),
        ("judul: Login saja|judul: *a", 1, "Tanda * di awal nilai"),
        ("halaman: login|halaman: login\n---\njudul: dua", 37, "Satu berkas satu skenario"),
    ],
)
def test_a_fault_is_told_with_its_line_what_is_true_and_what_to_do(wrong, line, sentence):
    old, _, new = wrong.partition("|")
    assert old in SMALL

    found = faults(SMALL.replace(old, new, 1))

    assert any(sentence in told for _, told in found), found
    assert line in [number for number, _ in found], found


def test_all_faults_are_told_at_once():
    text = SMALL.replace("dasar", "mudah").replace("menit: 5", "menit: 0").replace("halaman: login", "halaman: sldo")

    assert [line for line, _ in faults(text)] == [3, 5, 36]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "- a\n- b",
        "hanya teks",
        "a: " * 500,
        "[" * 50_000,
        "{" * 50_000,
        "x" * (LONGEST + 1),
        "a: \x00",
        "\ud800",
    ],
)
def test_what_is_no_scenario_at_all_says_so(text):
    assert faults(text)


def test_a_bomb_of_aliases_is_not_even_read():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )

    assert any("Tanda *" in sentence for _, sentence in faults(bomb))


@pytest.mark.parametrize("slug", ["Besar", "a b", "../x", "", "a" * 61])
def test_a_code_that_is_no_slug_is_refused(slug):
    assert "huruf kecil" in faults(SMALL, slug)[0][1]


@given(st.text(max_size=400))
def test_any_text_gives_faults_and_never_an_exception(text):
    assert faults(text)


LINES = SMALL.splitlines()


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(LINES) - 1),
            st.sampled_from(["", "  ", "- ", "x", ": ", "{", "[", '"', "\t", "&", "*", "!", "|"]),
            st.integers(0, 40),
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=300)
def test_a_scenario_with_slips_of_the_pen_is_read_or_told(slips):
    lines = list(LINES)
    for line, typed, column in slips:
        lines[line] = lines[line][:column] + typed + lines[line][column + 1 :]
    try:
        read("\n".join(lines), "coba")
    except ScenarioFault as fault:
        assert all(line >= 1 and sentence for line, sentence in fault.faults)


def test_values_are_those_of_the_seat(sit):
    seat = sit().seat
    budi = seat.people.get(slug="budi")
    siti = seat.people.get(slug="siti").participant.memberships.order_by("start")
    now = seat.started_at

    told = values.fill(
        "{nama}|{email}|{nik}|{kpj}|{siti.kpj}|{siti.kpj3}|{lahir}|{perusahaan}", seat, "budi", now
    ).split("|")

    assert told == [
        budi.participant.name,
        budi.user.email,
        budi.participant.nik,
        budi.participant.memberships.get().kpj,
        siti[0].kpj,
        siti[2].kpj,
        "15-03-1988",
        "PT Kopi Tamaran Nusa",
    ]


@pytest.mark.parametrize(
    "card, segment, is_foreign",
    [("kartu", "PU", False), ("kartu_bpu", "BPU", False), ("kartu_pmi", "PMI", False), ("kartu_wna", "PU", True)],
)
def test_a_card_is_one_that_the_seat_has(sit, card, segment, is_foreign):
    seat = sit().seat
    kpj = values.fill(f"{{{card}.kpj}}", seat, "budi", seat.started_at)
    one = seat.people.get(participant__memberships__kpj=kpj)

    assert one.user is None
    assert one.participant.memberships.get().segment == segment
    assert bool(one.participant.passport) == is_foreign


def test_every_value_that_is_named_exists(sit):
    seat = sit().seat
    for name in values.known_names():
        assert "{" not in values.fill(f"{{{name}}}", seat, "siti", seat.started_at)
    assert values.fill("{entah}", seat, "siti", seat.started_at) == "{entah}"


def test_the_example_that_trainers_are_shown_is_a_good_one():
    book = (project.BASE_DIR / "docs" / "skenario.md").read_text("utf-8")
    example = book.partition("```yaml\n")[2].partition("```")[0]

    assert read(example, "contoh").title == "Lihat saldo lewat situs"


def test_the_book_names_every_word_that_a_scenario_may_use():
    book = (project.BASE_DIR / "docs" / "skenario.md").read_text("utf-8")
    words = [*vocabulary.PAGES, *vocabulary.REASONS, *vocabulary.FACTS, *vocabulary.ACTS, *vocabulary.RESULTS, *READERS]
    words += [*vocabulary.QUALIFIERS, *vocabulary.REGULATIONS, *vocabulary.CLAIM_REASONS]

    assert not [word for word in words if f"`{word}`" not in book]
    assert not [name for name in values.known_names() if f"`{{{name}}}`" not in book]


def test_the_book_explains_every_action():
    assert {*scenario_book.ACTIONS} == {*READERS, "ulang"}
    assert {*scenario_book.KINDS_MEAN} == {*KINDS}
