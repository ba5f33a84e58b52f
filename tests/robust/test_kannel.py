"""The real gateway, Debian's Kannel with its own pretended message centre: a text comes in, the answer goes out."""

import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.postgres import free_port
from tests.server import ROOT, Server

BEARERBOX = Path("/usr/sbin/bearerbox")
FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")
PHONE, SECRET = "0849123456001", "kunci-gerbang-latihan"
DOCUMENTED = re.compile(r"^```text\n(group = core.*?)^```$", re.M | re.S)


def configuration(site: str, folder: Path, **ports: int) -> str:
    """The one of docs/sms.md, with this run's ports, folder and secrets."""
    text = DOCUMENTED.search((ROOT / "docs" / "sms.md").read_text())[1]
    for documented, here in {
        "13000": ports["admin"],
        "13001": ports["smsbox"],
        "10100": ports["smsc"],
        "13013": ports["sendsms"],
        "http://127.0.0.1:8000": site,
        "/var/spool/kannel/latih.store": folder / "kannel.store",
        "RAHASIA-BERSAMA": SECRET,
    }.items():
        assert documented in text
        text = text.replace(documented, str(here))
    return text


class Kannel:
    """bearerbox and smsbox on free ports; `text` plays the message centre."""

    def __init__(self, folder: Path):
        if not (BEARERBOX.exists() and FAKESMSC.exists()):
            pytest.fail("This test needs Kannel: install kannel and kannel-extras, then run it again.")
        self.folder = folder
        self.admin, self.smsbox, self.smsc, self.sendsms = (free_port() for _ in range(4))
        self.processes: list[subprocess.Popen] = []
        self.centre: subprocess.Popen | None = None

    def start(self, site: str) -> None:
        written = self.folder / "kannel.conf"
        ports = {name: getattr(self, name) for name in ("admin", "smsbox", "smsc", "sendsms")}
        written.write_text(configuration(site, self.folder, **ports))
        for box in ("bearerbox", "smsbox"):
            self._run(f"{box}.log", f"/usr/sbin/{box}", str(written))
            time.sleep(1.5)

    def listen(self, *texts: str) -> None:
        """The message centre: hands over these texts from PHONE, then prints what comes back. Only one at a time."""
        if self.centre:
            self.centre.send_signal(signal.SIGKILL)
            self.centre.wait(10)
        arguments = [FAKESMSC, "-r", str(self.smsc), "-H", "127.0.0.1", "-i", "0.5", "-m", str(len(texts))]
        messages = [f"{PHONE} 2757 text {text}" for text in texts]
        self.centre = self._run("fakesmsc.log", *map(str, arguments), *messages)

    def _run(self, log: str, *command: str) -> subprocess.Popen:
        with (self.folder / log).open("wb") as out:
            self.processes.append(subprocess.Popen(command, stdout=out, stderr=out, cwd=self.folder))
        return self.processes[-1]

    def heard(self, words: str, seconds: float = 60) -> str:
        """What the message centre has printed, once these words are in it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            printed = (self.folder / "fakesmsc.log").read_text(errors="replace")
            if words in printed:
                return printed
            time.sleep(0.2)
        logs = "\n".join(path.read_text(errors="replace")[-1500:] for path in self.folder.glob("*.log"))
        raise AssertionError(f"never heard {words!r}:\n{logs}")

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.send_signal(signal.SIGKILL)
            process.wait(10)


@pytest.fixture
def kannel(tmp_path):
    gateway = Kannel(tmp_path)
    yield gateway
    gateway.stop()


def test_a_text_comes_in_and_the_answer_goes_out(kannel):
    with Server(SMS_SECRET=SECRET) as server:
        kannel.start(server.url)
        kannel.listen("DAFTAR SALDO#4971011503880001#15-03-1988#49000000011")
        kannel.heard("sekarang terdaftar untuk KPJ *******0011")

        kannel.listen("SALDO 49000000011")
        printed = kannel.heard("Saldo JHT KPJ *******0011 sampai")

    assert f"2757 {PHONE}" in printed
    assert "SIMULASI. Saldo" in printed


def test_our_own_texts_leave_through_the_gateway(kannel):
    sendsms = f"http://127.0.0.1:{kannel.sendsms}/cgi-bin/sendsms?username=latih&password=sandi-latih&from=2757"
    with Server(SMS_SECRET=SECRET, SMS_URL=sendsms) as server:
        kannel.start(server.url)
        kannel.listen("halo")
        kannel.heard("Kata tidak dikenal")
        send = "from accounts.texts import send_code; from django.utils import timezone"
        server.manage("shell", "-v0", "-c", f"{send}; send_code('{PHONE}', '048213', timezone.now())")
        server.get("/health/")  # wakes this process's courier, which finds what the other one left

        assert "Kode verifikasi Anda 048213" in kannel.heard("048213")
