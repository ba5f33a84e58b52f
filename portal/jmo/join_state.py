"""What was answered so far in Buat Akun of the app, and which question comes next. In the session, under one key."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest

from accounts import signup
from jht import linking

KEY = "jmo-join"
LONGEST = 254  # characters of a field that are kept until one comes back: an e-mail address has no more
ANSWERED_BY = {  # by step, what stands in the session once it is answered; the last step ends everything
    "peserta": "member",
    "jenis": "segment",
    "kewarganegaraan": "citizenship",
    "data": "fits",
    "email": "signup",
    "kode-email": "email_is_proved",
    "handphone": "phone",
    "kode-sms": "phone_is_proved",
    "kata-sandi": "password",
    "setuju": "",
}


def steps() -> list[str]:
    """The steps in their order; which of two questions comes first is a setting, as both orders are in print."""
    order = list(ANSWERED_BY)
    if settings.JMO_CITIZENSHIP_FIRST:
        order[1], order[2] = order[2], order[1]
    return order


class Answers(dict):
    """What was answered so far."""

    def __init__(self, request: HttpRequest):
        super().__init__(request.session.get(KEY, {}))
        self.session = request.session
        begun = self.get("signup", {}).get("begun")
        if begun and request.now.timestamp() - begun > signup.WAITS.total_seconds():
            self.forget("signup", "email_is_proved")

    def note(self, **answers) -> None:
        self.update(answers)
        self.session[KEY] = dict(self)

    def forget(self, *names: str) -> None:
        for name in names:
            self.pop(name, None)
        self.session[KEY] = dict(self)

    def draft(self, step: str, typed: dict[str, str]) -> None:
        """What stands in the fields of a step, accepted or not."""
        self.note(drafts=self.get("drafts", {}) | {step: {name: text[:LONGEST] for name, text in typed.items()}})

    def drafted(self, step: str) -> dict[str, str]:
        return self.get("drafts", {}).get(step, {})

    def first_open(self) -> str:
        return next(step for step in steps() if not self.get(ANSWERED_BY[step]))

    def pending_mail(self) -> signup.PendingSignup:
        return signup.PendingSignup(**self["signup"])

    def pending_text(self) -> signup.PendingPhone:
        return signup.PendingPhone(**self["phone"])

    def identity(self) -> linking.Identity:
        return linking.Identity(**self["person"] | {"birth_date": date.fromisoformat(self["person"]["birth_date"])})
