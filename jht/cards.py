"""The number in the QR of a digital card: it names a membership and tells nobody which.

The signature is made of the row's number, and the number is hidden under a pad made of the signature, both with the
site's secret. So it cannot be forged, cannot be counted through, and the same card always carries the same one.
"""

import base64
import binascii

from django.conf import settings
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "jht.cards"
SIZE = 8  # bytes of a row's number


def token(membership_pk: int) -> str:
    """What stands in the address of the check, 55 characters."""
    signature = _signer(settings.SECRET_KEY).signature(str(membership_pk))
    hidden = _padded(membership_pk.to_bytes(SIZE, "big"), signature, settings.SECRET_KEY)
    return f"{base64.urlsafe_b64encode(hidden).rstrip(b'=').decode()}.{signature}"


def membership_pk(token: str) -> int | None:
    """The row this token was made for, also under an earlier secret; None for anything we did not make."""
    hidden, _, signature = token.partition(".")
    try:
        raw = base64.b64decode(f"{hidden}=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != SIZE:
        return None
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        pk = int.from_bytes(_padded(raw, signature, secret), "big")
        if constant_time_compare(_signer(secret).signature(str(pk)), signature):
            return pk
    return None


def _signer(secret: str) -> Signer:
    return Signer(key=secret, salt=SALT, fallback_keys=[])


def _padded(raw: bytes, signature: str, secret: str) -> bytes:
    pad = salted_hmac(f"{SALT}.pad", signature, secret=secret, algorithm="sha256").digest()[:SIZE]
    return bytes(one ^ other for one, other in zip(raw, pad, strict=True))
