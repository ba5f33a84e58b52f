"""What a class did, as xAPI 1.0.3 statements: into a file, or to a Learning Record Store.

Actors are accounts of the class ("kursi-3"), without names unless they are wanted. Verbs and kinds of activity are
ADL's vocabulary, which every LRS reports on; everything else is named under this site's own address, or by a urn on a
laptop that has none. These are names only: nothing is fetched from them.
"""

import base64
import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from portal.training.models import Run
from portal.training.steering.debrief import Debrief, Report

VERSION = "1.0.3"
VERBS = {
    "completed": "menyelesaikan",
    "passed": "lulus",
    "failed": "belum lulus",
    "terminated": "menghentikan",
}
ADL_VERB = "http://adlnet.gov/expapi/verbs/"
SIMULATION = "http://adlnet.gov/expapi/activities/simulation"
COURSE = "http://adlnet.gov/expapi/activities/course"
MARK = "SIMULASI: orang, perusahaan, dan saldo dalam latihan ini rekaan."
AT_ONCE = 50  # statements in one request
PATIENCE = 8  # seconds for the LRS to answer
OWN = uuid.UUID("6f3e2a0c-5a0e-5d0e-9d43-2f6b7b1c9a49")  # the space of our statement ids

Statement = dict[str, Any]


class LrsFault(Exception):
    """The LRS did not take the statements; what is so and what to do, in Indonesian."""


# --- Statements ----------------------------------------------------------------------------------------------
def statements(debrief: Debrief, *, with_names: bool = False) -> list[Statement]:
    """One for every exercise that has ended, in the order of the seats. The same rows make the same statements."""
    return [_statement(debrief, one, with_names) for one in debrief.reports if one.run.ended_at]


def iri(*parts: object) -> str:
    """A name of ours: an address of this site when it has one, else a urn.

    >>> iri("latihan", "web-saldo")
    'urn:x-portal-latih:latihan:web-saldo'
    """
    origin = settings.SITE_ORIGIN.rstrip("/")
    path = [str(part) for part in parts]
    return "/".join([origin, "xapi", *path]) if origin else ":".join(["urn:x-portal-latih", *path])


def _statement(debrief: Debrief, report: Report, with_names: bool) -> Statement:
    room, run, scenario = debrief.room, report.run, report.scenario
    verb = verb_of(report)
    key = ":".join([room.code, str(run.pk), run.started_at.isoformat(), verb, "nama" if with_names else ""])
    actor: Statement = {
        "objectType": "Agent",
        "account": {"homePage": iri("kelas", room.code), "name": f"kursi-{report.seat.number}"},
    }
    if with_names and report.seat.name:
        actor["name"] = report.seat.name
    return {
        "id": str(uuid.uuid5(OWN, key)),
        "actor": actor,
        "verb": {"id": ADL_VERB + verb, "display": {"id": VERBS[verb], "en-US": verb}},
        "object": {
            "objectType": "Activity",
            "id": iri("latihan", scenario.slug),
            "definition": {
                "type": SIMULATION,
                "name": {"id": scenario.title},
                "description": {"id": f"{scenario.goal} {MARK}"},
            },
        },
        "result": _result(report),
        "context": {
            "registration": str(uuid.uuid5(OWN, f"{room.code}:{run.pk}:{run.started_at.isoformat()}")),
            "platform": "Portal Latih (SIMULASI)",
            "language": "id",
            "contextActivities": {
                "grouping": [
                    {
                        "objectType": "Activity",
                        "id": iri("kelas", room.code),
                        "definition": {"type": COURSE, "name": {"id": room.name}},
                    }
                ]
            },
            "extensions": _extensions(report),
        },
        "timestamp": run.ended_at.isoformat() if run.ended_at else run.started_at.isoformat(),
    }


def verb_of(report: Report) -> str:
    """A test is passed or failed; an exercise is completed, or was terminated before its end."""
    if report.run.outcome == Run.Outcome.STOPPED:
        return "terminated"
    if report.run.mode == Run.Mode.TEST or report.run.outcome == Run.Outcome.OVER:
        return "passed" if report.is_whole else "failed"
    return "completed"


def _result(report: Report) -> Statement:
    result: Statement = {
        "success": report.is_whole,
        "completion": report.run.outcome == Run.Outcome.DONE,
        "duration": duration(report.result.took),
    }
    points = report.result.points
    if points is not None:
        result["score"] = {"scaled": points / 100, "raw": points, "min": 0, "max": 100}
    return result


