"""The XML parts of an XLSX: a parser that refuses every declaration, and what is asked of a part before it is read."""

import posixpath
import re
import zipfile
from xml.parsers import expat

from jht.imports.limits import (
    LONGEST_TOKEN,
    MOST_CELLS,
    MOST_SHARED,
    MOST_TAGS,
    FileRefused,
    too_many_cells,
    too_many_rows,
)

SMALL = 8 * 1024 * 1024  # workbook, styles and relations are never larger
SHEET_ROWS = 1_048_576  # how many rows a spreadsheet has
DAY_FORMATS = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}  # built in: ECMA-376 part 1, 18.8.30
DAMAGED = "Berkas XLSX ini rusak atau terpotong. Buka di aplikasi lembar kerja, simpan ulang sebagai XLSX, lalu unggah."
UNUSUAL = (
    "Isi berkas XLSX ini tidak wajar, jadi tidak dibuka ({}). Salin datanya ke lembar baru, simpan sebagai XLSX atau "
    "CSV, lalu unggah."
)


class Seen(Exception):
    """What was looked for at the beginning of a part has been seen."""


def parser() -> expat.XMLParserType:
    """A parser that refuses every document type: no entity is ever declared, none is ever fetched."""
    made = expat.ParserCreate()

    def refuse(*_):
        raise FileRefused(UNUSUAL.format("memuat deklarasi DTD"))

    def judge_encoding(_version, encoding, _standalone):
        if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise FileRefused(UNUSUAL.format("penyandian teksnya lain"))

    made.StartDoctypeDeclHandler = made.EntityDeclHandler = refuse
    made.XmlDeclHandler = judge_encoding
    made.buffer_text = True
    return made


def check_prologue(archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(name) as part:
        head = part.read(64 * 1024)
    if b"\0" in head[:4] or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise FileRefused(UNUSUAL.format("penyandian teksnya lain"))
    reader = parser()

    def seen(*_):
        raise Seen

    reader.StartElementHandler = seen
    try:
        reader.Parse(head, False)
    except Seen:
        return
    raise FileRefused(DAMAGED)


def elements(archive: zipfile.ZipFile, name: str) -> list[tuple[str, dict[str, str]]]:
    """Every element of a small part, without its namespace's prefix."""
    if archive.getinfo(name).file_size > SMALL:
        raise FileRefused(UNUSUAL.format("bagian kecilnya terlalu besar"))
    found: list[tuple[str, dict[str, str]]] = []
    reader = parser()
    reader.StartElementHandler = lambda tag, attrs: found.append((tag.rpartition(":")[2], attrs))
    reader.Parse(archive.read(name), True)
    return found


def relations(archive: zipfile.ZipFile, part: str, names: set[str]) -> dict[str, tuple[str, str]]:
    """{id: (last word of the type, path)} of one part's relations."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path not in names:
        return {}
    relations = {}
    for tag, attrs in elements(archive, path):
        if tag == "Relationship" and "Target" in attrs:
            target = attrs["Target"]
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            relations[attrs.get("Id", "")] = (attrs.get("Type", "").rpartition("/")[2], full)
    return relations


def day_styles(archive: zipfile.ZipFile, name: str) -> set[str]:
    """The numbers of the cell styles that show a number as a day."""
    custom, days, inside, place = set(), set(), False, 0
    for tag, attrs in elements(archive, name):
        if tag == "numFmt":
            code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", attrs.get("formatCode", "")).lower()
            if "d" in code or "y" in code or ("m" in code and not re.search(r"[hs0#]", code)):
                custom.add(int(attrs["numFmtId"]))
        elif tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            if int(attrs.get("numFmtId", 0)) in DAY_FORMATS | custom:
                days.add(str(place))
            place += 1
    return days


def survey(archive: zipfile.ZipFile, name: str, cells: bool) -> int:
    """Count a large part's elements without building any, and refuse what would make the real reading long.

    Returns the number of rows. Comments and instructions are refused: no spreadsheet writes them into its cells.
    """
    tags = rows = found = 0
    tail = b""
    own = prefix(archive, name)
    row, cell, string = (b"<" + own + word for word in (b"row", b"c", b"si"))
    with archive.open(name) as part:
        while chunk := part.read(LONGEST_TOKEN):
            count = chunk.count(b"<")
            if not count and len(chunk) == LONGEST_TOKEN:
                raise FileRefused(UNUSUAL.format("isi sel terlalu panjang"))
            tags += count
            joined = tail + chunk
            if b"<!-" in joined or b"<?" in joined[1:]:
                raise FileRefused(UNUSUAL.format("memuat komentar XML"))
            if cells:
                rows += joined.count(row)
                found += joined.count(cell)
                if rows > SHEET_ROWS:
                    raise too_many_rows()
                if found > MOST_CELLS:
                    raise too_many_cells()
            else:
                found += joined.count(string)
                if found > MOST_SHARED:
                    raise too_many_cells()
            if tags > MOST_TAGS:
                raise too_many_cells()
            tail = joined[-2:]
    return rows


def prefix(archive: zipfile.ZipFile, name: str) -> bytes:
    """The namespace prefix of a part's root, which its cells share: empty as a rule, "x:" from some programs."""
    reader, found = parser(), []

    def seen(tag, _):
        found.append(tag)
        raise Seen

    reader.StartElementHandler = seen
    with archive.open(name) as part:
        try:
            reader.Parse(part.read(64 * 1024), False)
        except Seen:
            return found[0].rpartition(":")[0].encode() + b":" if ":" in found[0] else b""
    raise FileRefused(DAMAGED)
