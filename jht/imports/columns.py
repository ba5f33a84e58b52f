"""The columns of the five kinds of list, as data: how each is headed, what it holds, an invented example.

The first name of a column is the one our templates and exports write, so that what was exported can be brought in
again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from jht.identity import PASSPORT_PATTERN, TRAINING_PREFIX
from jht.models import ImportJob, Segment

Kind = ImportJob.Kind


@dataclass(frozen=True)
class Column:
    """One column of a list. `name` is the field the importer fills; `examples` are invented, for the template.

    `about` explains it to the clerk. `is_like` says whether a cell evidently holds this and nothing else; only columns
    that have it can be found swapped. Information columns (`is_read` False) stand in exports for the reader and are
    passed over by the importer.
    """

    name: str
    title: str
    about: str
    examples: tuple[str | int | date | None, ...] = ()
    others: tuple[str, ...] = ()
    is_required: bool = True
    is_read: bool = True
    is_like: Callable[[str], bool] | None = field(default=None, compare=False)


def _digits(cell_text: str) -> str:
    return re.sub(r"[ .\-\u00a0]", "", cell_text)


def _is_nik(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{16}", _digits(text)) or PASSPORT_PATTERN.fullmatch(_digits(text).upper()))


def _is_kpj(text: str) -> bool:
    return bool(re.fullmatch(rf"{TRAINING_PREFIX}[0-9]{{9}}", _digits(text)))


def _is_segment(text: str) -> bool:
    return text.strip().upper() in Segment.values or text.strip().casefold() in {s.label.casefold() for s in Segment}


def _is_day(text: str) -> bool:
    return bool(re.fullmatch(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}|\d{4}-\d{2}-\d{2}", text.strip()))


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d", text.strip()))


def _is_percent(text: str) -> bool:
    return bool(re.fullmatch(r"\d{1,2}[.,]\d{1,2} ?%?", text.strip()))


def _is_words(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return letters >= 3 and letters > len(text) / 2


NIK = Column(
    "nik",
    "NIK",
    "NIK latihan: 16 angka berawalan 49, ditulis sebagai teks. Untuk WNA: nomor paspor latihan, misalnya X49000123. "
    "Nomor sungguhan ditolak dan tidak disimpan.",
    ("4971015503900001", "4971011208850002"),
    (
        *("Nomor NIK", "No NIK", "NIK peserta", "Nomor induk kependudukan", "No KTP", "Nomor KTP", "KTP"),
        *("NIK atau paspor", "NIK atau nomor paspor", "Nomor paspor", "Paspor"),
    ),
    is_like=_is_nik,
)
KPJ = Column(
    "kpj",
    "Nomor KPJ",
    "11 angka berawalan 49, ditulis sebagai teks.",
    ("49000000011", "49000000022"),
    ("KPJ", "No KPJ", "Nomor kepesertaan", "Nomor peserta", "No peserta", "Nomor kartu peserta"),
    is_like=_is_kpj,
)
NPP = Column(
    "npp",
    "NPP",
    "Nomor Pendaftaran Perusahaan: 8 huruf besar atau angka.",
    ("L4900001", "L4900002"),
    ("Nomor NPP", "No NPP", "NPP perusahaan", "NPP pemberi kerja", "Nomor pendaftaran perusahaan"),
)
PERSON = Column(
    "name",
    "Nama",
    "Nama lengkap peserta.",
    ("Siti Rekaan", "Budi Rekaan"),
    ("Nama lengkap", "Nama peserta", "Nama pekerja", "Nama tenaga kerja", "Nama karyawan"),
    is_like=_is_words,
)


def _told(column: Column, about: str) -> Column:
    """The same column where it only helps the reader."""
    return Column(
        column.name, column.title, about, (), column.others, is_required=False, is_read=False, is_like=column.is_like
    )


FOR_READERS = "Boleh dikosongkan atau dihapus: hanya untuk dibaca, tidak diimpor."
NAME_TO_READ = _told(PERSON, FOR_READERS)
COMPANY_TO_READ = Column(
    "company", "Perusahaan", FOR_READERS, (), ("Nama perusahaan", "Pemberi kerja"), is_required=False, is_read=False
)

LISTS: dict[str, tuple[Column, ...]] = {
    Kind.EMPLOYERS: (
        NPP,
        Column(
            "name",
            "Nama perusahaan",
            "Nama perusahaan rekaan, paling banyak 120 huruf.",
            ("PT Rekaan Jaya", "CV Contoh Makmur"),
            ("Nama", "Perusahaan", "Nama pemberi kerja", "Pemberi kerja"),
            is_like=_is_words,
        ),
        Column("city", "Kota", "Kota perusahaan.", ("Bandung", None), ("Kota/Kabupaten", "Kabupaten"), False),
    ),
    Kind.PARTICIPANTS: (
        NIK,
        PERSON,
        Column(
            "birth_date",
            "Tanggal lahir",
            "Hari-bulan-tahun, misalnya 15-03-1990, atau tanggal Excel.",
            (date(1990, 3, 15), date(1985, 8, 12)),
            ("Tgl lahir", "Tanggal kelahiran", "Lahir"),
            is_like=_is_day,
        ),
    ),
    Kind.MEMBERSHIPS: (
        NIK,
        KPJ,
        Column(
            "segment",
            "Segmen",
            "PU (Penerima Upah), BPU (Bukan Penerima Upah), PMI (pekerja migran) atau JAKON (jasa konstruksi).",
            ("PU", "BPU"),
            ("Jenis kepesertaan", "Segmen kepesertaan", "Segmen peserta"),
            is_like=_is_segment,
        ),
        Column(
            NPP.name,
            NPP.title,
            "NPP pemberi kerja; diisi untuk PU dan JAKON, dikosongkan untuk BPU dan PMI.",
            ("L4900001", None),
            NPP.others,
            is_required=False,
        ),
        Column(
            "start",
            "Mulai",
            "Hari pertama kepesertaan, misalnya 01-02-2024, atau tanggal Excel.",
            (date(2024, 2, 1), date(2025, 7, 1)),
            ("Tanggal mulai", "Tgl mulai", "Mulai kepesertaan", "Tanggal kepesertaan", "Mulai bekerja"),
            is_like=_is_day,
        ),
        Column(
            "end",
            "Berakhir",
            "Hari terakhir bekerja; kosong selama masih aktif.",
            (None, None),
            ("Tanggal berakhir", "Tgl berakhir", "Akhir", "Tanggal akhir", "Tanggal berhenti", "Berhenti"),
            is_required=False,
        ),
        NAME_TO_READ,
        COMPANY_TO_READ,
    ),
    Kind.CONTRIBUTIONS: (
        KPJ,
        Column(
            "month",
            "Bulan iuran",
            "Bulan-tahun, misalnya 03-2026, atau tanggal 1 bulan itu sebagai tanggal Excel.",
            ("03-2026", "03-2026"),
            ("Bulan", "Periode", "Periode iuran", "Bulan dan tahun", "Masa iuran", "BLTH", "Bulan upah"),
        ),
        Column(
            "wage",
            "Upah",
            "Rupiah penuh sebulan, dengan atau tanpa titik ribuan: upah (PU) atau penghasilan (BPU). Kosong untuk PMI.",
            (5_000_000, None),
            ("Upah sebulan", "Upah (Rp)", "Upah dilaporkan", "Gaji", "Penghasilan", "Upah atau penghasilan"),
            is_required=False,
        ),
        Column(
            "pmi_amount",
            "Iuran PMI",
            "Hanya untuk Pekerja Migran Indonesia: jumlah iuran yang dipilih, dalam rupiah.",
            (None, 200_000),
            ("Iuran PMI (Rp)", "Pilihan iuran PMI"),
            is_required=False,
        ),
        Column(
            "paid_on",
            "Dibayar tanggal",
            "Hari pembayaran, misalnya 10-04-2026, atau tanggal Excel.",
            (date(2026, 4, 10), date(2026, 3, 12)),
            ("Tanggal bayar", "Tgl bayar", "Dibayar", "Tanggal dibayar", "Tanggal pembayaran", "Tgl pembayaran"),
            is_like=_is_day,
        ),
        Column(
            "standing",
            "Keadaan",
            'Boleh kosong. Baris dengan kata "dibatalkan" dilewati: iuran itu tidak berlaku lagi.',
            (),
            ("Status", "Keadaan iuran"),
            is_required=False,
        ),
        NAME_TO_READ,
        _told(NPP, FOR_READERS),
        COMPANY_TO_READ,
        Column(
            "employer_share",
            "Iuran pemberi kerja",
            FOR_READERS + " Iuran dihitung sendiri dari upah.",
            others=("Iuran perusahaan",),
            is_required=False,
            is_read=False,
        ),
        Column(
            "worker_share",
            "Iuran pekerja",
            FOR_READERS + " Iuran dihitung sendiri dari upah.",
            others=("Iuran tenaga kerja",),
            is_required=False,
            is_read=False,
        ),
        Column("total", "Jumlah iuran", FOR_READERS, (), ("Jumlah", "Total", "Total iuran"), False, False),
        Column("cancelled_on", "Dibatalkan tanggal", FOR_READERS, (), (), False, False),
    ),
    Kind.RATES: (
        Column("year", "Tahun", "Empat angka, misalnya 2026.", (2026, 2027), ("Tahun buku",), is_like=_is_year),
        Column(
            "percent",
            "Tingkat (% setahun)",
            "Persen setahun dengan koma, misalnya 5,63.",
            ("5,63", "5,50"),
            ("Tingkat", "Persen", "Tingkat hasil pengembangan", "Hasil pengembangan", "Tingkat setahun"),
            is_like=_is_percent,
        ),
        Column("source", "Sumber", "Dari mana angka ini.", ("Angka latihan", "Angka latihan"), ("Sumber angka",)),
        Column(
            "is_training",
            "Angka latihan",
            '"ya" bila ditetapkan untuk latihan, "tidak" bila dari sumber publik. Kosong berarti ya.',
            ("ya", None),
            ("Latihan", "Asal"),
            is_required=False,
        ),
        Column("credited_on", "Dibukukan tanggal", FOR_READERS, (), ("Dibukukan",), False, False),
    ),
}
