"""The table of docs/sms.md: what a text says and what 2757 answers. Read from the page, so that neither can go stale.

A text of the table is sent from a phone that is not registered, unless its answer was asked for "sesudah mendaftar".
"""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sms.md"
ROW = re.compile(r"^\| `(?P<text>[^`]*)` \| (?P<when>[^|]*) \| `(?P<answer>[^`]*)` \|$", re.M)
SECTION = re.compile(r"^## Apa yang dijawab$(?P<rows>.*?)^## ", re.M | re.S)
# (text, when, answer)
ROWS = [
    (row["text"], row["when"].strip(), row["answer"]) for row in ROW.finditer(SECTION.search(PAGE.read_text())["rows"])
]
