"""Who is signed in on a seat, and whose data a request names: always a slug of the cast, never a number."""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest

from jht.models import Claim, MergeRequest
from portal.cast import PEOPLE, PRACTICE_TAG, Person
from portal.training.models import Seat, SeatPerson
from portal.training.scripts.values import CARDS, kpj_words
from portal.training.seats.people import cast_of

PLAYED = frozenset(person.slug for person in PEOPLE)
NOBODY, OTHERS, CLERK, OWN = "tamu", "lain", "petugas", "kartu"


def who(seat: Seat, user: AbstractBaseUser | AnonymousUser) -> str:
    """A slug of the cast, `kartu` for an account of the trainee's own, `petugas`, or `tamu`.

    The e-mail of those of the cast tells; only somebody who has changed it is looked up.
    """
    if not user.is_authenticated:
        return NOBODY
    if user.is_staff:
        return CLERK
    name, _, rest = user.email.partition(".")
    if name in PLAYED and rest == f"{seat.mark.lower()}@latih.test":
        return name
    return SeatPerson.objects.filter(seat=seat, user=user).values_list("slug", flat=True).first() or OWN


def whose(seat: Seat, kpj: str) -> str:
    """Whose KPJ this is on the seat: a slug, the kind of a practice card, or `lain`. No query."""
    for person in cast_of(seat)[0]:
        if any(job.kpj == kpj for job in person.jobs):
            return _word(person)
    return OTHERS


def held(seat: Seat, kpj: str) -> dict[str, str]:
    """What is told of a KPJ: `kpj` whose it is; `satu_kpj` which one of the several that somebody has. No query.

    The words are those of a scenario: {"kpj": "siti", "satu_kpj": "siti.kpj2"}.
    """
    told = {"kpj": whose(seat, kpj)}
    for person in cast_of(seat)[0]:
        numbers = [job.kpj for job in person.jobs]
        if kpj in numbers and len(numbers) > 1 and person.tag != PRACTICE_TAG:
            told["satu_kpj"] = kpj_words(person)[numbers.index(kpj)]
    return told


def _word(person: Person) -> str:
    if person.tag != PRACTICE_TAG:
        return person.slug
    kind = (person.jobs[0].segment, bool(person.passport))
    return next((word for word, one in CARDS.items() if one == kind), OWN)


def about(request: HttpRequest, seat: Seat) -> dict[str, str]:
    """Whose KPJ the address or the form names, as `held` tells it, or whose claim or row it is; empty for none."""
    match = request.resolver_match
    if kpj := match.kwargs.get("kpj") or request.POST.get("kpj", "").strip():
        return held(seat, kpj.replace(" ", "")[:20])
    slug = ""
    if number := match.kwargs.get("number"):
        slug = _of_participants(seat, Claim.objects.filter(number=number).values("membership__participant"))
    elif match.namespace == "admin":
        slug = _of_row(seat, match.url_name or "", match.kwargs)
    return {"kpj": slug} if slug else {}


def _of_row(seat: Seat, page: str, named: Mapping) -> str:
    """Whose row a page of the desk is about."""
    key = str(named.get("pk") or named.get("object_id") or "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return ""
    people = SeatPerson.objects.filter(seat=seat)
    rows = {
        "claim": Claim.objects.filter(pk=key).values("membership__participant"),
        "mergerequest": MergeRequest.objects.filter(pk=key).values("participant"),
        "participant": people.filter(participant=key).values("participant"),
        "membership": people.filter(participant__memberships=key).values("participant"),
    }
    found = rows.get(page.removeprefix("jht_").partition("_")[0])
    return "" if found is None else _of_participants(seat, found)


def _of_participants(seat: Seat, participants: QuerySet) -> str:
    slug = SeatPerson.objects.filter(seat=seat, participant__in=participants).values_list("slug", flat=True).first()
    if slug is None:
        return OTHERS
    return next((_word(person) for person in cast_of(seat)[0] if person.slug == slug), OWN)
