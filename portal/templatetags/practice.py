"""What the templates of other rooms may show in a demo."""

from django import template
from django.conf import settings

from accounts.models import OutboxMessage
from accounts.outbox import inbox_key
from jht.models import Membership
from portal.practice import practice_card as card_for

register = template.Library()


@register.simple_tag(takes_context=True)
def practice_card(context) -> Membership | None:
    """The practice card of whoever looks at the page: `{% practice_card as card %}`."""
    return card_for(context["user"])


@register.simple_tag(takes_context=True)
def latest_mails(context) -> list[OutboxMessage]:
    """The newest captured mails of this browser, for beside a page; none outside a demo. One query."""
    if not settings.DEMO:
        return []
    return list(OutboxMessage.objects.readable_by(inbox_key(context["request"]))[:2])
