"""Every scenario there is: shipped files, and those that trainers wrote, which stand in for a file of the same name."""

import logging
from functools import cache
from pathlib import Path

from portal.training.models import OwnScenario
from portal.training.scripts.scenario import LEVELS, Scenario, ScenarioFault, read

FOLDER = Path(__file__).parent.parent / "scenarios"
logger = logging.getLogger(__name__)


@cache
def shipped() -> dict[str, str]:
    """Text by slug, in the order of the alphabet. Read once a process."""
    return {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yaml"))}


def texts() -> dict[str, str]:
    """Every text by slug, a trainer's own before the shipped one. One query."""
    return shipped() | dict(OwnScenario.objects.values_list("slug", "text"))


def text_of(slug: str) -> str | None:
    """The text that counts for this slug; None when there is none. One query."""
    own = OwnScenario.objects.filter(slug=slug).values_list("text", flat=True).first()
    return shipped().get(slug) if own is None else own


def find(slug: str) -> Scenario | None:
    """The scenario; None when there is none, or when its text has faults."""
    text = text_of(slug)
    return _readable(text, slug) if text is not None else None


def all_scenarios() -> list[Scenario]:
    """Those without faults, easy ones first, then by title. One query."""
    found = (_readable(text, slug) for slug, text in texts().items())
    levels = [*LEVELS]
    return sorted((one for one in found if one), key=lambda one: (levels.index(one.level), one.title))


def _readable(text: str, slug: str) -> Scenario | None:
    """A text that was saved while it was good may have faults after an update: it is left out, not an error."""
    try:
        return read(text, slug)
    except ScenarioFault as fault:
        logger.info("Scenario %s has faults and is left out: %s", slug, fault)
        return None
