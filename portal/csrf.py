"""Django's CSRF token, drawn in one go.

Every page carries one (in the form of Keluar), and Django draws its 32 letters singly: five hundred calls a page. The
token is the same: the secret of the cookie under a fresh random mask, so that no two pages show the same letters.
"""

from secrets import token_bytes

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token

LETTERS, COUNT = CSRF_ALLOWED_CHARS, len(CSRF_ALLOWED_CHARS)
PLACE = {letter: place for place, letter in enumerate(LETTERS)}
# A random byte below 4 x 62, modulo 62, is every letter equally often; higher ones are thrown away.
MODULO = bytes(byte % COUNT for byte in range(256))
UNFAIR = bytes(range(256 // COUNT * COUNT, 256))


def token(request: HttpRequest) -> str:
    """What `django.middleware.csrf.get_token` answers, with its effects: the cookie is sent again."""
    secret = request.META.get("CSRF_COOKIE")
    if secret is None or len(secret) != CSRF_SECRET_LENGTH:
        return get_token(request)  # a first visit: Django makes the secret
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    mask = _random_places()
    shifted = [LETTERS[(PLACE[letter] + place) % COUNT] for letter, place in zip(secret, mask, strict=True)]
    return "".join([LETTERS[place] for place in mask] + shifted)


def _random_places() -> bytes:
    """Where in LETTERS the letters of a mask stand."""
    places = b""
    while len(places) < CSRF_SECRET_LENGTH:
        places += token_bytes(48).translate(MODULO, UNFAIR)
    return places[:CSRF_SECRET_LENGTH]
