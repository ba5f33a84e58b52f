"""Spreadsheets that mean harm or are broken, made here so that none has to be kept: {name: (file name, bytes)}."""

import io
import zipfile
import zlib
from collections.abc import Callable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
ROW = '<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{text}</t></is></c></row>'


def sheet(rows: str, head: str = "") -> str:
    return f'{head}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


GOOD_SHEET = sheet(ROW.format(n=1, text="NPP") + ROW.format(n=2, text="L4900001"))


def xlsx(worksheet: str | bytes = GOOD_SHEET, **extra: str | bytes) -> bytes:
    """A small workbook with this sheet; `extra` parts by path, or "" to leave a standard part out."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Satu" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="r3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>NPP</t></si></sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        "</styleSheet>",
        "xl/worksheets/sheet1.xml": worksheet,
        **extra,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content:
                archive.writestr(name, content)
    return target.getvalue()


def with_large_part(pieces, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook one part of which is written piece by piece."""
    target = io.BytesIO(xlsx(**{name: ""}))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as part:
        for piece in pieces:
            part.write(piece)
    return target.getvalue()


def ten_million_cells() -> bytes:
    """Every cell is six bytes of XML: a file of about 100 KB."""
    row = b"<row>" + b"<c/>" * 1_000 + b"</row>"
    head, tail = sheet("|").encode().split(b"|")
    return with_large_part([head, *[row * 100] * 100, tail])


def many_cells_of_fair_ratio() -> bytes:
    """Ten million cells that pack badly, so that only counting them helps."""
    head, tail = sheet("|").encode().split(b"|")
    pieces, seed = [head], 1
    for number in range(0, 1_000_000, 1_000):
        cells = []
        for row in range(number + 1, number + 1_001):
            seed = zlib.crc32(b"%d" % seed)
            cells.append(b'<row r="%d"><c><v>%d</v></c>%s</row>' % (row, seed, b"<c/>" * 10))
        pieces.append(b"".join(cells))
    return with_large_part([*pieces, tail])


def zip_bomb() -> bytes:
    """A gigabyte of blanks."""
    return with_large_part((b" " * 1_000_000 for _ in range(1_000)), "xl/theme/theme1.xml")


def directory_changed(data: bytes, name: str, offset: int, value: int) -> bytes:
    """Four bytes of a part's line in the archive's directory set to something else."""
    place = data.rindex(name.encode()) - 46 + offset
    return data[:place] + value.to_bytes(4, "little") + data[place + 4 :]


def lying_about_its_size() -> bytes:
    """A part that unpacks to more than its directory says."""
    return directory_changed(xlsx(), "xl/worksheets/sheet1.xml", 24, 100)


def laughs(levels: int = 9) -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, levels + 1))
    return f'<!DOCTYPE z [<!ENTITY l0 "ha">{entities}]>'


def quadratic() -> str:
    return f'<!DOCTYPE z [<!ENTITY a "{"a" * 100_000}">]>'


