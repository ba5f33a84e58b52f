"""xAPI 1.0.3: what the statements say, and what an LRS answers to them. The LRS here is a real server."""

import base64
import json
import re
import threading
import uuid
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from portal.training.models import Run
from portal.training.runs import running
from portal.training.steering import debrief, xapi
from tests.portal.training.test_board import LOGIN, REFUSED
from tests.portal.training.test_debrief import SEEN, fresh, go

KEY, SECRET = "kunci", "rahasia-lrs"


class Lrs(BaseHTTPRequestHandler):
    """The part of an LRS that stores statements, after the rules of xAPI 1.0.3, part three, 2.1.2."""

    def do_POST(self):
        server = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if server.trouble:
            return self.answer(server.trouble, b"", Location=f"http://127.0.0.1:{server.server_port}/lain")
        if self.path != "/xapi/statements":
            return self.answer(404, b"")
        if self.headers["Authorization"] != "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode():
            return self.answer(401, b"")
        if not re.fullmatch(r"1\.0(\.[0-3])?", self.headers["X-Experience-API-Version"] or ""):
            return self.answer(400, b"")
        if self.headers["Content-Type"] != "application/json":
            return self.answer(400, b"")
        sent = json.loads(body)
        for statement in sent:
            stored = server.stored.get(statement["id"])
            if stored is not None and stored != statement:
                return self.answer(409, b"")
        server.stored |= {statement["id"]: statement for statement in sent}
        server.requests.append(len(sent))
        return self.answer(200, json.dumps([statement["id"] for statement in sent]).encode())

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def lrs(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Lrs)
    server.stored, server.requests, server.trouble = {}, [], None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.LRS_URL = f"http://127.0.0.1:{server.server_port}/xapi"
    settings.LRS_KEY, settings.LRS_SECRET = KEY, SECRET
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def of(room, **options) -> list[dict]:
    return xapi.statements(debrief.of_room(room, timezone.now()), **options)


def iris(value) -> list[str]:
    """Whatever must be an IRI in a statement."""
    if isinstance(value, list):
        return [one for part in value for one in iris(part)]
    if not isinstance(value, dict):
        return []
    found = [value[name] for name in ("homePage", "type") if name in value]
    if "display" in value or value.get("objectType") == "Activity":
        found.append(value["id"])
    found += [*value.get("extensions", {})]
    return found + [one for part in value.values() for one in iris(part)]


@pytest.mark.parametrize("origin", ["", "https://latih.example"])
def test_a_statement_is_valid_xapi(room, sit, settings, origin):
    settings.SITE_ORIGIN = origin
    go(sit("Andi"), REFUSED, LOGIN, SEEN, minutes=5)
    (made,) = of(room)

    assert str(uuid.UUID(made["id"])) == made["id"]
    assert made["actor"]["objectType"] == "Agent" and set(made["actor"]["account"]) == {"homePage", "name"}
    assert made["verb"]["id"] == "http://adlnet.gov/expapi/verbs/completed"
    assert datetime.fromisoformat(made["timestamp"]).utcoffset() is not None
    assert re.fullmatch(r"PT\d+(\.\d{1,2})?S", made["result"]["duration"])
    assert 300 <= float(made["result"]["duration"][2:-1]) < 400
    score = made["result"]["score"]
    assert score == {"scaled": 0.9, "raw": 90, "min": 0, "max": 100}
    assert made["result"]["success"] is made["result"]["completion"] is True
    assert str(uuid.UUID(made["context"]["registration"])) == made["context"]["registration"]
    assert len(iris(made)) > 8
    for iri in iris(made):
        assert urlsplit(iri).scheme in ("http", "https", "urn") and " " not in iri
    assert made["object"]["id"].startswith(f"{origin}/xapi/" if origin else "urn:x-portal-latih:")
    json.loads(xapi.as_file([made]))


def test_no_real_name_unless_it_is_wanted(room, sit, trainer):
    go(sit("Andi Sungguhan"), LOGIN, SEEN)
    plain, named = (trainer.get(f"/pelatih/{room.pk}/bahas.json{query}") for query in ("", "?nama=1"))

    assert "Andi" not in plain.text and '"name": "kursi-1"' in plain.text
    assert json.loads(named.content)[0]["actor"]["name"] == "Andi Sungguhan"
    assert json.loads(named.content)[0]["id"] != json.loads(plain.content)[0]["id"]
    assert plain["Content-Type"] == "application/json" and "attachment" in plain["Content-Disposition"]


