"""The server itself, through a socket: what it says of itself, whom it believes, what it refuses, how it starts."""

import contextlib
import socket
import sqlite3

import pytest

from tests.portal.test_deploy import manage
from tests.server import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server(data_dir=tmp_path_factory.mktemp("server")) as server:
        yield server


def send(server: Server, raw: bytes) -> bytes:
    """What comes back for these bytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        answer = b""
        with contextlib.suppress(OSError):  # a refusal may come before everything was read
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                answer += part
        return answer


def test_it_does_not_say_what_it_is(server):
    _, headers, _ = server.get("/ketentuan/")

    assert "Server" not in headers
    assert "Via" not in headers
    assert "X-Powered-By" not in headers


@pytest.mark.parametrize("path", ["/static/portal/css/portal.css", "/static/portal/icons/sprite.svg"])
def test_static_files_wear_the_safe_headers(server, path):
    status, headers, _ = server.get(path)

    assert status == 200
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "raw",
    [
        b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /?a=%ed%a0%80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: lain.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: bpjsku.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\x80\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nA: \0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Type: a;charset=utf-7\r\n\r\na=b",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Type: a;b*=q''c\r\n\r\na=b",
    ],
)
def test_what_no_browser_sends_is_the_senders_fault(server, raw):
    answer = send(server, raw)

    assert b"HTTP/1.1 5" not in answer.replace(b"HTTP/1.0", b"HTTP/1.1").replace(b" 501 ", b" 4xx ")
    assert b"Traceback" not in answer
    assert "Traceback" not in server.log.read_text()
    assert server.get("/health/")[0] == 200


def test_without_a_proxy_of_ours_forwarded_headers_are_dropped(server):
    """Else a forged one would reach the limits, or make the site believe that it is encrypted."""
    raw = (
        b"GET /ketentuan/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: bpjsku.example\r\nConnection: close\r\n\r\n"
    )

    assert send(server, raw).startswith(b"HTTP/1.1 200")


def test_a_port_in_use_is_one_sentence(server, tmp_path):
    done = manage(tmp_path, "demo", PORT=str(server.port))

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"Port {server.port} sedang dipakai" in done.stderr


@pytest.mark.parametrize("port", ["0", "65536", "x", "80.5", "²"])
def test_a_port_that_is_none_is_one_sentence(tmp_path, port):
    done = manage(tmp_path, "demo", "--port", port)

    assert done.returncode == 1
    assert done.stderr.startswith(f"PORT={port} bukan nomor port.")
    assert done.stderr.count("\n") == 1


def test_an_address_of_another_machine_is_one_sentence(tmp_path):
    done = manage(tmp_path, "demo", HOST="203.0.113.9")

    assert done.returncode == 1
    assert "tidak punya alamat 203.0.113.9" in done.stderr


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path):
    done = manage(tmp_path, "demo", PORT="18913", DATABASE_URL="postgres://x@127.0.0.1:9/x")

    assert done.returncode == 1
    assert "Basis data tidak dapat dihubungi" in done.stderr
    assert "Traceback" not in done.stderr


def test_fresh_deletes_no_database_but_its_own(tmp_path):
    foreign = tmp_path / "milik-orang.sqlite3"
    foreign.write_bytes(b"")
    done = manage(tmp_path, "demo", PORT="18914", FRESH="1", DATABASE_URL=f"sqlite:///{foreign}")

    assert done.returncode == 1
    assert "hanya menghapus basis data bawaan" in done.stderr
    assert foreign.exists()


def test_a_second_demo_keeps_the_data_and_a_fresh_one_says_that_it_does_not(tmp_path):
    def rename(name: str) -> list[str]:
        with contextlib.closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as database, database:
            names = [row[0] for row in database.execute("SELECT name FROM jht_employer WHERE npp = 'L4900001'")]
            database.execute("UPDATE jht_employer SET name = ? WHERE npp = 'L4900001'", [name])
            return names

    passwords = []
    for environ, expected in (({}, None), ({}, "PT Diubah"), ({"FRESH": "1"}, None)):
        with Server(data_dir=tmp_path, **environ) as server:
            names = rename("PT Diubah")
            passwords.append(server.log.read_text().split("budi@latih.test")[-1].split()[0])
            assert (names == ["PT Diubah"]) == (expected is not None)

    assert len(set(passwords)) == 1  # the secret stays, so do the passwords
    assert server.log.read_text().count("FRESH=1: data latihan lama dihapus") == 1


def test_a_room_gets_its_address_and_a_code_to_scan(tmp_path):
    with Server(data_dir=tmp_path, HOST="0.0.0.0") as server:
        words = server.log.read_text()
        assert "██" in words or "tidak terhubung ke jaringan" in words
        if "Di ruangan ini" in words:
            address = words.split("Di ruangan ini")[1].split()[0].removeprefix("http://").partition(":")[0]
            assert server.get("/ketentuan/", Host=address)[0] == 200
