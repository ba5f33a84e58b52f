"""In a demo the captured code stands beside the page that waits for it."""

import pytest

from accounts.models import OutboxMessage

pytestmark = pytest.mark.django_db
FORM = {"email": "wulan@latih.test", "password1": "kebun-teh-pagi", "password2": "kebun-teh-pagi", "consent": "on"}


@pytest.mark.parametrize("demo", [True, False])
def test_the_code_stands_beside_the_page_in_a_demo_only(client, tick, settings, demo):
    settings.DEMO = demo

    page = client.post("/akun/daftar/", FORM | tick(), follow=True)

    assert page.redirect_chain == [("/akun/kode/", 302)]
    assert (OutboxMessage.objects.get().code in page.text) is demo


def test_another_browser_sees_nothing_of_it(client, tick, settings):
    from django.test import Client

    settings.DEMO = True
    client.post("/akun/daftar/", FORM | tick())
    other = Client()
    other.post("/akun/daftar/", FORM | {"email": "lain@latih.test"} | tick())

    assert "wulan@latih.test" not in other.get("/akun/kode/").text
