"""What only a training room has: invented people one can be, with passwords that differ on every installation."""

import hashlib
import hmac
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

# 128 words: short, known to every Indonesian, easy to dictate; 7 bits each.
WORDS = """
    anggur angin angsa apel awan ayam badak bambu batik batu bawang belut beras beruang bintang bubur bukit bunga
    burung cabai cangkir cemara cendana cengkeh cincin danau daun delima domba duku durian elang embun ember gajah
    gambus gamelan garam gelas gitar gula gunung hujan hutan ikan intan jagung jahe jalan jambu jamur jati jendela
    jeruk kabut kaca kapas kapal karang kayu kebun kelapa kelinci kemiri kerang kereta kopi kolam kuda kunyit lampu
    langit laut lebah lemon lidi lilin madu mangga manis matahari mawar melati mentega merak merpati musang nanas
    nangka nasi ombak padi pagar pandan pantai payung pelita perahu pisang pohon rambutan rotan rusa sagu salak
    sawah sawo selasih semut sendok serai sirih suling sungai tebu teluk telur tenun teratai terong tikar tomat topi
    tupai udang ulin wayang zaitun
""".split()  # noqa: SIM905 (a list of 128 lines says no more)


@dataclass(frozen=True)
class Card:
    """One person on the login page: `?sebagai=slug` fills in the form with this login."""

    slug: str
    name: str
    tag: str  # the case in two or three words
    story: str
    email: str
    role: str = "participant"  # or "clerk", "trainer"

    @property
    def is_staff(self) -> bool:
        return self.role != "participant"

    @property
    def password(self) -> str:
        return password_for(self.email, staff=self.is_staff)


def password_for(email: str, *, staff: bool) -> str:
    """The same on this installation every time, unknown on any other.

    Three words and two digits, 27 bits, at least 14 letters; five words for staff, whose passwords have at least 15.
    Limits on guessing make this more than enough for invented people.
    """
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"portal.demo:{email}".encode(), hashlib.sha256)
    words = [WORDS[byte % 128] for byte in digest[: 5 if staff else 3]]
    return "-".join([*words, f"{digest[-1] % 90 + 10}"])


@cache
def _cards() -> dict[str, Card]:
    from portal import cast

    people = [Card(p.slug, p.name, p.tag, p.story, p.email) for p in cast.PEOPLE]
    staff = [Card(p.slug, p.name, "meja petugas", p.story, p.email, p.role) for p in cast.STAFF]
    return {card.slug: card for card in people + staff}


def login_cards() -> list[Card]:
    """Everybody one can be, participants first; nobody outside a demo."""
    return list(_cards().values()) if settings.DEMO else []


FORM = "#masuk"  # how the link of every card ends: the login form of the page

CLERK_OF_SEAT = Card(
    "petugas",
    "Petugas kursi",
    "meja petugas",
    "Bekerja di meja petugas, hanya dengan orang dan perusahaan kursi ini.",
    email="",  # each seat's own: portal/training/seats/cards.py
    role="clerk",
)


@cache
def drawn_cards(login: str = "account_login", with_staff: bool = True, of_seat: bool = False) -> SafeString:
    """The cards as a login page shows them; `login` is its name. On a seat the clerk is the seat's; none in the app.

    They never change while the process lives, and drawing them anew took two thirds of the time of the page.
    """
    cards = [card for card in login_cards() if with_staff or not card.is_staff]
    if of_seat and login == "account_login":
        cards.append(CLERK_OF_SEAT)
    return render_to_string("portal/_cards.html", {"cards": cards, "login": login, "form": FORM})


def prefill(slug: str) -> tuple[str, str] | None:
    """E-mail and password for the card `slug`; None for an unknown card and everywhere outside a demo."""
    card = _cards().get(slug) if settings.DEMO else None
    return (card.email, card.password) if card else None
