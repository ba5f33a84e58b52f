"""Google's checkbox through django-recaptcha, made to fail closed, quickly and in words."""

import queue
import threading
from collections.abc import Callable
from http.client import HTTPException
from urllib.error import HTTPError

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django_recaptcha import client
from django_recaptcha.client import RecaptchaResponse
from django_recaptcha.fields import ReCaptchaField
from django_recaptcha.widgets import ReCaptchaV2Checkbox

from accounts.captcha import LABEL

LONGEST_ANSWER = 8_192  # characters; Google's are about 500 to 2,500


def csp_update() -> dict[str, list[str]]:
    """What the pages with this checkbox may load in addition, and nowhere else."""
    widget, files = f"https://{settings.RECAPTCHA_DOMAIN}/recaptcha/", "https://www.gstatic.com/recaptcha/"
    return {
        "script-src": [widget, files],
        "frame-src": [widget, "https://recaptcha.google.com/recaptcha/"],
        "connect-src": [widget],
    }


class GoogleWidget(ReCaptchaV2Checkbox):
    template_name = "account/widgets/recaptcha.html"  # theirs has an inline script

    def __init__(self):
        super().__init__(api_params={"hl": "id"})

    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        del attrs["data-callback"]  # names a function of the inline script we left out
        return attrs


class GoogleField(ReCaptchaField):
    default_error_messages = {
        "required": "“Saya bukan robot” belum dicentang. Centang, tunggu tanda hijau, lalu kirim lagi.",
        "expired": "Centang “Saya bukan robot” sudah dipakai atau lewat waktunya. Centang sekali lagi.",
        "refused": "Google tidak meyakini centang ini. Muat ulang halaman, lalu centang sekali lagi.",
        "keys": (
            "Kunci captcha Google di situs ini keliru, jadi centang tidak dapat diperiksa. "
            "Itu bukan kesalahan Anda: beri tahu pengelola situs."
        ),
        "unreachable": (
            "Layanan captcha Google tidak dapat dihubungi, jadi centang tidak dapat diperiksa. "
            "Isian Anda tidak salah: tunggu sebentar, centang lagi, lalu kirim."
        ),
    }

    def __init__(self, *, remote_ip: str):
        self.remote_ip = remote_ip
        super().__init__(
            settings.RECAPTCHA_PUBLIC_KEY,
            settings.RECAPTCHA_PRIVATE_KEY,
            label=LABEL,
            widget=GoogleWidget(),
            template_name="account/recaptcha_field.html",
        )

    def get_remote_ip(self) -> str:
        return self.remote_ip  # theirs believes any X-Forwarded-For

    def validate(self, value: str) -> None:
        forms.CharField.validate(self, value)
        if len(value) > LONGEST_ANSWER or not value.isascii():
            self._refuse("refused")
        try:
            answer = within(
                settings.RECAPTCHA_VERIFY_REQUEST_TIMEOUT + 1,  # one second for what urllib does not time: names
                lambda: client.submit(value, self.private_key, self.get_remote_ip()),
            )
            valid, faults = answer.is_valid is True, set(answer.error_codes)
        except HTTPError as error:  # an answer all the same, with a connection of its own
            error.close()
            self._refuse("unreachable")
        except (OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError):
            self._refuse("unreachable")
        if valid:
            return
        if faults & {"missing-input-secret", "invalid-input-secret", "invalid-keys"}:
            self._refuse("keys")
        self._refuse("expired" if "timeout-or-duplicate" in faults else "refused")

    def _refuse(self, code: str) -> None:
        raise ValidationError(self.error_messages[code], code)


def within(seconds: float, call: Callable[[], RecaptchaResponse]) -> RecaptchaResponse:
    """What `call` returns or raises; TimeoutError when it takes longer, wherever it hangs."""
    answers: queue.SimpleQueue = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put((call(), None))
        except Exception as error:  # handed to the caller below
            answers.put((None, error))

    threading.Thread(target=work, name="recaptcha", daemon=True).start()
    try:
        answer, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error:
        raise error
    return answer
