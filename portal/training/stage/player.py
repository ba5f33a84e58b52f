"""Plays the actions of a scenario through the site itself, as somebody would who reads labels and presses buttons.

For the state explorer, for trying out a trainer's own scenario, and for tests. What a browser does is played by
coach.js from the same actions.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import product
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts import captcha
from accounts.phones import phones_of
from jht.samples import SAMPLES
from portal.training.models import Seat
from portal.training.scripts import values, vocabulary
from portal.training.scripts.scenario_parts import Action
from portal.training.seats import files
from portal.training.stage.inside import File, Inside
from portal.training.stage.markup import UNTYPED, Element, Page, best, matches, option_value, plain, value_of

LISTED = 12  # names that an error lists at most


class Stuck(Exception):
    """An action could not be played: which one, on which page, and what there was instead."""

    def __init__(self, action: Action, page: Page | None, reason: str):
        self.action, self.page = action, page
        where = f" Halaman: “{page.title}” ({page.url})." if page else ""
        super().__init__(f"{told(action)}: {reason}{where}")


def told(action: Action) -> str:
    """An action in one line, as a scenario writes it."""
    argument = action.argument
    if isinstance(argument, str):
        return f"{action.verb}: {argument}"
    inside = ", ".join(
        f"{label}: {'; '.join(value) if isinstance(value, tuple) else value}" for label, value in argument.items()
    )
    return f"{action.verb}: {{{inside}}}"


class Player:
    """Somebody at a browser that sits on this seat. `role`: whose values stand in placeholders.

    `wait(seconds)` is called for `tunggu: 20`; nothing is waited for unless it is given.
    """

    def __init__(self, seat: Seat | None, role: str = "", wait: Callable[[int], None] | None = None):
        self.seat, self.role, self.wait = seat, role, wait
        self.browser = Inside(seat)
        self.response: HttpResponse | None = None
        self.page: Page | None = None
        self.typed: dict[Element, list[str | File]] = {}

    def perform(self, actions: Iterable[Action]) -> HttpResponse | None:
        """Play them one after another; the answer that is on the screen then. Stuck names the action that fails."""
        for action in actions:
            self.one(action)
        return self.response

    def one(self, action: Action) -> None:
        self.action = action
        argument = self._filled(action.argument)
        getattr(self, f"_do_{action.verb}")(argument)

    def visit(self, url: str) -> HttpResponse:
        """Open an address."""
        return self._show(self.browser.get(url))

    # --- Values ----------------------------------------------------------------------------------------------
    def _filled(self, argument):
        if isinstance(argument, str):
            return self._fill(argument)
        if isinstance(argument, tuple):
            return tuple(self._fill(one) for one in argument)
        return {self._fill(label): self._filled(value) for label, value in argument.items()}

    def _fill(self, text: str) -> str:
        if "{" not in text:
            return text
        if self.seat is None:
            raise self._stuck(f"tanpa kursi tidak ada nilai untuk {text}.")
        if "{kode" in text and not all(self._code(name) for name in ("kode", "kode_sms") if f"{{{name}}}" in text):
            raise self._stuck("kodenya belum datang.")
        return values.fill(text, self.seat, self.role, timezone.now())

    def _code(self, name: str) -> str:
        if self.seat is None:
            return ""
        return values.value(name, self.seat, self.role, timezone.now())

    def _now(self) -> datetime:
        return timezone.now() + (self.seat.clock_offset if self.seat else timedelta())

    def _stuck(self, reason: str) -> Stuck:
        return Stuck(self.action, self.page, reason)

    # --- Actions ---------------------------------------------------------------------------------------------
    def _do_buka(self, argument: str | dict[str, str]) -> None:
        named = {"halaman": argument} if isinstance(argument, str) else argument
        kpj = named.get("kpj") or (self._fill("{kpj}") if vocabulary.PAGES[named["halaman"]].about else "")
        try:
            self.visit(address(**{**named, "kpj": kpj}, on=self._now()))
        except NoReverseMatch:
            raise self._stuck("halaman ini hanya dapat dicapai lewat tombol atau tautan.") from None

    def _do_isi(self, fields: dict[str, str]) -> None:
        for label, text in fields.items():
            control = self._field(
                label, [one for one in self._page().fields() if one.get("type") not in ("checkbox", "radio", "file")]
            )
            self.typed[control] = [self._option(control, text) if control.tag == "select" else text]

    def _do_pilih(self, argument: str | dict[str, str | tuple[str, ...]]) -> None:
        if isinstance(argument, str):
            self._choose(argument, self._page().boxes())
            return
        for heading, labels in argument.items():
            boxes = self._page().boxes(heading)
            for label in (labels,) if isinstance(labels, str) else labels:
                if boxes:
                    self._choose(label, boxes)
                else:
                    control = self._field(heading, self._page().elements("select"))
                    self.typed.setdefault(control, []).append(self._option(control, label))

    def _do_centang(self, label: str) -> None:
        box = self._choose(label, self._page().boxes())
        form = self._page().form_of(box)
        hidden = box.get("name").removesuffix("_tick")
        for control in self._page().controls_of(form) if form and hidden != box.get("name") else ():
            if control.get("name") == hidden:
                self.typed[control] = [captcha.answered(self._now())]

    def _do_klik(self, words: str) -> None:
        page = self._page()
        control = best(words, page.pressables(), page.said_on)
        if control is None:
            there = [page.said_on(one)[0] for one in page.pressables() if page.said_on(one)]
            raise self._stuck(f"tidak ada tombol atau tautan itu. {_listed(there)}")
        if control.tag == "a":
            self._follow(control.get("href"))
        elif control.tag != "summary":
            self._submit(control)

    def _do_unggah(self, files: dict[str, str]) -> None:
        for label, name in files.items():
            fields = [one for one in self._page().fields() if one.get("type") == "file"]
            self.typed[self._field(label, fields)] = [self._sample(name)]

    def _do_sms(self, argument: dict[str, str]) -> None:
        """On the phone beside the page: what is on the screen stays."""
        phones = [phone.number for phone in phones_of(self.seat.inbox_key)] if self.seat else []
        sender = argument.get("dari", "1")
        number = phones[int(sender) - 1] if sender.isdigit() and 0 < int(sender) <= len(phones) else sender
        if number not in phones:
            raise self._stuck(f"tidak ada telepon “{sender}” di kursi ini; ada 1 sampai {len(phones)}.")
        kept = self.response, self.page, self.typed, self.browser.url
        self.visit(f"{reverse('phone')}?{urlencode({'nomor': number[-3:]})}")
        self._do_isi({"Pesan ke 2757": argument["isi"]})
        self._do_klik("Kirim")
        self.response, self.page, self.typed, self.browser.url = kept

    def _do_jam(self, move: str) -> None:
        """With the buttons of the seat's page; what is on the screen stays."""
        kept = self.response, self.page, self.typed, self.browser.url
        self.visit(reverse("class"))
        page = self._page()
        button = next((one for one in page.pressables() if one.get("value") == move), None)
        listed = next((one for one in page.elements("option") if option_value(one) == move), None)
        if listed and (choice := listed.inside("select")):
            self.typed[choice] = [move]
            button = next((one for one in page.pressables() if page.form_of(one) is page.form_of(choice)), None)
        if button is None:
            raise self._stuck("jam kursi ini tidak dapat diputar ke sana.")
        self._submit(button)
        if self.seat:
            self.seat.refresh_from_db(fields=["days_ahead"])
        self.response, self.page, self.typed, self.browser.url = kept

    def _do_tunggu(self, what: str) -> None:
        if what.isdigit():
            if self.wait:
                self.wait(int(what))
        elif not self._code("kode" if what == "kode" else "kode_sms"):
            raise self._stuck("kodenya belum datang.")

    def _do_jawab(self, choice: str) -> None:
        """In the panel of the run, which stands on every page of the seat that has a frame."""
        box = self._answer_box(choice)
        if box is None:
            self.visit("/")
            box = self._answer_box(choice)
        if box is None:
            raise self._stuck("tidak ada pertanyaan dengan pilihan ini di halaman.")
        self._tick(box)
        form = self._page().form_of(box)
        buttons = [one for one in self._page().pressables() if one.tag != "a" and self._page().form_of(one) is form]
        self._submit(buttons[0])

    def _answer_box(self, choice: str) -> Element | None:
        boxes = self.page.boxes() if self.page else []
        return next((one for one in boxes if (one.get("name"), one.get("value")) == ("jawab", choice)), None)

    # --- The page --------------------------------------------------------------------------------------------
    def _page(self) -> Page:
        if self.page is None:
            raise self._stuck("belum ada halaman; mulai dengan “buka”.")
        return self.page

    def _show(self, response: HttpResponse) -> HttpResponse:
        html = response.headers.get("Content-Type", "").startswith("text/html")
        self.response, self.typed = response, {}
        self.page = Page(response.content.decode() if html else "", self.browser.url)
        return response

    def _follow(self, href: str) -> None:
        if urlsplit(href).netloc:
            raise self._stuck(f"tautan ini menuju situs lain: {href}")
        if not href.startswith("#"):
            self.visit(href)

    def _field(self, label: str, fields: list[Element]) -> Element:
        page = self._page()
        found = best(label, fields, lambda one: [*page.names(one), *([page.group(one)] if page.group(one) else [])])
        if found is None:
            raise self._stuck(
                f"tidak ada isian “{label}”. {_listed([name for one in fields for name in page.names(one)[:1]])}"
            )
        return found

    def _choose(self, label: str, boxes: list[Element]) -> Element:
        page = self._page()
        box = best(label, boxes, page.names)
        if box is None:
            raise self._stuck(
                f"tidak ada pilihan “{label}”. {_listed([name for one in boxes for name in page.names(one)[:1]])}"
            )
        self._tick(box)
        return box

    def _tick(self, box: Element) -> None:
        if box.get("type") == "radio":
            for other in self._page().boxes():
                if other.get("name") == box.get("name") and self._page().form_of(other) is self._page().form_of(box):
                    self.typed[other] = []
        self.typed[box] = [box.get("value", "on")]

    def _option(self, control: Element, text: str) -> str:
        """What a list sends for this choice; a list that is searched while typing is asked."""
        options = control.all("option")
        if found := best(text, options, lambda one: [one.text()]):
            return option_value(found)
        if there := control.get("data-ajax--url"):
            return self._asked(control, there, text)
        raise self._stuck(f"tidak ada pilihan “{text}” dalam daftar. {_listed([one.text() for one in options])}")

    def _asked(self, control: Element, there: str, text: str) -> str:
        names = {"app_label": "data-app-label", "model_name": "data-model-name", "field_name": "data-field-name"}
        url = self.browser.url
        answer = self.browser.get(
            f"{there}?{urlencode({'term': text} | {to: control.get(of) for to, of in names.items()})}"
        )
        self.browser.url = url
        found = json.loads(answer.content)["results"] if answer.status_code == 200 else []
        ranked = sorted(found, key=lambda one: -matches(text, [one["text"]]))
        if not ranked:
            raise self._stuck(f"pencarian “{text}” tidak menemukan apa-apa.")
        return ranked[0]["id"]

    def _sample(self, name: str) -> File:
        """One of the papers that a claim takes, or the file that the seat's clerk brings in."""
        for sample in SAMPLES.values():
            if plain(name) in (plain(sample.slug), plain(sample.name), plain(sample.file)):
                return File(sample.file, sample.data, sample.media_type)
        if self.seat and (made := files.content_of(self.seat, name)):
            return File(name, *made)
        raise self._stuck(f"tidak ada berkas contoh “{name}”. {_listed([*SAMPLES, *files.FILES])}")

    def _submit(self, button: Element) -> None:
        """Send the form of this button as a browser would."""
        page = self._page()
        form = page.form_of(button)
        if form is None:
            raise self._stuck("tombol ini tidak berada di dalam formulir.")
        sent: list[tuple[str, str | File]] = []
        for control in page.controls_of(form):
            name = control.get("name")
            if not name or "disabled" in control.attributes:
                continue
            if control is button:
                sent.append((name, control.get("value")))
            elif control.tag != "button" and (control.get("type") not in UNTYPED or control.get("type") == "hidden"):
                sent += [(name, one) for one in self.typed.get(control, value_of(control))]
        where = button.get("formaction") or form.get("action") or page.url
        if (button.get("formmethod") or form.get("method") or "get").lower() == "post":
            self._show(self.browser.post(where, sent))
        else:
            query = [(name, value) for name, value in sent if not isinstance(value, File)]
            self.visit(f"{where.partition('?')[0]}?{urlencode(query)}")


def address(halaman: str, kpj: str = "", tahun: str = "", lewat: str = "", *, on: datetime) -> str:
    """Where `buka` leads. NoReverseMatch for a page that is reached by its buttons only."""
    page = vocabulary.PAGES[halaman]
    if vocabulary.JOIN in page.views:
        return reverse(vocabulary.JOIN, args=[halaman.removeprefix("jmo-daftar-")])
    year = int(tahun) if tahun.isdigit() else on.year - 1
    ways: tuple[dict[str, str | int], ...] = ({}, {"kpj": kpj}, {"kpj": kpj, "year": year}, {"kpj": kpj, "kind": "pdf"})
    views = sorted(page.views, key=lambda view: view.startswith("jmo") != (lewat == "app"))
    for view, arguments in product(views, ways):
        try:
            return reverse(view, kwargs=arguments)
        except NoReverseMatch:
            continue
    raise NoReverseMatch(halaman)


def _listed(names: list[str]) -> str:
    found = list(dict.fromkeys(name for name in names if name))
    rest = f" dan {len(found) - LISTED} lagi" if len(found) > LISTED else ""
    return f"Ada: {', '.join(found[:LISTED])}{rest}." if found else "Tidak ada apa pun yang serupa."
