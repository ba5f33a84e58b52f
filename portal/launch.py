"""What `manage.py demo` decides before the settings are read: that it is a demo, and under which addresses."""

import argparse
import contextlib
import ipaddress
import socket
from collections.abc import Iterable, MutableMapping

ALL = ("0.0.0.0", "::")  # noqa: S104 (only when the trainer asks for the room)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def add_arguments(parser: argparse.ArgumentParser, environ: MutableMapping[str, str]) -> None:
    """Each may also be a variable of the same name: `make demo PORT=8001`."""
    parser.add_argument("--host", default=environ.get("HOST") or "127.0.0.1", help="0.0.0.0 untuk satu ruangan")
    parser.add_argument("--port", default=environ.get("PORT") or "8000", help="nomor port")


def prepare(arguments: list[str], environ: MutableMapping[str, str]) -> None:
    """Make this a demo, reachable under the addresses that HOST means. Called by manage.py."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    add_arguments(parser, environ)
    host = parser.parse_known_args(arguments)[0].host
    environ["DEMO"] = "1"
    names = environ.get("HOSTS", "").split(",") if environ.get("HOSTS") else [*LOOPBACK]
    extra = lan_addresses() if host in ALL else [host]
    environ["HOSTS"] = ",".join(dict.fromkeys([*names, *extra]))


def lan_addresses() -> list[str]:
    """The IPv4 addresses by which others in the room reach this machine, the likeliest first; sends nothing."""
    found = []
    for target in ("192.168.255.255", "10.255.255.255", "172.31.255.255", "198.51.100.1"):
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))  # a datagram socket only looks up the route
            found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return list(dict.fromkeys(_reachable(found)))


def _reachable(addresses: Iterable[str]) -> Iterable[str]:
    for address in addresses:
        number = ipaddress.ip_address(address)
        if not (number.is_loopback or number.is_unspecified):
            yield address
