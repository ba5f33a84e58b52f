"""Texts at the desk: trainers look, nobody writes, and nobody reads a code there."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import TextMessage
from accounts.texts import send_code
from portal.models import SmsRegistration
from portal.sms.inbox import receive
from tests.jht.factories import make_membership

pytestmark = pytest.mark.django_db
PHONE = "0849111111001"
LISTS = ("/petugas/accounts/textmessage/", "/petugas/portal/smsregistration/")


@pytest.fixture
def staff(client):
    def sign_in(role: str):
        user = get_user_model().objects.create_user(f"{role}@latih.test".lower(), is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        return user

    return sign_in


@pytest.fixture
def rows():
    now = timezone.now()
    receive(PHONE, "INFO ke 2757", now, timezone.localdate(now))
    send_code(PHONE, "048213", now)
    return SmsRegistration.objects.create(phone=PHONE, membership=make_membership(), at=now)


@pytest.mark.parametrize(("role", "status"), [("Petugas", 403), ("Pelatih", 200)])
def test_only_trainers_look_at_them(client, staff, rows, role, status):
    staff(role)

    assert [client.get(path).status_code for path in LISTS] == [status, status]


def test_what_came_in_is_shown_and_what_we_wrote_is_not(client, staff, rows):
    staff("Pelatih")
    code = TextMessage.objects.get(code="048213")

    for page in (LISTS[0], f"{LISTS[0]}{code.pk}/change/"):
        assert "048213" not in client.get(page).text
    assert "1 SMS" not in client.get(f"{LISTS[0]}?q=048213").text  # nor does a search find it
    assert "INFO ke 2757" in client.get(LISTS[0]).text


def test_registrations_are_found_by_phone_and_kpj(client, staff, rows):
    staff("Pelatih")

    for found in ({"telepon": PHONE}, {"telepon": "111111"}, {"q": rows.membership.kpj}, {"q": "Budi Latihan"}):
        assert rows.membership.kpj in client.get(LISTS[1], found).text
    assert "0 pendaftaran SMS" in client.get(LISTS[1], {"telepon": "0849222222001"}).text


def test_nobody_writes_them_by_hand(client, staff, rows):
    client.force_login(get_user_model().objects.create_superuser("kepala@latih.test", "kata sandi yang panjang sekali"))
    text = TextMessage.objects.first()

    for path, row in zip(LISTS, (text, rows), strict=True):
        assert client.get(f"{path}add/").status_code == 403
        assert client.post(f"{path}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"{path}{row.pk}/change/", {"phone": "0849"}).status_code == 403
        assert client.get(f"{path}{row.pk}/change/").status_code == 200


def test_the_right_can_be_taken_back_and_given_again():
    from importlib import import_module
    from types import SimpleNamespace

    from django.apps import apps
    from django.db import connection

    step = import_module("portal.migrations.0004_trainers_see_texts")
    editor = SimpleNamespace(connection=connection)
    of_trainers = Group.objects.get(name="Pelatih").permissions.filter(
        codename__in=["view_textmessage", "view_smsregistration"]
    )

    assert of_trainers.count() == 2
    step.narrow(apps, editor)
    assert of_trainers.count() == 0
    step.widen(apps, editor)
    assert of_trainers.count() == 2
