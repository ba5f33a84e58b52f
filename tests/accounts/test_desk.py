"""Accounts and the outbox at the clerk's desk."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import OutboxMessage, User
from tests.accounts.conftest import GOOD

STAFF = "lima belas ekor kuda"


@pytest.fixture
def boss(db):
    return User.objects.create_superuser("kepala@latih.test", STAFF)


@pytest.fixture
def trainer(db):
    user = User.objects.create_user("pelatih@latih.test", STAFF, is_staff=True)
    wanted = ["view_user", "change_user", "view_outboxmessage"]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return user


def test_an_account_made_at_the_desk_can_log_in_at_once(client, boss, login):
    client.force_login(boss)
    response = client.post(
        reverse("admin:accounts_user_add"),
        {"email": "Budi@Latih.test", "usable_password": "true", "password1": GOOD, "password2": GOOD},
    )
    assert response.status_code == 302
    client.post("/akun/keluar/")
    assert login("budi@latih.test", GOOD)["Location"] == "/"


def test_a_new_address_at_the_desk_replaces_the_old(client, boss, sari):
    client.force_login(boss)
    page = reverse("admin:accounts_user_change", args=[sari.pk])
    assert client.post(page, {"email": "sari.baru@latih.test", "is_active": "on"}).status_code == 302
    assert list(EmailAddress.objects.filter(user=sari).values_list("email", "verified", "primary")) == [
        ("sari.baru@latih.test", True, True)
    ]


def test_a_taken_address_is_refused_in_words(client, boss, sari):
    client.force_login(boss)
    data = {"email": "SARI@latih.test", "usable_password": "true", "password1": GOOD, "password2": GOOD}
    assert "Sudah ada akun dengan e-mail ini" in client.post(reverse("admin:accounts_user_add"), data).text


def test_a_trainer_gives_nobody_rights_and_leaves_staff_alone(client, trainer, boss, sari):
    client.force_login(trainer)
    page = reverse("admin:accounts_user_change", args=[sari.pk])
    client.post(page, {"email": sari.email, "is_active": "on", "is_staff": "on", "is_superuser": "on"})
    sari.refresh_from_db()
    assert not (sari.is_staff or sari.is_superuser)
    for view in ("admin:accounts_user_change", "admin:auth_user_password_change"):
        response = client.post(reverse(view, args=[boss.pk]), {"password1": GOOD, "password2": GOOD, "email": "x@y.id"})
        assert response.status_code in (403, 404)


def test_that_a_mail_was_written_is_seen_and_its_code_is_not(client, trainer, mails):
    OutboxMessage.objects.create(to="a@latih.test", subject="[SIMULASI] Kode", body="482913", code="482913")
    client.force_login(trainer)
    mail = OutboxMessage.objects.get()
    page = client.get(reverse("admin:accounts_outboxmessage_change", args=[mail.pk]))
    assert "a@latih.test" in page.text and 'name="_save"' not in page.text
    assert "482913" not in page.text
    assert (
        client.post(reverse("admin:accounts_outboxmessage_delete", args=[mail.pk]), {"post": "yes"}).status_code == 403
    )


@pytest.mark.parametrize("model", ["user", "outboxmessage"])
def test_lists_can_be_searched_and_cost_a_fixed_number_of_queries(client, boss, model, django_assert_max_num_queries):
    client.force_login(boss)
    for number in range(30):
        User.objects.create_user(f"p{number}@latih.test", None)
        OutboxMessage.objects.create(to="a@latih.test", subject="x")
    with django_assert_max_num_queries(14):
        assert client.get(reverse(f"admin:accounts_{model}_changelist"), {"q": "latih"}).status_code == 200


@pytest.mark.parametrize("is_staff", [True, False])
def test_a_trainer_changes_no_shared_account(client, trainer, is_staff):
    shared = User.objects.create_user("bersama@latih.test", "kata-sandi-yang-lama", is_shared=True, is_staff=is_staff)
    client.force_login(trainer)

    answer = client.post(
        f"/petugas/accounts/user/{shared.pk}/password/",
        {"password1": "kata-sandi-curian-17", "password2": "kata-sandi-curian-17", "usable_password": "true"},
    )

    shared.refresh_from_db()
    assert answer.status_code == 403
    assert shared.check_password("kata-sandi-yang-lama")


def test_staff_are_not_deleted_with_their_trail(client, trainer):
    boss = User.objects.create_superuser("kepala@latih.test", "kata-sandi-kepala-17")
    client.force_login(boss)

    assert client.post(f"/petugas/accounts/user/{trainer.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=trainer.pk).exists()
