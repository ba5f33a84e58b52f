"""Every address of the training room: none outside a demo, those of the trainer for nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.training.urls import urlpatterns

VALUES = {"pk": 1, "number": 1, "code": "saldo", "slug": "web-saldo", "token": "x", "name": "x.csv"}
NAMES = sorted({pattern.name for pattern in urlpatterns})
PATTERNS = {pattern.name: pattern.pattern for pattern in urlpatterns}


def address(name: str) -> str:
    return reverse(name, kwargs={word: VALUES.get(word, "1") for word in PATTERNS[name].converters})


@pytest.mark.parametrize("name", NAMES)
def test_outside_a_demo_it_does_not_exist(db, settings, admin_client, name):
    settings.DEMO = False

    assert admin_client.get(address(name)).status_code == 404
    assert admin_client.post(address(name)).status_code == 404


@pytest.mark.parametrize("name", [name for name in NAMES if address(name).startswith("/pelatih/")])
def test_of_the_trainer_it_is_for_trainers(room, django_user_model, name):
    clerk, visitor = Client(), Client()
    clerk.force_login(django_user_model.objects.create_user("klerk@latih.test", "x", is_staff=True))

    for way in ("get", "post"):
        assert getattr(clerk, way)(address(name)).status_code in (404, 405)
        refused = getattr(visitor, way)(address(name))
        assert refused.status_code in (404, 405) or refused["Location"].startswith("/akun/login/")


@pytest.mark.parametrize("name", [name for name in NAMES if PATTERNS[name].converters.keys() & {"pk", "number"}])
def test_a_number_that_no_row_can_have_is_no_address(sit, trainer, name):
    browser = sit("Andi")
    for number in ("9" * 18, "1" + "0" * 20):
        path = address(name).replace("/1/", f"/{number}/").replace("/1.", f"/{number}.")
        for client in (browser, trainer):
            for way in ("get", "post"):
                assert getattr(client, way)(path).status_code in (302, 404, 405), path
