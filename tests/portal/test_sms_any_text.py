"""Whatever is texted gets an answer or a refusal; ten thousand more are sent in tests/robust/test_any_text.py."""

import pytest

from portal.sms.language import length
from tests.portal.strange_texts import texts

pytestmark = pytest.mark.django_db
SECRET = "rahasia-gerbang"


@pytest.fixture(autouse=True)
def doors(settings):
    settings.SMS_SECRET, settings.DEMO = SECRET, True


def test_four_hundred_strange_texts_are_answered_or_refused(client):
    for number, text in enumerate(texts(400, seed=1)):
        asked = {"dari": f"0849{number // 20:06}001", "isi": text, "id": f"aneh-{number}", "kunci": SECRET}
        response = client.get("/sms/masuk", asked)

        assert response.status_code == 200, (text, response.text)
        assert response.text.startswith("SIMULASI. "), text
        assert length(response.text).gsm, (text, response.text)


def test_strange_texts_on_the_phone_come_back_as_they_are_or_are_refused(client):
    for number, text in enumerate(texts(100, seed=2)):
        response = client.post("/telepon/", {"text": text, "nomor": ("001", "002", "902", "903")[number % 4]})

        assert response.status_code in (200, 302), text  # 200: empty, or with what is no text
    assert client.get("/telepon/?nomor=001").status_code == 200