def test_the_verb_says_how_it_ended(room, sit):
    done, stopped, over, failed = sit("Andi"), sit("Bela"), sit("Citra"), sit("Dodi")
    go(done, LOGIN, SEEN, mode="uji")
    running.stop(go(stopped, LOGIN))
    run = go(over, LOGIN, mode="uji", minutes=9)
    Run.objects.filter(pk=run.pk).update(deadline_at=timezone.now() - timedelta(minutes=3))
    running.open_run(fresh(over))
    go(failed, SEEN, mode="uji")

    assert [made["verb"]["id"].rpartition("/")[2] for made in of(room)] == ["passed", "terminated", "failed", "failed"]
    assert [made["result"]["completion"] for made in of(room)] == [True, False, False, True]
    assert [made["result"]["success"] for made in of(room)] == [True, False, False, False]


def test_what_still_runs_and_what_is_not_scored(room, sit):
    go(sit("Andi"), LOGIN)
    go(sit("Bela"), LOGIN, SEEN, mode="bimbing")
    (made,) = of(room)

    assert made["actor"]["account"]["name"] == "kursi-2"
    assert "score" not in made["result"]


def test_the_same_class_makes_the_same_statements(room, sit):
    go(sit("Andi"), REFUSED, LOGIN, SEEN)

    assert of(room) == of(room)


# --- To an LRS -----------------------------------------------------------------------------------------------
def test_an_lrs_stores_them_once_however_often_they_are_sent(room, sit, trainer, lrs):
    go(sit("Andi"), LOGIN, SEEN), go(sit("Bela"), LOGIN, SEEN)
    pages = [trainer.post(f"/pelatih/{room.pk}/bahas/lrs/", follow=True).text for _ in range(2)]

    assert all("2 catatan disimpan di LRS." in page for page in pages)
    assert len(lrs.stored) == 2 and lrs.requests == [2, 2]


def test_many_go_in_several_requests(room, sit, lrs, monkeypatch):
    monkeypatch.setattr(xapi, "AT_ONCE", 2)
    browser = sit("Andi")
    for _ in range(5):
        go(browser, LOGIN, SEEN)

    assert xapi.send(of(room)) == 5
    assert lrs.requests == [2, 2, 1]


def test_with_a_wrong_key_the_trainer_is_told_which_settings_to_look_at(room, sit, trainer, lrs, settings):
    settings.LRS_SECRET = "lain"
    go(sit("Andi"), LOGIN, SEEN)

    assert "Periksa LRS_KEY dan LRS_SECRET" in trainer.post(f"/pelatih/{room.pk}/bahas/lrs/", follow=True).text
    assert not lrs.stored


@pytest.mark.parametrize(
    "status, told",
    [
        (302, "menunjuk ke alamat lain"),
        (400, "menolak isinya"),
        (403, "tidak berhak menulis"),
        (404, "tidak ada LRS"),
        (409, "dengan isi lain"),
        (413, "terlalu besar"),
        (418, "menolak kiriman (418)"),
        (503, "sedang bermasalah"),
        (200, "bukan LRS"),
        (599, "sedang bermasalah"),
    ],
)
def test_every_refusal_has_its_sentence_and_no_key_goes_elsewhere(room, sit, lrs, status, told):
    go(sit("Andi"), LOGIN, SEEN)
    lrs.trouble = status

    with pytest.raises(xapi.LrsFault, match=re.escape(told)):
        xapi.send(of(room))
    assert not lrs.stored


def test_an_lrs_that_is_away_is_said_to_be_away(room, sit, settings):
    settings.LRS_URL = "http://127.0.0.1:9/xapi"
    go(sit("Andi"), LOGIN, SEEN)

    with pytest.raises(xapi.LrsFault, match="tidak menjawab"):
        xapi.send(of(room))


def test_only_http_addresses_are_asked(room, settings):
    settings.LRS_URL = "file:///etc/passwd"

    with pytest.raises(xapi.LrsFault, match="bukan alamat http"):
        xapi.send([])


def test_without_an_lrs_there_is_no_button_and_nothing_is_sent(room, sit, trainer, settings):
    settings.LRS_URL = ""
    go(sit("Andi"), LOGIN, SEEN)

    assert "Kirim ke LRS" not in trainer.get(f"/pelatih/{room.pk}/bahas/").text
    assert trainer.post(f"/pelatih/{room.pk}/bahas/lrs/").status_code == 404
