"""Who sits at the clerk's desk in these tests."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group


@pytest.fixture
def clerk(db):
    user = get_user_model().objects.create_user("petugas@latih.test", is_staff=True)
    user.groups.add(Group.objects.get(name="Petugas"))
    return user


@pytest.fixture
def boss(db):
    return get_user_model().objects.create_superuser("kepala@latih.test", "kata sandi yang panjang sekali")


@pytest.fixture
def desk(client, clerk):
    """A browser in which the clerk is signed in."""
    client.force_login(clerk)
    return client
