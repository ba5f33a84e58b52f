"""Somebody who registers in the app, one question after the other."""

import re

from accounts.models import OutboxMessage, TextMessage

KATA = "tebu-kopi-sungai-42"
PHONE = "0849123456001"
ORDER = [
    "peserta", "jenis", "kewarganegaraan", "data", "email",
    "kode-email", "handphone", "kode-sms", "kata-sandi", "setuju",
]  # fmt: skip


def at(step: str) -> str:
    return f"/jmo/daftar/{step}/"


class Person:
    """Somebody who answers one question after the other."""

    def __init__(self, client, tick, membership, email="baru@latih.test"):
        self.client, self.tick, self.membership, self.email = client, tick, membership, email
        self.segment, self.citizenship = membership.segment, "WNA" if membership.participant.passport else "WNI"

    def data(self, **changes) -> dict:
        who = self.membership.participant
        typed = {
            "name": who.name,
            "birth_date": f"{who.birth_date:%d-%m-%Y}",
            "passport" if who.passport else "nik": who.identity,
            "kpj": self.membership.kpj,
        }
        return typed | changes

    def mail_code(self) -> str:
        return OutboxMessage.objects.filter(to=self.email).latest("pk").code

    def text_code(self, phone: str = PHONE) -> str:
        return TextMessage.objects.filter(phone=phone).latest("pk").code

    def answer_of(self, step: str) -> dict:
        return {
            "peserta": lambda: {"answer": "ya"},
            "jenis": lambda: {"answer": self.segment},
            "kewarganegaraan": lambda: {"answer": self.citizenship},
            "data": self.data,
            "email": lambda: {"email": self.email} | self.tick(),
            "kode-email": lambda: {"code": self.mail_code()},
            "handphone": lambda: {"phone": PHONE},
            "kode-sms": lambda: {"code": self.text_code()},
            "kata-sandi": lambda: {"password1": KATA, "password2": KATA},
            "setuju": lambda: {"consent": "on"},
        }[step]()

    def give(self, step: str, **answer):
        return self.client.post(at(step), answer or self.answer_of(step))

    def come_to(self, step: str) -> "Person":
        for one in ORDER[: ORDER.index(step)]:
            response = self.give(one)
            assert response.status_code == 302, (one, response.context["form"].errors)
        return self

    def finish(self):
        return self.come_to("setuju").give("setuju")


def sentences(page) -> str:
    """What a page says, without what differs each time."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.text)
    return re.sub(r"\s+", " ", text)