def _extensions(report: Report) -> Statement:
    return {
        iri("cara"): report.run.mode,
        iri("petunjuk"): report.result.hint_count,
        iri("petunjuk-pelatih"): report.told,
        iri("terlambat"): [one.step.code for one in report.late],
        iri("terlewat"): [one.step.code for one in report.missed],
        iri("salah-jalan"): {one.wrong.code: one.times for one in report.result.wrongs},
        iri("gangguan"): [kind.id for kind in report.faults],
    }


def duration(took: timedelta) -> str:
    """ISO 8601, to the hundredth of a second as xAPI compares it.

    >>> duration(timedelta(minutes=5, seconds=3, microseconds=40_000))
    'PT303.04S'
    """
    seconds = max(took, timedelta(0)).total_seconds()
    return f"PT{seconds:.2f}".rstrip("0").rstrip(".") + "S"


def as_file(made: Sequence[Statement]) -> str:
    return json.dumps(made, ensure_ascii=False, indent=1)


# --- To an LRS -----------------------------------------------------------------------------------------------
class _Stay(HTTPRedirectHandler):
    """A key is given to the address that was set, and to no other that it names."""

    def redirect_request(self, *args, **kwargs) -> None:
        return None


def has_lrs() -> bool:
    return bool(settings.LRS_URL)


def send(made: Iterable[Statement]) -> int:
    """Store these statements in the LRS of the settings; how many. LrsFault in plain words when it does not take them.

    Sent a second time they change nothing: an LRS knows a statement by its id.
    """
    waiting = list(made)
    if urlsplit(settings.LRS_URL).scheme not in ("http", "https"):
        raise LrsFault("LRS_URL bukan alamat http atau https. Perbaiki pengaturannya, lalu kirim sekali lagi.")
    for start in range(0, len(waiting), AT_ONCE):
        _post(waiting[start : start + AT_ONCE])
    return len(waiting)


def _post(some: Sequence[Statement]) -> None:
    key = base64.b64encode(f"{settings.LRS_KEY}:{settings.LRS_SECRET}".encode()).decode()
    request = Request(  # noqa: S310 (the scheme is judged in `send`)
        f"{settings.LRS_URL.rstrip('/')}/statements",
        data=json.dumps(some).encode(),
        headers={
            "Content-Type": "application/json",
            "X-Experience-API-Version": VERSION,
            "Authorization": f"Basic {key}",
        },
    )
    try:
        with build_opener(_Stay).open(request, timeout=PATIENCE) as answer:
            stored = json.loads(answer.read(1_000_000))
    except HTTPError as refused:
        raise LrsFault(_reason(refused.code)) from refused
    except (URLError, HTTPException, OSError) as away:
        raise LrsFault("LRS tidak menjawab. Periksa LRS_URL dan jaringannya, lalu kirim sekali lagi.") from away
    except ValueError as odd:
        raise LrsFault("Yang menjawab di LRS_URL bukan LRS. Periksa alamatnya, lalu kirim sekali lagi.") from odd
    if not isinstance(stored, list) or len(stored) != len(some):
        raise LrsFault("LRS tidak menyebut semua catatan yang dikirim. Periksa isinya, lalu kirim sekali lagi.")


def _reason(status: int) -> str:
    told: dict[int, str] = {
        HTTPStatus.BAD_REQUEST: "LRS menolak isinya (400). Simpan berkasnya, lalu tanyakan kepada pengelola LRS.",
        HTTPStatus.UNAUTHORIZED: "LRS tidak menerima kuncinya (401). Periksa LRS_KEY dan LRS_SECRET.",
        HTTPStatus.FORBIDDEN: "Kunci LRS tidak berhak menulis (403). Minta hak tulis kepada pengelola LRS.",
        HTTPStatus.NOT_FOUND: "Di LRS_URL tidak ada LRS (404). Alamatnya berakhir sebelum /statements.",
        HTTPStatus.CONFLICT: "LRS sudah menyimpan catatan ini dengan isi lain (409). Yang lama tetap di sana.",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "LRS menganggap kiriman terlalu besar (413). Simpan berkasnya saja.",
    }
    if 300 <= status < 400:
        return f"LRS menunjuk ke alamat lain ({status}). Isi LRS_URL dengan alamat yang sebenarnya."
    if status >= 500:
        return f"LRS sedang bermasalah ({status}). Coba beberapa saat lagi; berkasnya dapat disimpan dahulu."
    return told.get(status, f"LRS menolak kiriman ({status}).")
