"""Sessions and users are read and written by fewer statements than Django's, and mean the same."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

pytestmark = pytest.mark.django_db
PASSWORD = "perahu kertas biru"


@pytest.fixture
def budi():
    return get_user_model().objects.create_user("budi@latih.test", PASSWORD)


def is_signed_in(client) -> bool:
    return client.get(reverse("account_change_password")).status_code == 200


def test_a_login_gives_a_new_session_key_and_ends_the_old_one(client, login, budi):
    session = client.session
    session["before"] = "kept"
    session.save()

    login("budi@latih.test", PASSWORD)

    assert client.session.session_key != session.session_key
    assert client.session["before"] == "kept"
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_a_login_writes_its_session_once(client, login, budi, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as captured:
        login("budi@latih.test", PASSWORD)

    written = [query["sql"] for query in captured if "INTO" in query["sql"] and '"django_session"' in query["sql"]]
    assert len(written) == 1
    assert is_signed_in(client)


def test_an_expired_session_is_nobodys(client, budi):
    client.force_login(budi)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert not is_signed_in(client)


def test_a_closed_account_is_signed_out_at_the_next_click(client, budi):
    client.force_login(budi)
    get_user_model().objects.update(is_active=False)

    assert not is_signed_in(client)


def test_a_session_ends_when_the_password_was_changed_elsewhere(client, budi):
    client.force_login(budi)
    budi.set_password("perahu kertas merah")
    budi.save()

    assert not is_signed_in(client)


def test_the_user_of_a_session_is_the_one_the_orm_finds(client, budi, rf):
    from accounts.backends import Backend

    found = Backend().get_user(budi.pk)
    known = get_user_model().objects.get(pk=budi.pk)

    assert {f.attname: getattr(found, f.attname) for f in known._meta.fields} == {
        f.attname: getattr(known, f.attname) for f in known._meta.fields
    }
    assert Backend().get_user(budi.pk + 1) is None
