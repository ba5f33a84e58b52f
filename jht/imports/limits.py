"""How much of a file is taken, and the sentence of each refusal. A clerk's yearly list fits many times over."""

MOST_CSV_BYTES = 60 * 1024 * 1024
MOST_XLSX_BYTES = 40 * 1024 * 1024
MOST_ROWS = 1_100_000  # a CSV's; a sheet ends at 1,048,576 by itself
MOST_COLUMNS = 64
MOST_CELLS = 9_000_000
MOST_UNPACKED = 800 * 1024 * 1024  # bytes of all members of an XLSX together
MOST_RATIO = 100  # unpacked to packed, per member; real sheets stay below 40
MOST_MEMBERS = 1_000
MOST_SHARED = 3_300_000  # different texts of an XLSX: three a row
MOST_SHARED_BYTES = 100 * 1024 * 1024
MOST_TAGS = 60_000_000
LONGEST_TOKEN = 256 * 1024  # bytes between two tags; a cell holds at most 32,767 characters
LONGEST_LINE = 128 * 1024  # characters of a CSV's line
MOST_LINES_A_ROW = 100  # lines of one CSV row, by line breaks between quotes


class FileRefused(Exception):
    """A file that is not opened, or not read further. Its text is the sentence for the clerk."""


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def too_many_rows() -> FileRefused:
    return FileRefused(
        f"Berkas ini berisi lebih dari {_count(MOST_ROWS)} baris. Bagi menjadi beberapa berkas, lalu unggah."
    )


def too_many_cells() -> FileRefused:
    return FileRefused(
        f"Berkas ini berisi lebih dari {_count(MOST_CELLS)} sel. Hapus kolom dan sel berformat yang tidak diperlukan, "
        "atau bagi menjadi beberapa berkas."
    )


def too_many_columns(row: int) -> FileRefused:
    return FileRefused(
        f"Baris {row} berisi lebih dari {MOST_COLUMNS} kolom. Hapus kolom yang tidak diperlukan, lalu unggah."
    )
