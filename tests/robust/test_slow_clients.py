"""Two hundred clients on very bad Wi-Fi do not stop twenty ordinary ones."""

import contextlib
import socket
import statistics
import threading
import time

import pytest

from tests.server import Server

DRIBBLERS, ORDINARY, SECONDS = 200, 20, 12
HEADERS = b"GET /akun/login/ HTTP/1.1\r\nHost: localhost\r\nX-Lambat: "
BODY = (
    b"POST /akun/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 5000\r\n\r\nlogin="
)


def dribble(port: int, beginning: bytes, count: int, stop: threading.Event, alive: list[int]) -> None:
    """Open `count` connections and send one more byte on each, twice a second."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(count)]
        for each in sockets:
            each.sendall(beginning)
        while not stop.wait(0.5):
            for each in sockets:
                each.sendall(b"x")
        alive.append(len(sockets))


@pytest.mark.parametrize("kind", [HEADERS, BODY], ids=["headers", "bodies"])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_dribbling_clients_do_not_stop_the_others(kind, workers):
    with Server(WORKERS=workers) as server:
        stop, alive, times, failures = threading.Event(), [], [], []
        slow = threading.Thread(target=dribble, args=(server.port, kind, DRIBBLERS, stop, alive))
        slow.start()
        time.sleep(1)

        def visit(end: float) -> None:
            while time.monotonic() < end:
                began = time.monotonic()
                status = server.get("/akun/login/")[0]
                times.append(time.monotonic() - began)
                if status != 200:
                    failures.append(status)
                time.sleep(0.3)

        end = time.monotonic() + SECONDS
        people = [threading.Thread(target=visit, args=(end,)) for _ in range(ORDINARY)]
        for person in people:
            person.start()
        for person in people:
            person.join()
        stop.set()
        slow.join()

    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"{len(times)} pages, p95 {p95:.3f} s")
    assert failures == []
    assert alive == [DRIBBLERS]  # they really were there all the time
    assert p95 < 2
