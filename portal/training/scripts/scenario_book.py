"""The word lists of docs/skenario.md, written from the same data by which scenarios are read and judged."""

from collections.abc import Callable, Iterator, Sequence

from portal.training.scripts import values, vocabulary
from portal.training.scripts.scenario import KINDS, LEVELS

KINDS_MEAN = {
    "peserta": "peserta mengurus saldonya sendiri.",
    "loket": "seseorang di loket atau di telepon bertanya, dan dijawab dengan benar.",
    "petugas": "petugas kursi bekerja di meja petugas.",
}
ACTIONS = {
    "buka": (
        'Membuka halaman. Untuk satu KPJ, atau di aplikasi: `{halaman: rincian, kpj: "{siti.kpj}", lewat: app}`.',
        "buka: saldo",
    ),
    "isi": (
        "Mengetik atau memilih dari daftar, menurut label yang terlihat. Tanggal: hari-bulan-tahun.",
        'isi: {E-mail: "{email}"}',
    ),
    "pilih": (
        "Menandai lingkaran atau kotak. Dengan judul kelompok bila labelnya ada dua.",
        "pilih: Mengundurkan diri",
    ),
    "centang": ("Mencentang, dan menunggu sampai terverifikasi.", "centang: Saya bukan robot"),
    "klik": ("Menekan tombol atau tautan dengan tulisan ini; awalnya sudah cukup.", "klik: Login"),
    "sms": ("Mengirim SMS ke 2757 dari telepon 1 sampai 5 kursi ini.", 'sms: {isi: "SALDO {kpj}", dari: 1}'),
    "jawab": ("Menjawab pertanyaan langkah ini di panel latihan.", "jawab: b"),
    "unggah": ("Melampirkan contoh dokumen, atau berkas latihan petugas.", "unggah: {Berkas: iuran.xlsx}"),
    "tunggu": ("Menunggu kode di Kotak Masuk (`kode`), kode lewat SMS (`sms`), atau sekian detik.", "tunggu: kode"),
    "jam": ("Memutar jam kursi; katanya sama dengan tombolnya.", "jam: bulan"),
    "ulang": ("Mengulang beberapa tindakan.", "ulang: {kali: 3, tindakan: [{klik: Login}]}"),
}


def _table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for row in (headings, ("---",) * len(headings), *rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def _words(heading: str, words: dict[str, str]) -> Iterator[str]:
    yield from _table((heading, "artinya"), [(f"`{word}`", meaning) for word, meaning in words.items()])


def _heads() -> Iterator[str]:
    yield from _words("jenis", {word: f"{name}: {KINDS_MEAN[word]}" for word, name in KINDS.items()})
    yield ""
    yield from _words("tingkat", LEVELS)


def _actions() -> Iterator[str]:
    rows = [(f"`{verb}`", meaning, f"`- {example}`") for verb, (meaning, example) in ACTIONS.items()]
    yield from _table(("tindakan", "yang dilakukan", "contoh"), rows)


def _conditions() -> Iterator[str]:
    yield from _words("yang diperiksa", vocabulary.ACTS)
    yield ""
    yield from _words("penjelas", vocabulary.QUALIFIERS)
    yield ""
    yield from _words("hasil", vocabulary.RESULTS)
    yield ""
    yield from _words("menurut", vocabulary.REGULATIONS)
    yield ""
    yield from _words("boleh", vocabulary.CLAIM_REASONS)


def _values() -> Iterator[str]:
    meant = [(f"`{{{name}}}`", meaning) for name, (meaning, _) in values.OF_SOMEBODY.items()]
    yield from _table(("nilai seseorang", "artinya"), meant)
    yield ""
    yield from _table(
        ("nilai kursi", "artinya"), [(f"`{{{name}}}`", meaning) for name, (meaning, _) in values.OF_THE_SEAT.items()]
    )
    yield from (
        "",
        f"Orang yang boleh disebut di depan titik: {', '.join(f'`{slug}`' for slug in values.known_folk())}.",
    )


def _pages() -> Iterator[str]:
    rows = []
    for page in vocabulary.PAGES.values():
        where = [name for name, view in (("web", page.web), ("app", page.app)) if view]
        rows.append((f"`{page.word}`", page.title, " dan ".join(where) or "lewat tombol"))
    yield from _table(("halaman", "judulnya", "di mana"), rows)


def _reasons() -> Iterator[str]:
    yield from _words("sebab", vocabulary.REASONS)


def _facts() -> Iterator[str]:
    yield from _words("keadaan", vocabulary.FACTS)


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "kepala": _heads,
    "tindakan": _actions,
    "syarat": _conditions,
    "nilai": _values,
    "halaman": _pages,
    "sebab": _reasons,
    "keadaan": _facts,
}
