"""The sample documents of this product, drawn by us: the only files that a claim takes.

A participant practises with these and never with a real paper: what is uploaded is compared with them and thrown away.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Sample:
    """One file that we issued. `is_legible`: whether a clerk can read it."""

    slug: str
    name: str
    file: str
    is_legible: bool = True

    @property
    def data(self) -> bytes:
        return (FOLDER / self.file).read_bytes()

    @property
    def media_type(self) -> str:
        return "application/pdf" if self.file.endswith(".pdf") else "image/png"


SAMPLES = {
    sample.slug: sample
    for sample in (
        Sample("kartu-peserta", "Contoh kartu peserta", "kartu-peserta.png"),
        Sample("ktp", "Contoh KTP", "ktp.png"),
        Sample("buku-tabungan", "Contoh buku tabungan", "buku-tabungan.png"),
        Sample("surat", "Contoh surat keterangan", "surat.pdf"),
        Sample("buram", "Contoh yang buram (tidak terbaca)", "buram.png", is_legible=False),
        Sample("salah", "Contoh yang salah (struk belanja)", "salah.png"),
    )
}
# Which sample is the right one for a document of the checklist, by a word in its name; letters of all kinds otherwise.
_WORDS = (("kartu peserta", "kartu-peserta"), ("ktp", "ktp"), ("buku tabungan", "buku-tabungan"))


def right_for(document: str) -> Sample:
    """The sample that answers this line of the checklist.

    >>> right_for("KTP atau bukti identitas lain (contoh)").slug, right_for("Paspor (contoh)").slug
    ('ktp', 'surat')
    """
    name = document.lower()
    return SAMPLES[next((slug for word, slug in _WORDS if word in name), "surat")]


def recognise(data: bytes) -> Sample | None:
    """Which of our samples this file is, byte for byte; None for anything else."""
    return _by_hash().get(hashlib.sha256(data).hexdigest())


@cache
def _by_hash() -> dict[str, Sample]:
    return {hashlib.sha256(sample.data).hexdigest(): sample for sample in SAMPLES.values()}
