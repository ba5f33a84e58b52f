"""A page as somebody meets it: what its buttons, links and fields are called, read from the HTML the site answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
SILENT = frozenset(("script", "style", "template", "noscript"))  # what nobody reads
CONTROLS = ("input", "select", "textarea", "button")
UNTYPED = ("hidden", "submit", "button", "image", "reset")
PRESSED = ("submit", "image", "button")


@dataclass(eq=False)
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def walk(self) -> Iterator["Element"]:
        """This element and all below it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def around(self) -> Iterator["Element"]:
        """The elements around this one, the nearest first."""
        element = self.parent
        while element:
            yield element
            element = element.parent

    def inside(self, *tags: str) -> "Element | None":
        return next((one for one in self.around() if one.tag in tags), None)

    def all(self, *tags: str) -> list["Element"]:
        return [one for one in self.walk() if one.tag in tags]

    def text(self, *, seen_only: bool = False) -> str:
        """What is read aloud; with `seen_only` what stands on the screen."""
        return " ".join("".join(self._texts(seen_only)).split())

    def _texts(self, seen_only: bool) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif not child.is_silent and not (seen_only and "visually-hidden" in child.get("class")):
                yield from child._texts(seen_only)
                yield "" if child.tag in ("b", "strong", "em", "small", "code", "a", "span") else " "

    @property
    def is_silent(self) -> bool:
        return self.tag in SILENT or self.get("aria-hidden") == "true"


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = Element("#page")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open[-1])
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, 0, -1):
            if self.open[place].tag == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def plain(text: str) -> str:
    """A label as people compare it: small letters, single blanks, no quotes, no "(opsional)", digits together.

    >>> plain(" Nomor KPJ (opsional): "), plain("497 0000 01 23"), plain("“Saya” bukan robot")
    ('nomor kpj', '49700000123', 'saya bukan robot')
    """
    text = text.replace("(opsional)", " ").casefold()
    text = re.sub(r"[“”\"'’‘\u00ad]", "", text)
    text = " ".join(text.split()).strip(" :*")
    return re.sub(r"(?<=\d) (?=\d)", "", text)


class Page:
    """The elements of an answer, found by the words on them. Nothing inside `<main>` comes after what is outside."""

    def __init__(self, html: str, url: str):
        builder = _Builder()
        builder.feed(html)
        builder.close()
        self.url = url
        self.root = builder.root
        self.ids = {one.get("id"): one for one in self.root.walk() if one.get("id")}
        self.labels: dict[str, Element] = {}
        for label in self.root.all("label"):
            self.labels.setdefault(label.get("for"), label)

    @property
    def title(self) -> str:
        heading = next(iter(self.root.all("h1")), None) or next(iter(self.root.all("title")), None)
        return heading.text() if heading else ""

    def elements(self, *tags: str) -> list[Element]:
        found = [one for one in self.root.all(*tags) if not any(around.tag in SILENT for around in one.around())]
        return sorted(found, key=lambda one: one.inside("main") is None)

    # --- Names ---------------------------------------------------------------------------------------------
    def names(self, control: Element) -> list[str]:
        """What a control is called: its label, or whatever stands in for one; the group's heading last."""
        found = []
        for identifier in control.get("aria-labelledby").split():
            if identifier in self.ids:
                found.append(self.ids[identifier].text())
        found.append(control.get("aria-label"))
        label = self.labels.get(control.get("id")) if control.get("id") else None
        if label := label or control.inside("label"):
            found += [label.text(), label.text(seen_only=True)]
        found += [control.get("title"), control.get("placeholder")]
        return [name for name in found if name]

    def group(self, control: Element) -> str:
        """The heading of the group in which a radio or a box stands."""
        for around in control.around():
            if around.tag == "fieldset":
                return next((one.text() for one in around.all("legend")), "")
            if around.get("role") in ("group", "radiogroup"):
                named = self.ids.get(around.get("aria-labelledby"))
                return around.get("aria-label") or (named.text() if named else "")
        return ""

    def said_on(self, element: Element) -> list[str]:
        """What a button or a link says."""
        value = element.get("value") if element.tag == "input" else ""
        names = [element.get("aria-label"), value, element.text(), element.text(seen_only=True), element.get("title")]
        return [name for name in names if name]

    # --- Finding -------------------------------------------------------------------------------------------
    def fields(self) -> list[Element]:
        return [
            one
            for one in self.elements("input", "select", "textarea")
            if one.get("type") not in UNTYPED and "disabled" not in one.attributes
        ]

    def boxes(self, heading: str = "") -> list[Element]:
        """Radios and checkboxes, of the group with this heading."""
        found = [one for one in self.fields() if one.get("type") in ("radio", "checkbox")]
        return [one for one in found if matches(heading, [self.group(one)])] if heading else found

    def pressables(self) -> list[Element]:
        links = [one for one in self.elements("a", "button", "input", "summary") if self.is_pressable(one)]
        return [one for one in links if "disabled" not in one.attributes]

    @staticmethod
    def is_pressable(one: Element) -> bool:
        if one.tag == "a":
            return "href" in one.attributes
        return one.tag != "input" or one.get("type") in PRESSED

    def form_of(self, control: Element) -> Element | None:
        return self.ids.get(control.get("form")) if control.get("form") else control.inside("form")

    def controls_of(self, form: Element) -> list[Element]:
        """What a form sends, in the order of the page."""
        return [one for one in self.root.all(*CONTROLS) if self.form_of(one) is form]


def matches(words: str, names: list[str]) -> int:
    """How well these words name something: 3 exactly, 2 as the beginning, 1 somewhere inside, 0 not at all."""
    wanted = plain(words)
    best = 0
    for name in map(plain, names):
        if name == wanted:
            return 3
        best = max(best, 2 if name.startswith(wanted) else 1 if wanted and wanted in name else 0)
    return best


def best(words: str, candidates: list[Element], names) -> Element | None:
    """The candidate that these words name best, the first of equals; None when they name none."""
    ranked = [(matches(words, names(one)), one) for one in candidates]
    top = max((rank for rank, _ in ranked), default=0)
    return next((one for rank, one in ranked if rank == top), None) if top else None


# --- What a form sends -----------------------------------------------------------------------------------------
def value_of(control: Element) -> list[str]:
    """What this control sends as the page was answered: nothing, one value or several."""
    if control.tag == "textarea":
        return ["".join(child for child in control.children if isinstance(child, str)).removeprefix("\n")]
    if control.tag == "select":
        options = control.all("option")
        chosen = [one for one in options if "selected" in one.attributes]
        if not chosen and "multiple" not in control.attributes:
            chosen = options[:1]
        return [option_value(one) for one in chosen]
    if control.get("type") in ("checkbox", "radio"):
        return [control.get("value", "on")] if "checked" in control.attributes else []
    if control.get("type") in (*PRESSED, "reset", "file") or control.tag == "button":
        return []
    return [control.get("value")]


def option_value(option: Element) -> str:
    return option.attributes.get("value", option.text())
