"""The form field "Saya bukan robot", with two engines behind one setting.

Google's checkbox when both keys are configured (accounts/recaptcha.py); otherwise a proof of work of our own on
ALTCHA's protocol: the server hides a number behind SHA-256, the browser finds it by trying (about 0.2 s), and the
server checks one hash. Works without internet and on a plain-http LAN address.
"""

import base64
import json
from datetime import datetime, timedelta

from altcha import create_challenge_v1, verify_solution_v1
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import limits
from accounts.client import client_ip, now_of

LABEL = "Saya bukan robot"
VALID_FOR = timedelta(minutes=10)
HARDEST = 200_000  # hashes at most, half on average: 0.1-0.2 s on a laptop, about 1 s on a cheap phone
LONGEST_ANSWER = 1_000  # characters; a real one has about 330


def captcha_field(request: HttpRequest | None) -> forms.Field:
    """The field for this request, by the engine that is configured now."""
    if settings.USE_RECAPTCHA:
        from accounts.recaptcha import GoogleField

        return GoogleField(remote_ip=client_ip(request) if request else "")
    return ProofOfWorkField(request)


def new_challenge(at: datetime) -> dict:
    """A fresh challenge in ALTCHA's words, and in how many seconds it expires."""
    challenge = create_challenge_v1(hmac_key=_key(), max_number=HARDEST, expires=at + VALID_FOR)
    return {**challenge.to_dict(), "validFor": int(VALID_FOR.total_seconds())}


def answered(at: datetime) -> str:
    """What a ticked box posts, without the work: only this site knows the number it hid. For plays from within."""
    number = 7
    hidden = create_challenge_v1(hmac_key=_key(), max_number=HARDEST, number=number, expires=at + VALID_FOR).to_dict()
    answer = {name: hidden[name] for name in ("algorithm", "challenge", "salt", "signature")} | {"number": number}
    return base64.b64encode(json.dumps(answer).encode()).decode()


def _key() -> str:
    return salted_hmac("accounts.captcha", "challenge", algorithm="sha256").hexdigest()


class ProofOfWorkWidget(forms.Widget):
    """A native checkbox, a hidden field for the answer, and a line that says how far it is."""

    template_name = "account/widgets/captcha.html"

    def get_context(self, name: str, value, attrs: dict | None) -> dict:
        context = super().get_context(name, None, attrs)  # an answer is never shown again: it works once
        attrs = context["widget"]["attrs"]
        context["widget"] |= {
            "challenge_url": reverse("captcha_challenge"),
            "describedby": " ".join(filter(None, [attrs.get("aria-describedby"), f"{attrs['id']}_status"])),
            "invalid": "aria-invalid" in attrs,
        }
        return context

    def value_from_datadict(self, data, files, name: str) -> tuple[str, bool]:
        """The answer, and whether the box was ticked."""
        return data.get(name, ""), bool(data.get(f"{name}_tick"))

    def value_omitted_from_data(self, data, files, name: str) -> bool:
        return name not in data and f"{name}_tick" not in data


class ProofOfWorkField(forms.Field):
    widget = ProofOfWorkWidget
    default_error_messages = {
        "unticked": "“Saya bukan robot” belum dicentang. Centang, tunggu “Terverifikasi”, lalu kirim lagi.",
        "unfinished": (
            "Pemeriksaan “Saya bukan robot” belum selesai. Centang, tunggu “Terverifikasi”, lalu kirim lagi. "
            "Pemeriksaan ini memerlukan JavaScript."
        ),
        "expired": "Centang “Saya bukan robot” sudah lewat 10 menit dan tidak berlaku lagi. Centang sekali lagi.",
        "replayed": "Centang “Saya bukan robot” ini sudah dipakai dan hanya berlaku sekali. Centang sekali lagi.",
        "wrong": "Pemeriksaan “Saya bukan robot” tidak cocok. Muat ulang halaman, lalu centang sekali lagi.",
    }

    def __init__(self, request: HttpRequest | None = None, **kwargs):
        self.request = request
        super().__init__(label=LABEL, template_name="account/captcha_field.html", **kwargs)

    def clean(self, value: tuple[str, bool]) -> str:
        """Use the answer up, atomically; ValidationError with its own sentence for each way it can be bad."""
        answer, ticked = value
        if not answer:
            self._refuse("unfinished" if ticked else "unticked")
        now = now_of(self.request)
        payload = self._payload(answer)
        if _expires(payload["salt"]) <= now:
            self._refuse("expired")
        if not limits.use_once("captcha", payload["challenge"], VALID_FOR, now):
            self._refuse("replayed")
        return payload["challenge"]

    def _payload(self, answer: str) -> dict:
        """The answer as ALTCHA wrote it, if it is right and the challenge is ours."""
        try:
            payload = json.loads(base64.b64decode(answer[:LONGEST_ANSWER].encode("ascii"), validate=True))
            texts = [payload[name] for name in ("algorithm", "challenge", "salt", "signature")]
            number = payload["number"]
            well_formed = all(isinstance(text, str) and text.isascii() for text in texts) and type(number) is int
            right = well_formed and 0 <= number <= HARDEST and verify_solution_v1(payload, _key(), False)[0]
        except (ValueError, TypeError, KeyError, RecursionError):
            right = False
        if not right:
            self._refuse("wrong")
        return payload

    def _refuse(self, code: str) -> None:
        raise ValidationError(self.error_messages[code], code)


def _expires(salt: str) -> datetime:
    """When a challenge of ours ends; its salt is `<random>?expires=<seconds>&`."""
    seconds = salt.partition("expires=")[2].partition("&")[0]
    return datetime.fromtimestamp(int(seconds), tz=timezone.get_default_timezone())