def encrypted() -> bytes:
    """The first block of an OLE container with the stream of an encrypted workbook."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(480)


def many_members() -> bytes:
    target = io.BytesIO(xlsx())
    with zipfile.ZipFile(target, "a") as archive:
        for number in range(2_000):
            archive.writestr(f"xl/media/{number}.txt", "")
    return target.getvalue()


def twice_the_same_name() -> bytes:
    data = xlsx(**{"xl/worksheets/sheeT1.xml": GOOD_SHEET})
    return data.replace(b"sheeT1", b"sheet1")


def relations(target: str, kind: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" '
        'TargetMode="External"/></Relationships>'
    )


SHEET_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"
EXTERNAL = '<!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

# What it is: (file name, how its bytes are made, a piece of the sentence it is refused with)
FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb": ("a.xlsx", zip_bomb, "luar biasa besar"),
    "ten million cells in 100 KB": ("a.xlsx", ten_million_cells, "luar biasa besar"),
    "ten million cells": ("a.xlsx", many_cells_of_fair_ratio, "sel"),
    "a part larger than it says": ("a.xlsx", lying_about_its_size, "rusak"),
    "a thousand laughs": ("a.xlsx", lambda: xlsx(sheet(ROW.format(n=1, text="&l9;"), laughs())), "DTD"),
    "laughs in the texts": (
        "a.xlsx",
        lambda: xlsx(**{"xl/sharedStrings.xml": f'{laughs()}<sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>'}),
        "DTD",
    ),
    "one long entity many times": (
        "a.xlsx",
        lambda: xlsx(sheet(ROW.format(n=1, text="&a;" * 10_000), quadratic())),
        "DTD",
    ),
    "external entity": ("a.xlsx", lambda: xlsx(sheet(ROW.format(n=1, text="&x;"), EXTERNAL)), "DTD"),
    "entity in the relations": (
        "a.xlsx",
        lambda: xlsx(**{SHEET_RELATIONS: f"{EXTERNAL}<Relationships>&x;</Relationships>"}),
        "DTD",
    ),
    "document type in UTF-16": (
        "a.xlsx",
        lambda: xlsx(sheet(ROW.format(n=1, text="&x;"), EXTERNAL).encode("utf-16")),
        "penyandian",
    ),
    "document type in UTF-7": (
        "a.xlsx",
        lambda: xlsx(sheet("", "<?xml version='1.0' encoding='utf-7'?>")),
        "penyandian",
    ),
    "macro": ("a.xlsx", lambda: xlsx(**{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "makro"),
    "macro by its extension": ("a.xlsm", xlsx, "makro"),
    "macro template": ("a.xltm", xlsx, "makro"),
    "macro sheet": ("a.xlsx", lambda: xlsx(**{"xl/macrosheets/sheet1.xml": GOOD_SHEET}), "makro"),
    "external link": (
        "a.xlsx",
        lambda: xlsx(**{"xl/externalLinks/externalLink1.xml": "<externalLink/>"}),
        "berkas lain",
    ),
    "data connection": ("a.xlsx", lambda: xlsx(**{"xl/connections.xml": "<connections/>"}), "dari luar"),
    "embedded object": ("a.xlsx", lambda: xlsx(**{"xl/embeddings/oleObject1.bin": b"MZ"}), "berkas lain di dalamnya"),
    "picture from elsewhere": (
        "a.xlsx",
        lambda: xlsx(**{SHEET_RELATIONS: relations("https://latih.test/x.png", "image")}),
        "berkas lain",
    ),
    "encrypted": ("a.xlsx", encrypted, "kata sandi"),
    "old Excel": ("a.xls", lambda: encrypted().replace("Encr".encode("utf-16-le"), b"????????"), "XLS"),
    "truncated": ("a.xlsx", lambda: xlsx()[:-700], "rusak"),
    "cut in the middle of a part": ("a.xlsx", lambda: xlsx(GOOD_SHEET[:-40]), "rusak"),
    "checksum wrong": ("a.xlsx", lambda: directory_changed(xlsx(), "xl/worksheets/sheet1.xml", 16, 1), "rusak"),
    "zip slip": ("a.xlsx", lambda: xlsx(**{"../../etc/cron.d/x": "x"}), "menunjuk ke luar"),
    "zip slip by backslash": ("a.xlsx", lambda: xlsx(**{"..\\..\\x.xml": "x"}), "menunjuk ke luar"),
    "zip with an absolute name": ("a.xlsx", lambda: xlsx(**{"/etc/x": "x"}), "menunjuk ke luar"),
    "same name twice": ("a.xlsx", twice_the_same_name, "dua kali"),
    "thousands of parts": ("a.xlsx", many_members, "lebih dari 1000 bagian"),
    "row one billion": ("a.xlsx", lambda: xlsx(sheet(ROW.format(n=1_000_000_000, text="x"))), "baris"),
    "a column far away": (
        "a.xlsx",
        lambda: xlsx(sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>')),
        "lebih dari 64 kolom",
    ),
    "nested without end": (
        "a.xlsx",
        lambda: xlsx(sheet(ROW.format(n=1, text="NPP") + "<a>" * 5_000 + "</a>" * 5_000)),
        "bersarang",
    ),
    "one endless cell": (
        "a.xlsx",
        lambda: xlsx(sheet(ROW.format(n=1, text="".join(map(str, range(400_000)))))),
        "terlalu panjang",
    ),
    "comments": ("a.xlsx", lambda: xlsx(sheet("<!-- x -->" * 3)), "komentar"),
    "an ODS": ("a.xlsx", lambda: xlsx(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ODS"),
    "an ODS by its extension": ("a.ods", xlsx, "ODS"),
    "an XLSB": ("a.xlsx", lambda: xlsx(**{"xl/workbook.bin": b"x"}), "XLSB"),
    "a Word document": ("a.xlsx", lambda: xlsx(**{"word/document.xml": "<a/>"}), "bukan lembar kerja"),
    "an archive of something": ("a.zip", xlsx, "arsip"),
    "XLSX named CSV": ("a.csv", xlsx, "berakhiran .csv"),
    "CSV named XLSX": ("a.xlsx", lambda: b"NPP;Nama\r\n", "berakhiran .xlsx"),
    "PDF": ("a.xlsx", lambda: b"%PDF-1.7\n", "PDF"),
    "picture": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n", "gambar"),
    "program": ("a.csv", lambda: b"MZ\x90\x00", "program"),
    "web page": ("a.csv", lambda: b"\xef\xbb\xbf\r\n<HTML><table>", "halaman web"),
    "unknown extension": ("a.dat", lambda: b"NPP;Nama\r\n", "tidak dikenal"),
    "nothing": ("a.csv", lambda: b"", "0 byte"),
    "only blanks": ("a.csv", lambda: b"\r\n;;\r\n", "kosong"),
    "NUL": ("a.csv", lambda: b"NPP;Nama\r\nL4900001;A\0B\r\n", "Baris 2 memuat karakter NUL"),
    "UTF-16 without a mark": ("a.csv", lambda: "NPP;Nama\r\n".encode("utf-16-le"), "NUL"),
    "lone surrogate": (
        "a.csv",
        lambda: b"NPP;Nama\r\n\r\nL4900001;\xed\xa0\x80\r\n",
        "Baris 3 memuat karakter yang rusak",
    ),
    "lone surrogate in UTF-16": (
        "a.csv",
        lambda: b"\xff\xfe" + "NPP\n".encode("utf-16-le") + b"\x00\xd8A\x00",
        "Baris 2 memuat karakter yang rusak",
    ),
    "no known encoding": (
        "a.csv",
        lambda: b"NPP;Nama\r\nL4900001;\x81\r\n",
        "Baris 2 memuat karakter yang tidak dikenal",
    ),
    "open quote": (
        "a.csv",
        lambda: b'NPP;Nama\r\nL4900001;"PT\r\n' + b"x;y\r\n" * 50_000,
        "Baris 2 tidak dapat dibaca",
    ),
    "one endless line": ("a.csv", lambda: b"," * 50_000_000, "tidak dapat dibaca"),
    "a row of many lines": ("a.csv", lambda: b"NPP\n" + b'"\n1",' * 100_000, "tidak dapat dibaca"),
    "too many columns": ("a.csv", lambda: b"NPP\n" + b"1;" * 100 + b"1\n", "lebih dari 64 kolom"),
    "too many rows": ("a.csv", lambda: b"NPP\n" * 1_200_000, "1.100.000 baris"),
    "text in a cell with a NUL": (
        "a.xlsx",
        lambda: xlsx(sheet(ROW.format(n=1, text="A_x0000_B"))),
        "Baris 1 memuat karakter",
    ),
    "text in a cell with a lone surrogate": (
        "a.xlsx",
        lambda: xlsx(sheet(ROW.format(n=1, text="A_xD800_B"))),
        "Baris 1 memuat karakter",
    ),
}

# Those that would cost most if they were read: tried under the limits of the system.
COSTLY = (
    "zip bomb",
    "ten million cells in 100 KB",
    "ten million cells",
    "a thousand laughs",
    "one long entity many times",
    "thousands of parts",
    "nested without end",
    "one endless cell",
    "one endless line",
    "a row of many lines",
    "too many rows",
    "open quote",
)
