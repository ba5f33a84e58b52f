"""Waitress in front of the site: one process, or several that share one listening socket.

Waitress reads a request completely before a thread works on it, so people on bad Wi-Fi hold a buffer and not a
thread (tests/robust measures it). Nothing a client says about itself is believed unless proxies of ours are
configured (TRUSTED_PROXIES); then the headers pass through and accounts/limits.py and Django read them.
"""

import contextlib
import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

log = logging.getLogger("portal.server")

THREADS = 8  # per process; as many as there are connections in the PostgreSQL pool
CONNECTIONS = 1_000  # per process; waitress stops at 100 unless told otherwise
RESPAWN_DELAY = 1.0  # seconds, for a worker that died as soon as it was born


class CannotListen(Exception):
    """The address cannot be served; the message is the sentence for the person at the keyboard."""


def listen(host: str, port: str) -> socket.socket:
    """A bound socket for `host` (name or number); raises CannotListen."""
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise CannotListen(f"PORT={port} bukan nomor port. Pilih 1024 sampai 65535, misalnya PORT=8000.")
    try:
        family, _, _, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)  # on Windows, REUSEADDR would share a used port
        bound.setsockopt(socket.SOL_SOCKET, exclusive or socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(1024)
    except (OSError, UnicodeError) as error:
        raise CannotListen(_why(error, host, int(port))) from error
    return bound


def _why(error: Exception, host: str, port: int) -> str:
    number = getattr(error, "errno", None)
    if number in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", None)):
        return (
            f"Port {port} sedang dipakai, mungkin oleh Portal Latih yang sudah berjalan. "
            f"Hentikan program itu, atau pilih port lain, misalnya PORT={port + 1}."
        )
    if number == errno.EACCES:
        return f"Port {port} tidak boleh dipakai tanpa hak khusus. Pilih port di atas 1023, misalnya PORT=8000."
    return f"Komputer ini tidak punya alamat {host}. Pakai HOST=127.0.0.1, atau HOST=0.0.0.0 untuk satu ruangan."


def serve(bound: socket.socket, workers: int) -> None:
    """Answer requests until SIGTERM or Ctrl+C."""
    from django.db import connections

    connections.close_all()  # those of the start; every thread opens its own
    if workers > 1 and os.name == "nt":
        raise CannotListen("Di Windows server ini berjalan dengan satu proses. Kosongkan WORKERS.")
    if workers > 1:
        supervise(bound, workers)
    else:
        run(bound)


def run(bound: socket.socket) -> None:
    """This process answers."""
    from django.conf import settings
    from django.utils import timezone
    from waitress.server import create_server

    from jht.holidays_id import is_holiday
    from portal.wsgi import application

    is_holiday(timezone.localdate())  # the library is read now: the first visitor does not wait for it
    _allow_open_files(CONNECTIONS + 100)
    signal.signal(signal.SIGTERM, _leave)
    server = create_server(
        application,
        sockets=[bound],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,  # select() knows no file number above 1023
        channel_timeout=60,  # seconds without a byte from the client
        cleanup_interval=10,
        max_request_header_size=32 * 1024,
        max_request_body_size=max(settings.UPLOADS.values()) + settings.DATA_UPLOAD_MAX_MEMORY_SIZE,  # RefuseMalformed
        ident="",  # which server this is, is nobody's business
        trusted_proxy=None,
        clear_untrusted_proxy_headers=not settings.TRUSTED_PROXIES,
        log_socket_errors=False,  # people close laptops
    )
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a full room waits a moment: no news
    server.run()


def _leave(signum, frame):
    raise SystemExit(0)


def _allow_open_files(wanted: int) -> None:
    """Every connection is an open file; laptops often begin with room for 256."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(wanted, hard), hard))


# --- Several processes ---------------------------------------------------------------------------------------
class Worker:
    """A child that accepts from the shared socket. It dies with its parent: it holds the end of a pipe."""

    def __init__(self, bound: socket.socket, alive: int):
        handles = (bound.fileno(), alive)
        self.born = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 (our own module, our own numbers)
            [sys.executable, "-m", "portal.server", *map(str, handles)],
            cwd=Path(__file__).resolve().parent.parent,
            pass_fds=handles,
            stdin=subprocess.DEVNULL,
        )


def supervise(bound: socket.socket, count: int) -> None:
    """Keep `count` workers alive until told to stop; then stop them all."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    alive, _held_until_we_die = os.pipe()
    workers = [Worker(bound, alive) for _ in range(count)]
    while not stopping.wait(0.1):
        for place, worker in enumerate(workers):
            if worker.process.poll() is None:
                continue
            if time.monotonic() - worker.born < RESPAWN_DELAY and stopping.wait(RESPAWN_DELAY):
                break
            log.error("worker %s ended (%s); starting another", worker.process.pid, worker.process.returncode)
            workers[place] = Worker(bound, alive)
    bound.close()
    for worker in workers:
        worker.process.terminate()
    deadline = time.monotonic() + 10
    for worker in workers:
        try:
            worker.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            worker.process.kill()
            worker.process.wait()


def _die_with_parent(alive: int) -> None:
    """Nobody ever writes to the pipe: it ends when the parent does, also by kill -9."""
    os.read(alive, 1)
    os._exit(1)


def main(bound: str, alive: str) -> None:
    """A worker: `python -m portal.server SOCKET PIPE`."""
    threading.Thread(target=_die_with_parent, args=(int(alive),), daemon=True).start()
    run(socket.socket(fileno=int(bound)))


if __name__ == "__main__":
    main(*sys.argv[1:])
