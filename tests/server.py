"""The real server as a subprocess, for tests that need a socket: `with Server(...) as server: server.get("/")`."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent


class Server:
    """`manage.py demo` (or `serve`) on a free port with its own DATA_DIR, in a process group of its own.

    `environ` adds variables, e.g. DATABASE_URL, CACHE_URL, WORKERS, HOST.
    """

    def __init__(self, data_dir: Path | None = None, command: str = "demo", host: str = "127.0.0.1", **environ: str):
        self._temporary = None if data_dir else tempfile.TemporaryDirectory(prefix="latih-data-")
        self.data_dir = Path(data_dir or self._temporary.name)
        self.command, self.port = command, free_port()
        self.host = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # where to knock
        self.log = self.data_dir / "server.log"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT", "LANG") if name in os.environ}
        self.environ = {
            **kept,
            "DATA_DIR": str(self.data_dir),
            "HOST": host,
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **environ,
        }

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def manage(self, *arguments: str) -> str:
        """One management command in the same installation; its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, timeout: float = 60) -> "Server":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", self.command],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.wait_until_healthy(timeout)
        return self

    def wait_until_healthy(self, timeout: float = 60) -> float:
        """Seconds until /health/ answered 200."""
        began = time.monotonic()
        while time.monotonic() - began < timeout:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get("/health/", timeout=10)[0] == 200:
                    return time.monotonic() - began
            time.sleep(0.05)
        raise AssertionError(f"the server is not healthy:\n{self.log.read_text()[-4000:]}")

    def get(self, path: str, timeout: float = 30, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def children(self) -> list[int]:
        """Process ids of the workers."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def kill(self) -> None:
        """kill -9 of the process we started; its workers must notice by themselves."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(self, *exc) -> None:
        self.stop()
        if self._temporary:
            self._temporary.cleanup()
