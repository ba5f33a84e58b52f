"""Who may open the desk, and what each role finds there."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection

from jht.models import LinkAttempt, Rate
from tests.jht.factories import make_membership

pytestmark = pytest.mark.django_db
CLERKS = ["participant", "membership", "employer", "contribution", "entry", "rate", "linkattempt", "removal"]


def sign_in(client, role: str | None, **fields):
    user = get_user_model().objects.create_user(f"{role or 'peserta'}@latih.test".lower(), **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


def test_a_visitor_is_led_to_the_login_page_and_back(client):
    response = client.get("/petugas/jht/participant/")
    assert response.status_code == 302
    assert "next=/petugas/jht/participant/" in response["Location"]


@pytest.mark.parametrize("address", ["", "jht/participant/", "jht/employer/1/iuran-sebulan/", "jht/auditrecord/"])
def test_a_participant_cannot_open_the_desk(client, address):
    sign_in(client, None)
    assert client.get(f"/petugas/{address}", follow=True).status_code == 403


def test_a_member_of_a_role_who_is_no_staff_cannot_either(client):
    sign_in(client, "Pelatih", is_staff=False)
    assert client.get("/petugas/", follow=True).status_code == 403


def test_staff_without_a_role_sees_nothing_to_open(client):
    sign_in(client, None, is_staff=True)
    assert client.get("/petugas/").status_code == 200
    for page in CLERKS:
        assert client.get(f"/petugas/jht/{page}/").status_code == 403


@pytest.mark.parametrize("role", ["Petugas", "Pelatih"])
def test_both_roles_open_every_list_of_the_domain(client, role):
    sign_in(client, role, is_staff=True)
    for page in CLERKS:
        assert client.get(f"/petugas/jht/{page}/").status_code == 200, page
    assert client.get("/petugas/jht/auditrecord/").status_code == 200


def test_the_desk_lists_pages_in_the_order_of_the_day(client):
    sign_in(client, "Petugas", is_staff=True)
    text = client.get("/petugas/").text
    places = [text.index(f'id="jht-{page}"') for page in CLERKS]
    assert places == sorted(places)
    assert text.index('id="jht-removal"') < text.index('id="jht-auditrecord"')


def test_only_the_trainer_sees_accounts_and_mail_and_removes_people(client):
    person = make_membership().participant
    addresses = [
        "/petugas/accounts/user/",
        "/petugas/accounts/outboxmessage/",
        f"/petugas/jht/participant/{person.pk}/hapus-rekaan/",
    ]
    sign_in(client, "Petugas", is_staff=True)
    assert [client.get(address).status_code for address in addresses] == [403, 403, 403]
    sign_in(client, "Pelatih", is_staff=True)
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]


def test_nobody_writes_what_happened_by_hand(client):
    boss = get_user_model().objects.create_superuser("kepala@latih.test", "kata sandi yang panjang sekali")
    client.force_login(boss)
    attempt = LinkAttempt.objects.create(user=boss, at="2026-01-01T00:00Z", matched=False)
    assert client.get("/petugas/jht/linkattempt/add/").status_code == 403
    assert client.get("/petugas/jht/removal/add/").status_code == 403
    assert client.get("/petugas/jht/auditrecord/add/").status_code == 403
    assert client.post(f"/petugas/jht/linkattempt/{attempt.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_clerk_deletes_nothing(client):
    sign_in(client, "Petugas", is_staff=True)
    membership = make_membership()
    rate = Rate.objects.create(year=2024, percent=5, source="contoh")
    rows = [("membership", membership), ("participant", membership.participant), ("employer", membership.employer)]
    for page, row in [*rows, ("rate", rate)]:
        assert client.post(f"/petugas/jht/{page}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
        assert "delete_selected" not in client.get(f"/petugas/jht/{page}/").text


def test_a_trainer_does_not_make_superusers(client):
    trainer = sign_in(client, "Pelatih", is_staff=True)
    trainee = get_user_model().objects.create_user("siti@latih.test")
    for user in (trainer, trainee):
        typed = {"email": user.email, "is_active": "on", "is_staff": "on", "is_superuser": "on"}
        client.post(f"/petugas/accounts/user/{user.pk}/change/", typed)
        user.refresh_from_db()
        assert not user.is_superuser
    assert not trainee.is_staff


def test_the_roles_can_be_taken_back_and_made_again():
    roles = import_module("portal.migrations.0001_roles")
    editor = SimpleNamespace(connection=connection)
    roles.remove_roles(apps, editor)
    assert {group.name for group in Group.objects.all()} == {"Petugas kelas"}  # portal/migrations/0008
    for _ in range(2):
        roles.make_roles(apps, editor)
    assert {group.name for group in Group.objects.all()} == {"Petugas", "Pelatih", "Petugas kelas"}
