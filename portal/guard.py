"""Which host names could be mistaken for the real organisation's.

Look-alikes of the real portal are used by fraudsters. A simulation must never become one, so it does not serve
under such a name. There is no setting that changes this.
"""

import unicodedata
from functools import lru_cache

# Wanted somewhere in the name, with at most so many letters wrong. Short ones must be exact: "bps" is everywhere.
MARKS = {"bpjs": 0, "kemnaker": 0, "jamsostek": 1, "ketenagakerjaan": 2, "bpjsketenagakerjaan": 4}
GOVERNMENT = "go.id"
# What the eye takes for each letter: digits, then Cyrillic, Greek and Latin letters that NFKD leaves as they are.
LOOKS_LIKE = {
    "a": "4@аαɑ", "b": "68ьвβʙ", "d": "ԁđ", "e": "3еєε", "g": "9ɡɢ", "h": "һħ", "i": "іιıɩ", "j": "јϳȷ", "k": "кκĸ",
    "l": "1|ӏł", "m": "м", "n": "пηո", "o": "0оοøօ", "p": "рρþ", "r": "гɾ", "s": "5$ѕſꜱ", "t": "7тτŧ", "u": "υսц",
}  # fmt: skip
LOOK_ALIKES = {ord(other): letter for letter, others in LOOKS_LIKE.items() for other in others}


@lru_cache(maxsize=1024)
def resembles_the_real_site(host: str) -> bool:
    """True when a person could take `host` for the real site's name.

    >>> resembles_the_real_site("sso.bpjs-ketenagakerjaan.example"), resembles_the_real_site("bpj5ku.example:8000")
    (True, True)
    >>> resembles_the_real_site("portal-latih.sekolah.sch.id"), resembles_the_real_site("192.168.1.5:8000")
    (False, False)
    """
    name = _unicode(_without_port(host.strip().lower()))
    if _is_number(name):
        return False
    if f".{name}".endswith(f".{GOVERNMENT}"):
        return True
    return any(
        _contains_nearly(skeleton, mark, wrong) for skeleton in _skeletons(name) for mark, wrong in MARKS.items()
    )


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0].removeprefix("[")
    name, colon, port = host.rpartition(":")
    return (name if colon and not port.strip("0123456789") else host).strip(".")


def _unicode(name: str) -> str:
    """`xn--…` labels as the browser would show them; unreadable ones stay as they are."""
    labels = []
    for label in unicodedata.normalize("NFKC", name).replace("。", ".").split("."):
        try:
            labels.append(label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)


def _is_number(name: str) -> bool:
    """An IP address has no look."""
    return not name.strip("0123456789.") or (":" in name and not name.strip("0123456789abcdef:.%"))


def _skeletons(name: str) -> set[str]:
    """The name as the eye takes it in: no accents, dots, hyphens; digits and foreign letters as what they look like."""
    letters = unicodedata.normalize("NFKD", name.casefold()).translate(LOOK_ALIKES)
    plain = "".join(c for c in letters if c.isalnum())
    narrow = plain.replace("rn", "m").replace("vv", "w").replace("cl", "d")
    return {plain, narrow, plain.replace("l", "j"), plain.replace("i", "j")}


def _contains_nearly(text: str, wanted: str, tolerance: int) -> bool:
    """Whether some stretch of `text` is at most `tolerance` insertions, deletions or changes away from `wanted`.

    Sellers' algorithm: edit distance in which the match may begin and end anywhere. At most 253 × 19 steps.
    """
    row = list(range(len(wanted) + 1))
    for letter in text[:253]:
        diagonal, row[0] = row[0], 0
        for i, other in enumerate(wanted, 1):
            diagonal, row[i] = row[i], min(row[i] + 1, row[i - 1] + 1, diagonal + (letter != other))
        if row[-1] <= tolerance:
            return True
    return False
