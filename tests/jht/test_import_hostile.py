"""Hostile and broken files: refused with a sentence, within 10 seconds and 300 MB, each in a process of its own."""

import os
import re
import subprocess
import sys

import pytest

from jht.imports.files import FileRefused, open_table
from tests.jht.hostile import COSTLY, FILES

SECONDS, MEGABYTES = 10, 300

# Reads a file as the importer does, under limits that the system itself enforces.
READER = f"""
import resource, sys
from pathlib import Path
import django
django.setup()
from jht.imports.files import FileRefused, open_table
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
try:
    for _ in open_table(Path(sys.argv[1]).read_bytes(), sys.argv[2]).rows():
        pass
except FileRefused as refused:
    print("REFUSED", refused)
# Not ru_maxrss: that one remembers the test runner, from which this process was forked.
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024, file=sys.stderr)
"""


def read(path, name: str) -> tuple[str, int]:
    """What the reader said, and the most memory it had, in MB."""
    run = subprocess.run(
        [sys.executable, "-c", READER, str(path), name],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout, int(run.stderr.split()[-1])


@pytest.mark.parametrize("what", COSTLY)
def test_a_costly_file_is_refused_in_ten_seconds_and_300_mb(tmp_path, what):
    name, make, sentence = FILES[what]
    path = tmp_path / "file"
    path.write_bytes(make())

    said, most = read(path, name)

    assert said.startswith("REFUSED")
    assert sentence in said
    assert most < MEGABYTES


@pytest.mark.parametrize("what", sorted(FILES.keys() - set(COSTLY)))
def test_a_hostile_or_broken_file_is_refused_with_its_sentence(what):
    name, make, sentence = FILES[what]

    with pytest.raises(FileRefused, match=re.escape(sentence)):
        list(open_table(make(), name).rows())
