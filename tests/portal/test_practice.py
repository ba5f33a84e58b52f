"""The practice card on Hubungkan kepesertaan: a demo's trainee has something to type."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from jht.models import Participant
from portal.practice import practice_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings):
    settings.DEMO = True
    call_command("seed", verbosity=0)


def account(email):
    return get_user_model().objects.create_user(email)


def test_accounts_made_one_after_another_get_different_cards_that_link(cast, client):
    trainees = [account(f"orang{number}@latih.test") for number in range(3)]
    cards = [practice_card(trainee) for trainee in trainees]
    person = cards[0].participant

    client.force_login(trainees[0])
    page = client.get("/jht/hubungkan/")
    client.post(
        "/jht/hubungkan/",
        {
            "nik": person.nik,
            "kpj": cards[0].kpj,
            "name": person.name,
            "birth_date": person.birth_date.strftime("%d-%m-%Y"),
        },
    )

    assert len({card.kpj for card in cards}) == 3
    assert person.name in page.text
    assert Participant.objects.get(user=trainees[0]) == person
    assert practice_card(account("orang9@latih.test")).kpj != cards[0].kpj


def test_somebody_of_the_cast_gets_the_card_of_the_story(cast):
    fajar = get_user_model().objects.get(email="fajar@latih.test")

    assert practice_card(fajar).participant.name == "Fajar Ramadani"


def test_without_a_demo_there_is_no_card(cast, settings):
    settings.DEMO = False

    assert practice_card(account("orang@latih.test")) is None


def test_seeding_twice_changes_nothing(cast):
    before = Participant.objects.count()

    call_command("seed", verbosity=0)

    assert Participant.objects.count() == before
