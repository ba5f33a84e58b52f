"""Opening an XLSX: nothing is believed that the file says about itself, nothing is fetched, nothing held as a whole.

The common readers hold the whole sheet and turn every number into a binary fraction; measured in
docs/decisions/0011-spreadsheets.md.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from xml.parsers import expat

from jht.imports import parts
from jht.imports.cells import Raw, Shared, read_sheet
from jht.imports.limits import MOST_MEMBERS, MOST_RATIO, MOST_SHARED_BYTES, MOST_UNPACKED, FileRefused
from jht.imports.parts import DAMAGED, UNUSUAL

FREE_RATIO = 1024 * 1024  # below this unpacked size a member's ratio does not matter
FORBIDDEN = (
    ("vbaproject", "Berkas ini berisi makro, jadi tidak dibuka. Simpan ulang sebagai XLSX tanpa makro, lalu unggah."),
    ("macrosheets/", "Berkas ini berisi makro, jadi tidak dibuka. Simpan ulang sebagai XLSX tanpa makro, lalu unggah."),
    (
        "externallinks/",
        "Berkas ini mengambil isi dari berkas lain, jadi tidak dibuka. Putuskan tautannya (Data, Edit Tautan), simpan, "
        "lalu unggah.",
    ),
    (
        "connections.xml",
        "Berkas ini mengambil isi dari luar, jadi tidak dibuka. Hapus sambungan datanya, simpan, lalu unggah.",
    ),
    (
        "querytables/",
        "Berkas ini mengambil isi dari luar, jadi tidak dibuka. Hapus sambungan datanya, simpan, lalu unggah.",
    ),
    (
        "embeddings/",
        "Berkas ini memuat berkas lain di dalamnya, jadi tidak dibuka. Hapus sisipannya, simpan, lalu unggah.",
    ),
    ("activex/", "Berkas ini memuat tombol yang menjalankan program, jadi tidak dibuka. Hapus tombolnya, lalu unggah."),
    ("workbook.bin", "Berkas ini berjenis XLSB. Simpan ulang sebagai XLSX atau CSV, lalu unggah."),
)
ODD = (ValueError, KeyError, IndexError, UnicodeError, NotImplementedError, RuntimeError, struct.error)


class Workbook:
    """An XLSX whose container is checked when it is made; `rows` reads its first visible sheet as often as asked."""

    def __init__(self, data: bytes):
        _check_directory(data)
        self.data = data
        try:
            with self._zip() as archive:
                self._check_members(archive)
                self._read_parts(archive)
        except FileRefused:
            raise
        except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, *ODD) as broken:
            raise FileRefused(DAMAGED) from broken

    def _zip(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self.data))

    # --- The container -----------------------------------------------------------------------------------

    def _check_members(self, archive: zipfile.ZipFile) -> None:
        members = archive.infolist()
        names = [member.filename for member in members]
        lower = [name.lower() for name in names]
        if "mimetype" in lower:
            raise FileRefused("Berkas ini berjenis ODS. Simpan ulang sebagai XLSX atau CSV, lalu unggah.")
        if any(name.startswith(("word/", "ppt/")) for name in lower):
            raise FileRefused("Berkas ini bukan lembar kerja. Unggah berkas XLSX atau CSV.")
        for part, sentence in FORBIDDEN:
            if any(part in name for name in lower):
                raise FileRefused(sentence)
        for member, name in zip(members, lower, strict=True):
            steps = name.replace("\\", "/").split("/")
            if name.startswith(("/", "\\")) or ".." in steps or ":" in name or "\\" in name:
                raise FileRefused(UNUSUAL.format("nama berkas di dalamnya menunjuk ke luar"))
            if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise FileRefused("Berkas ini terkunci atau dimampatkan dengan cara lain. Simpan ulang sebagai XLSX.")
            if member.file_size > FREE_RATIO and member.file_size > MOST_RATIO * max(member.compress_size, 1):
                raise FileRefused(
                    "Berkas kecil ini berisi data yang luar biasa besar, jadi tidak dibuka. Salin barisnya saja ke "
                    "lembar baru tanpa sel kosong berformat, simpan, lalu unggah."
                )
        if len(set(lower)) != len(lower):
            raise FileRefused(UNUSUAL.format("nama yang sama dua kali"))
        if sum(member.file_size for member in members) > MOST_UNPACKED:
            raise FileRefused("Isi berkas ini terlalu besar setelah dibuka. Bagi menjadi beberapa berkas, lalu unggah.")
        for member, name in zip(members, lower, strict=True):
            if name.endswith((".xml", ".rels", ".vml")) and member.file_size:
                parts.check_prologue(archive, member.filename)
                if name.endswith(".rels"):
                    self._check_relations(archive, member.filename)

    def _check_relations(self, archive: zipfile.ZipFile, name: str) -> None:
        """A link a person may click is harmless; anything else that points out of the file is not."""
        for tag, attrs in parts.elements(archive, name):
            leads_out = tag == "Relationship" and attrs.get("TargetMode", "").lower() == "external"
            if leads_out and not attrs.get("Type", "").endswith("/hyperlink"):
                raise FileRefused(dict(FORBIDDEN)["externallinks/"])

    # --- The parts ---------------------------------------------------------------------------------------

    def _read_parts(self, archive: zipfile.ZipFile) -> None:
        names = set(archive.namelist())
        top = parts.relations(archive, "", names)
        book = next((target for kind, target in top.values() if kind == "officeDocument"), "xl/workbook.xml")
        if book not in names:
            raise FileRefused("Berkas ini bukan lembar kerja XLSX. Simpan ulang sebagai XLSX atau CSV, lalu unggah.")
        relations = parts.relations(archive, book, names)
        sheets, self.epoch = [], date(1899, 12, 30)
        for tag, attrs in parts.elements(archive, book):
            if tag == "sheet":
                own = {key.rpartition(":")[2]: value for key, value in attrs.items()}
                sheets.append((own.get("name", ""), own.get("id", ""), own.get("state", "visible")))
            elif tag == "workbookPr" and attrs.get("date1904") in ("1", "true"):
                self.epoch = date(1904, 1, 1)
        sheets = [sheet for sheet in sheets if relations.get(sheet[1], ("",))[0] == "worksheet"]
        if not sheets:
            raise FileRefused("Berkas XLSX ini tidak mempunyai lembar berisi data.")
        self.sheet, rel, _ = next((sheet for sheet in sheets if sheet[2] == "visible"), sheets[0])
        self.part = relations[rel][1]
        self.shared_part = next((target for kind, target in relations.values() if kind == "sharedStrings"), None)
        styles = next((target for kind, target in relations.values() if kind == "styles"), None)
        wanted = [self.part, *filter(None, (self.shared_part, styles))]
        if not names.issuperset(wanted):
            raise FileRefused(DAMAGED)
        self.day_styles = parts.day_styles(archive, styles) if styles else set()
        self.rows_estimate = parts.survey(archive, self.part, cells=True)
        if self.shared_part:
            if archive.getinfo(self.shared_part).file_size > 2 * MOST_SHARED_BYTES:
                raise FileRefused(UNUSUAL.format("terlalu banyak teks"))
            parts.survey(archive, self.shared_part, cells=False)
        self.shared: Shared | None = None

    def rows(self) -> Iterator[Raw]:
        """Rows that hold anything, as (number, cells), streamed; the same limits hold while reading."""
        try:
            with self._zip() as archive:
                if self.shared is None:
                    self.shared = Shared(archive, self.shared_part)
                yield from read_sheet(archive, self.part, self.shared, self.day_styles, self.epoch)
        except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, *ODD) as broken:
            raise FileRefused(DAMAGED) from broken


def _check_directory(data: bytes) -> None:
    """The number of members, before the standard library builds an object for each of them."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or len(data) - end < 22:
        raise FileRefused(DAMAGED)
    disk, _, _, members, size, _, _ = struct.unpack("<4H2LH", data[end + 4 : end + 22])
    if disk or data[max(0, end - 20) : end].startswith(b"PK\x06\x07"):
        raise FileRefused(UNUSUAL.format("arsip di atas 4 GB"))
    if members > MOST_MEMBERS or size > MOST_MEMBERS * 512:
        raise FileRefused(UNUSUAL.format(f"lebih dari {MOST_MEMBERS} bagian"))
