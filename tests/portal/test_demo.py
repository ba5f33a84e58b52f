"""What only a training room has."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command

from accounts.models import User
from portal import demo, launch


@pytest.fixture
def training_room(settings):
    settings.DEMO = True


def test_outside_a_demo_there_are_no_cards_and_no_passwords(settings):
    settings.DEMO = False

    assert demo.login_cards() == []
    assert demo.prefill("budi") is None


def test_everybody_in_the_cast_has_a_card_participants_first(training_room):
    cards = demo.login_cards()

    assert len(cards) >= 14
    assert [card.role for card in cards[-2:]] == ["clerk", "trainer"]
    assert {card.role for card in cards[:-2]} == {"participant"}
    assert all(card.name and card.story and card.email.endswith("@latih.test") for card in cards)


def test_a_card_fills_in_its_own_login_and_an_unknown_one_nothing(training_room):
    assert demo.prefill("budi")[0] == "budi@latih.test"
    assert demo.prefill("tidak-ada") is None


def test_every_password_passes_the_rules_for_its_role(training_room):
    for card in demo.login_cards():
        validate_password(card.password, User(email=card.email, is_staff=card.is_staff))
        assert len(card.password) >= (15 if card.is_staff else 8)
        assert re.fullmatch(r"([a-z]+-)+\d\d", card.password)


def test_passwords_belong_to_one_installation(training_room, settings):
    here = {card.password for card in demo.login_cards()}
    again = {card.password for card in demo.login_cards()}
    settings.SECRET_KEY = "another installation"
    there = {card.password for card in demo.login_cards()}

    assert here == again
    assert len(here) == len(demo.login_cards())
    assert not here & there


def test_everybody_on_a_card_can_log_in_after_seeding(db, training_room):
    call_command("seed", verbosity=0)

    for card in demo.login_cards():
        user = User.objects.get(email=card.email)
        assert user.check_password(card.password)
        assert user.is_staff == card.is_staff


@pytest.mark.parametrize(
    "arguments, environ, hosts",
    [
        ([], {}, "localhost,127.0.0.1,[::1]"),
        ([], {"HOST": "192.168.1.7"}, "localhost,127.0.0.1,[::1],192.168.1.7"),
        (["--host", "192.168.1.7"], {"HOST": ""}, "localhost,127.0.0.1,[::1],192.168.1.7"),
        (["--port=8001"], {"HOSTS": "latih.example"}, "latih.example,127.0.0.1"),
        ([], {"HOST": launch.ALL[0]}, "localhost,127.0.0.1,[::1],10.1.2.3"),
        (["--host=::"], {"HOSTS": "kelas.local"}, "kelas.local,10.1.2.3"),
    ],
)
def test_the_demo_serves_the_names_that_its_address_means(monkeypatch, arguments, environ, hosts):
    monkeypatch.setattr(launch, "lan_addresses", lambda: ["10.1.2.3"])
    launch.prepare(arguments, environ)

    assert environ["HOSTS"] == hosts
    assert environ["DEMO"] == "1"


def test_addresses_of_the_room_are_not_loopback():
    assert not any(address.startswith("127.") for address in launch.lan_addresses())
