"""Which errors a page showed: noted while it is drawn, where every error is drawn, so that no view has to say so.

Forms draw their fields and lists of errors through `Renderer`; what templates draw by hand stands in the summary on
top of the page (`{% noted form %}` in _partials/error_summary.html). Only codes are noted, never what was typed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.forms.forms import BaseForm
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList

Codes = set[tuple[str, str]]  # (field, code); both may be empty
_noted: ContextVar[Codes | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[Codes]:
    """The codes of all errors that are shown within."""
    codes: Codes = set()
    token = _noted.set(codes)
    try:
        yield codes
    finally:
        _noted.reset(token)


def note_form(form: object) -> None:
    """The errors of this form are on the page."""
    codes = _noted.get()
    if codes is not None and isinstance(form, BaseForm) and form.is_bound:
        for field, errors in form.errors.items():
            codes.update((field, error.code or "") for error in errors.as_data())


class Renderer(TemplatesSetting):
    """Django's, which also notes what errors it draws. Costs nothing while nobody asks."""

    def render(self, template_name: str, context: dict, request=None) -> str:
        codes = _noted.get()
        if codes is not None:
            if field := context.get("field"):
                note_form(getattr(field, "form", None))
            if isinstance(errors := context.get("errors"), ErrorList):
                name = (errors.field_id or "").removeprefix("id_").rpartition("-")[2]
                codes.update((name, error.code or "") for error in errors.as_data())
        return super().render(template_name, context, request)
