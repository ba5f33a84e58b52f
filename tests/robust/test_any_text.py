"""Ten thousand texts nobody planned for, through both doors, on PostgreSQL: no error, and never a bare answer."""

import hashlib
import hmac
import http.client
import json
import random
import time
from collections import Counter
from contextlib import closing
from urllib.parse import urlencode

from tests.portal.strange_texts import texts
from tests.server import Server

COUNT, SEED = 10_000, 2757
SECRET = "kunci-gerbang-latihan"
PER_NUMBER = 20  # below the limit of a number, so that texts are read and not counted


def by_kannel(number: int, text: str, chance: random.Random) -> tuple[str, str, bytes | None, dict[str, str]]:
    asked = {"dari": phone(number), "isi": text, "id": f"k{number}", "kunci": SECRET}
    if chance.random() < 0.05:
        asked.pop(chance.choice(list(asked)))
    query = urlencode(asked)
    if chance.random() < 0.03:
        query += chance.choice(("%00", "%ff", "%", "&isi=%c3%28", "&dari=%ed%a0%80", "&charset=UTF-7&coding=9"))
    return "GET", f"/sms/masuk?{query}", None, {}


def by_json(number: int, text: str, chance: random.Random) -> tuple[str, str, bytes | None, dict[str, str]]:
    body = json.dumps({"id": f"j{number}", "from": phone(number), "text": text}).encode()
    if chance.random() < 0.1:
        place = chance.randrange(len(body))
        body = body[:place] + bytes(chance.randrange(256) for _ in range(3)) + body[place + 1 :]
    moment = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    kind = chance.choice(("application/json",) * 30 + ("text/plain", "multipart/form-data; boundary=x", "", "a" * 300))
    headers = {"Content-Type": kind, "X-Latih-Time": moment, "X-Latih-Signature": signature}
    return "POST", "/sms/masuk.json", body, headers


def phone(number: int) -> str:
    return f"0849{number // PER_NUMBER:06}001"


def test_ten_thousand_texts_cause_no_error(postgres):
    chance, seen = random.Random(SEED), Counter()
    with (
        Server(SMS_SECRET=SECRET, DATABASE_URL=postgres.new_database()) as server,
        closing(http.client.HTTPConnection(server.host, server.port, timeout=30)) as connection,
    ):
        for number, text in enumerate(texts(COUNT, SEED)):
            door = by_kannel if number % 2 else by_json
            method, path, body, headers = door(number, text, chance)
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = response.read().decode()
            seen[f"{door.__name__} {response.status}"] += 1
            assert response.status < 500, (path, text)
            if response.status == 200:
                said = answer if door is by_kannel else json.loads(answer)["reply"]
                assert said.startswith("SIMULASI. "), (text, answer)
        log = server.log.read_text()
    print(dict(seen))
    assert "Traceback" not in log
    assert seen["by_kannel 200"] > COUNT * 0.4
    assert seen["by_json 200"] > COUNT * 0.3
