"""Files for the clerk's exercises, made when they are asked for."""

from jht import sheets
from jht.exports import FORMATS
from portal.training.models import Seat
from portal.training.seats import exercises, people

# What the company sends in, with one row that makes the import fail; and the same put right, for the demonstration.
FILES = {"iuran": True, "iuran-betul": False}


def content_of(seat: Seat, name: str) -> tuple[bytes, str] | None:
    """The file of this name, such as iuran.xlsx, and its media type; None for a name that does not exist."""
    stem, _, extension = name.rpartition(".")
    if stem not in FILES or extension not in FORMATS:
        return None
    workers = [one for one in people.cast_of(seat)[0] if one.slug.startswith(exercises.WORKER)]
    lines = exercises.lines_of(seat, workers, is_faulty=FILES[stem])
    rows = [list(exercises.HEADINGS), *(line.cells() for line in lines)]
    if extension == "csv":
        return b"".join(sheets.csv_stream(rows)), FORMATS[extension]
    widths = [max(14, len(heading) + 4) for heading in exercises.HEADINGS]
    return b"".join(sheets.xlsx_stream([sheets.Sheet("Iuran", rows, widths)])), FORMATS[extension]
