"""The simulation never answers under a name that could be taken for the real site."""

import inspect

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from portal import guard
from portal.guard import resembles_the_real_site
from portal.middleware import SimulationGuard

BACKENDS = "django.core.cache.backends"
LOOK_ALIKES = [
    "sso.bpjsketenagakerjaan.go.id",
    "www.bpjsketenagakerjaan.go.id",
    "bpjsketenagakerjaan.example",
    "bpjs-ketenagakerjaan.com",
    "sso-bpjs.net",
    "BPJSTK.example:8000",
    "bpjsku.example",
    "bpj5.example",
    "8pjs.example",
    "b.p.j.s.example",
    "jamsostek.id",
    "jams0stek.example",
    "jamsosteks.example",
    "bpjsketenagakerjan.com",
    "bpjs-ketenaqakerjaan.com",
    "ketenaga-kerja4n.example",
    "portal.kemnaker.example",
    "bрjs.example",  # Cyrillic er
    "xn--bjs-0ed.example",  # the same, as a browser sends it
    "ｂｐｊｓ.example",  # full width
    "bṗjs.example",  # a dot above
    "anything.go.id",
    "go.id",
    "bpjsku.example.",
]
ORDINARY = [
    "latih.example",
    "localhost",
    "127.0.0.1:8000",
    "192.168.1.5",
    "10.0.0.7:8080",
    "[::1]:8000",
    "[fe80::b1]:8000",
    "laptop-guru.local",
    "portal-latih.sekolah.sch.id",
    ".latih.example",
    "rumahanakeren.sch.id",
    "smk-tenaga-kerja.sch.id",
    "bps.example",
    "cargo.id",
    "",
]


@pytest.mark.parametrize("host", LOOK_ALIKES)
def test_a_look_alike_is_recognised(host):
    assert resembles_the_real_site(host)


@pytest.mark.parametrize("host", ORDINARY)
def test_an_ordinary_name_is_left_alone(host):
    assert not resembles_the_real_site(host)


@pytest.mark.parametrize("host", ["bpjsku.example", "sso.bpjsketenagakerjaan.go.id", "xn--bjs-0ed.example"])
@pytest.mark.parametrize("path", ["/", "/ketentuan/", "/health/", "/static/portal/css/portal.css"])
def test_a_request_under_a_look_alike_is_misdirected(client, host, path):
    response = client.get(path, headers={"host": host})

    assert response.status_code == 421
    assert "SIMULASI" in response.text
    assert "menyerupai situs resmi" in response.text


def test_being_listed_as_a_host_does_not_open_the_door(client):
    with override_settings(ALLOWED_HOSTS=["bpjsku.example", "*"]):
        assert client.get("/", headers={"host": "bpjsku.example"}).status_code == 421


def test_a_look_alike_in_front_of_a_proxy_is_misdirected_too(client):
    response = client.get("/ketentuan/", headers={"x-forwarded-host": "latih.example, bpjsku.example"})

    assert response.status_code == 421


@pytest.mark.parametrize("changes", [{"DEMO": True}, {"DEBUG": True}, {"HTTPS": True}, {"DEMO": False}])
def test_no_setting_switches_the_guard_off(client, changes):
    with override_settings(ALLOWED_HOSTS=["*"], **changes):
        assert client.get("/ketentuan/", headers={"host": "bpjsku.example"}).status_code == 421


def test_the_guard_asks_no_setting():
    assert "settings" not in inspect.getsource(guard)
    assert "settings" not in inspect.getsource(SimulationGuard)


def test_a_foreign_but_innocent_host_is_a_bad_request(client):
    assert client.get("/ketentuan/", headers={"host": "lain.example"}).status_code == 400


def start_errors() -> set[str]:
    return {message.id for message in run_checks() if message.is_serious()}


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"ALLOWED_HOSTS": ["localhost", "bpjsku.example"]}, "portal.E001"),
        ({"SITE_ORIGIN": "https://sso.bpjs-ketenagakerjaan.example"}, "portal.E001"),
        ({"ALLOWED_HOSTS": ["*"]}, "portal.E002"),
        (
            {"WORKERS": 2, "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}},
            "portal.E003",
        ),
        (
            {"WORKERS": 2, "CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}},
            "portal.E003",
        ),
        ({"HTTPS": True, "TRUSTED_PROXIES": 0}, "portal.E004"),
    ],
)
def test_an_installation_that_would_harm_people_does_not_start(changes, error):
    assert start_errors() == set()
    with override_settings(**changes):
        assert start_errors() == {error}
