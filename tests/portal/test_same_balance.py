"""One balance, four ways to it: every invented participant, every KPJ, the same to the sen on web, app, SMS and PDF."""

import io
import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from pypdf import PdfReader

from jht import paper
from jht.models import Membership, Participant
from portal import cast
from portal.middleware import JAKARTA
from portal.models import SmsRegistration

pytestmark = pytest.mark.django_db
PHONE = "0849111111001"
LINKED = [person for person in cast.PEOPLE if person.is_linked]
DAYS_AGO = (0, 1, 40, 400)  # today, and days of this year and of years already credited


@pytest.fixture(scope="module")
def cast_of_everybody(django_db_setup, django_db_blocker):
    """Seeded once; every test sees it and leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def on_day(monkeypatch):
    """Makes every page believe that it is noon of this day."""

    def turn(day: date) -> None:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=JAKARTA)
        monkeypatch.setattr("portal.middleware.timezone.now", lambda: noon)

    return turn


def whole(amount: Decimal) -> str:
    """Rp1.234.567, rounded as screens round."""
    return f"Rp{amount.quantize(Decimal(1), ROUND_HALF_UP):,}".replace(",", ".")


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def texted(client, settings, membership: Membership, number: int) -> str:
    settings.SMS_SECRET = "rahasia-gerbang"
    SmsRegistration.objects.get_or_create(phone=PHONE, membership=membership, defaults={"at": timezone.now()})
    asked = {"dari": PHONE, "isi": f"SALDO {membership.kpj}", "id": f"sama-{number}", "kunci": "rahasia-gerbang"}
    return client.get("/sms/masuk", asked).text


@pytest.mark.parametrize("days_ago", DAYS_AGO)
@pytest.mark.parametrize("person", LINKED, ids=lambda person: person.slug)
def test_web_app_sms_and_pdf_say_the_same(client, settings, cast_of_everybody, on_day, person, days_ago):
    on = timezone.localdate() - timedelta(days=days_ago)
    on_day(on)
    participant = Participant.objects.select_related("user").get(memberships__kpj=person.jobs[0].kpj)
    client.force_login(participant.user)
    web = client.get("/jht/").context["account"]
    app = client.post("/jmo/").context["account"]

    assert app.total == web.total == sum(card.balance for card in web.cards)
    for number, card in enumerate(web.cards):
        membership = Membership.objects.get(kpj=card.kpj)
        page = client.get(f"/jmo/saldo/{card.kpj}/")
        assert page.context["card"].balance == card.balance == membership.balance(on)
        text = texted(client, settings, membership, number)
        if not card.has_jht:
            assert "Tanpa JHT" in page.text
            assert "tanpa saldo JHT" in text
            continue
        assert whole(card.balance) in words(page.text)
        assert whole(card.balance) in text
        if card.balance:
            assert client.get(f"/jht/{card.kpj}/").context["years"][0].closing == card.balance


@pytest.mark.parametrize("days_ago", (0, 400))
@pytest.mark.parametrize("person", LINKED, ids=lambda person: person.slug)
def test_the_pdf_closes_with_the_balance_of_the_app(client, cast_of_everybody, on_day, person, days_ago):
    on_day(timezone.localdate() - timedelta(days=days_ago))
    user = Participant.objects.get(memberships__kpj=person.jobs[0].kpj).user
    client.force_login(user)
    for kpj in Membership.objects.owned_by(user).values_list("kpj", flat=True):
        balance = client.get(f"/jmo/saldo/{kpj}/").context["card"].balance
        if balance:
            pdf = PdfReader(io.BytesIO(client.get(f"/jmo/layanan/{kpj}/rincian.pdf").content))
            assert paper.in_figures(balance) in "".join(page.extract_text() for page in pdf.pages)
