"""What the templates of other rooms may show in a demo."""

from django import template

from jht.models import Membership
from portal.practice import practice_card as card_for

register = template.Library()


@register.simple_tag(takes_context=True)
def practice_card(context) -> Membership | None:
    """The practice card of whoever looks at the page: `{% practice_card as card %}`."""
    return card_for(context["user"])
