"""What stands for {nama}, {kpj}, {siti.kpj} or {kode} on one seat: the words that every scenario may use."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from difflib import get_close_matches

from django.utils import timezone

from accounts.models import OutboxMessage, TextMessage
from accounts.phones import ENDINGS, phones_of
from portal import cast
from portal.training.models import Seat
from portal.training.seats import clerks, exercises, people, seating

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

# Practice cards by the kind of participant: segment, and whether a foreigner.
CARDS = {
    "kartu": ("PU", False),
    "kartu_bpu": ("BPU", False),
    "kartu_pmi": ("PMI", False),
    "kartu_wna": ("PU", True),
}
CLERK = clerks.SLUG
FOLK = (*(person.slug for person in cast.PEOPLE), *(person.slug for person in exercises.PEOPLE))

OF_SOMEBODY: dict[str, tuple[str, Callable[[Seat, cast.Person], str]]] = {
    "nama": ("nama lengkap", lambda seat, one: one.name),
    "email": ("alamat e-mail di kursi ini", lambda seat, one: one.email),
    "kata_sandi": ("kata sandi di kursi ini", lambda seat, one: people.password_of(seat)),
    "nik": ("NIK 16 angka", lambda seat, one: one.nik(_made_on(seat)) or ""),
    "paspor": ("nomor paspor, hanya untuk WNA", lambda seat, one: one.passport or ""),
    "kpj": ("nomor KPJ yang pertama", lambda seat, one: one.jobs[0].kpj),
    "kpj2": ("nomor KPJ yang kedua", lambda seat, one: _kpj(one, 1)),
    "kpj3": ("nomor KPJ yang ketiga", lambda seat, one: _kpj(one, 2)),
    "lahir": ("tanggal lahir, DD-MM-YYYY", lambda seat, one: one.birth_date(_made_on(seat)).strftime("%d-%m-%Y")),
    "perusahaan": ("nama pemberi kerja yang terakhir", lambda seat, one: _company(one)),
    "npp": ("NPP pemberi kerja yang terakhir", lambda seat, one: _npp(one)),
}
OF_THE_SEAT: dict[str, tuple[str, Callable[[Seat, datetime], str]]] = {
    "email_baru": ("alamat e-mail untuk akun baru", lambda seat, now: f"saya.{seat.mark.lower()}@latih.test"),
    "sandi_baru": ("kata sandi yang cukup baik", lambda seat, now: f"payung-ombak-{seat.mark.lower()}-58"),
    "kode": ("kode terakhir di kotak masuk kursi ini", lambda seat, now: _code_of_mail(seat)),
    "kode_sms": ("kode terakhir lewat SMS ke telepon kursi ini", lambda seat, now: _code_of_text(seat, now)),
    "hp": ("nomor telepon pertama kursi ini", lambda seat, now: _phone(seat, "001")),
    "hp2": ("nomor telepon kedua kursi ini", lambda seat, now: _phone(seat, "002")),
    "hp_hilang": ("telepon yang tidak pernah menerima SMS", lambda seat, now: _phone(seat, "901")),
    "hp_terlambat": ("telepon yang menerima SMS terlambat", lambda seat, now: _phone(seat, "902")),
    "hp_dua": ("telepon yang menerima setiap SMS dua kali", lambda seat, now: _phone(seat, "903")),
    "npp_baru": ("NPP yang belum dipakai siapa pun", lambda seat, now: exercises.npp_of(seat, 1)),
    "bulan_kurang": ("bulan yang iurannya belum masuk, MM-YYYY", lambda seat, now: f"{exercises.month_of(seat):%m-%Y}"),
    "tanggal": ("hari ini di kursi, DD-MM-YYYY", lambda seat, now: seating.today_of(seat, now).strftime("%d-%m-%Y")),
}


def known_names() -> dict[str, str]:
    """Every word that may stand between braces, with its meaning; `orang.` before those of somebody."""
    return {name: meaning for name, (meaning, _) in (OF_SOMEBODY | OF_THE_SEAT).items()}


def kpj_words(person: cast.Person) -> list[str]:
    """How each KPJ of this person is called, the braces left out.

    >>> kpj_words(next(person for person in cast.PEOPLE if person.slug == "siti"))
    ['siti.kpj', 'siti.kpj2', 'siti.kpj3']
    """
    return [f"{person.slug}.kpj{place if place > 1 else ''}" for place in range(1, len(person.jobs) + 1)]


def several_kpj() -> list[str]:
    """The KPJ of everybody who has more than one."""
    everybody = (*cast.PEOPLE, *exercises.PEOPLE)
    return [word for person in everybody if len(person.jobs) > 1 for word in kpj_words(person)]


def known_folk() -> list[str]:
    """Whose values may be asked for as {siti.kpj}."""
    return [*FOLK, *CARDS]


def unknown_names(text: str) -> Iterator[tuple[str, str]]:
    """The words between braces that mean nothing, each with the nearest that does, or an empty text.

    >>> list(unknown_names("{nama} {siti.kpj2} {emial}"))
    [('emial', 'email')]
    """
    folk, theirs = known_folk(), [*OF_SOMEBODY]
    for name in PLACEHOLDER.findall(text):
        slug, dot, value = name.partition(".")
        if dot and (slug not in folk or value not in theirs):
            near = _near(slug, folk), _near(value, theirs)
            yield name, ".".join(near) if all(near) else ""
        elif not dot and name not in known_names():
            yield name, _near(name, [*known_names()])


def fill(text: str, seat: Seat, role: str, now: datetime) -> str:
    """The text with this seat's values; `role` is who the scenario is about, `now` the real moment.

    A value that is not there yet (a code before its mail) is empty. One query for each of {kode} and {kode_sms}.
    """
    return PLACEHOLDER.sub(lambda found: value(found[1], seat, role, now), text)


def value(name: str, seat: Seat, role: str, now: datetime) -> str:
    """What one word means on this seat; the word itself in braces when it is unknown."""
    if name in OF_THE_SEAT:
        return OF_THE_SEAT[name][1](seat, now)
    slug, _, wanted = name.partition(".") if "." in name else (role, "", name)
    if wanted not in OF_SOMEBODY:
        return f"{{{name}}}"
    if slug == CLERK:
        return _of_clerk(wanted, seat)
    person = _somebody(slug, seat)
    return OF_SOMEBODY[wanted][1](seat, person) if person else f"{{{name}}}"


def _somebody(slug: str, seat: Seat) -> cast.Person | None:
    """Who is played on this seat under this slug; for a card the first of its kind, linked or not."""
    everybody = people.cast_of(seat)[0]
    if slug not in CARDS:
        return next((one for one in everybody if one.slug == slug), None)
    segment, is_foreign = CARDS[slug]
    cards = (one for one in everybody if one.tag == cast.PRACTICE_TAG)
    return next((one for one in cards if one.jobs[0].segment == segment and bool(one.passport) == is_foreign), None)


def _of_clerk(wanted: str, seat: Seat) -> str:
    """The clerk of a seat has an account, and a company whose people are on the desk."""
    company = exercises.company_of(seat)
    account = {"email": clerks.email_of(seat), "kata_sandi": people.password_of(seat)}
    return (account | {"perusahaan": company.name, "npp": company.npp}).get(wanted, "")


def _made_on(seat: Seat) -> date:
    return seat.made_on or timezone.localdate()


def _kpj(person: cast.Person, place: int) -> str:
    return person.jobs[place].kpj if place < len(person.jobs) else ""


def _npp(person: cast.Person) -> str:
    return next((job.npp for job in reversed(person.jobs) if job.npp), "")


def _company(person: cast.Person) -> str:
    npp = _npp(person)
    return cast.COMPANIES[npp].name if npp in cast.COMPANIES else exercises.COMPANY_NAME if npp else ""


def _phone(seat: Seat, ending: str) -> str:
    return phones_of(seat.inbox_key)[ENDINGS.index(ending)].number


def _code_of_mail(seat: Seat) -> str:
    mails = OutboxMessage.objects.readable_by(seat.inbox_key).exclude(code="")
    return mails.values_list("code", flat=True).first() or ""


def _code_of_text(seat: Seat, now: datetime) -> str:
    texts = TextMessage.objects.filter(
        phone__startswith=seat.phone_stem, direction=TextMessage.Direction.OUT, arrives_at__lte=now + seat.clock_offset
    ).exclude(state=TextMessage.State.LOST)
    return texts.exclude(code="").values_list("code", flat=True).order_by("-arrives_at", "-pk").first() or ""


def _near(word: str, known: list[str]) -> str:
    return next(iter(get_close_matches(word, known, 1, 0.6)), "")
