"""The cards of Lihat Saldo JHT. The rest of that page stands in templates/jht/balance.html.

Drawn here because it is the page most often asked for: as some thirty nodes of a template each, the cards cost as much
as everything else on it (docs/decisions/0006-hot-sql.md). Whatever people have typed goes through `escape`.
"""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from jht.explanations import Account, Card
from portal.templatetags.latih import bulan, icon, kpj, rupiah

register = template.Library()


@register.filter
def cards(account: Account) -> SafeString:
    """One item of a list for every KPJ; the link of an only one is the blue button of the page."""
    button = "btn btn--primary" if account.has_one_card else "btn"
    return SafeString("".join([_card(card, button) for card in account.cards]))


def _card(card: Card, button: str) -> str:
    return f"""<li class="card membership">
      <div class="membership__head">
        <h3>{escape(card.employer_name)}</h3>
        {_badge(card)}
      </div>
      {_balance(card)}
      <dl class="facts">
        <div><dt>KPJ</dt><dd>{kpj(card.kpj)}</dd></div>
        <div><dt>Segmen</dt><dd>{escape(card.segment_label)}</dd></div>
        {_contributions(card)}
      </dl>
      {"".join([_note(level, text) for level, text in card.notes])}
      {_behind(escape(card.kpj)) if card.is_behind else ""}
      {_link(escape(card.kpj), button) if card.has_jht else ""}
    </li>"""


def _badge(card: Card) -> str:
    if card.is_active:
        return f'<span class="badge badge--ok">{icon("check")}Aktif</span>'
    return f'<span class="badge badge--off">{icon("pause")}Nonaktif</span>'


def _balance(card: Card) -> str:
    if card.has_jht:
        shown = f'<span class="visually-hidden">Saldo </span>{rupiah(card.balance)}'
        return f'<p class="membership__balance">{shown}</p>'
    return '<p class="membership__balance membership__balance--none">Tanpa JHT</p>'


def _contributions(card: Card) -> str:
    month = bulan(card.last_contribution_month) or "belum ada"
    last = f"<div><dt>Iuran terakhir</dt><dd>{month}</dd></div>" if card.has_jht else ""
    wage = f"<div><dt>{card.wage_label}</dt><dd>{rupiah(card.last_wage)}</dd></div>" if card.last_wage else ""
    return last + wage


def _note(level: str, text: str) -> str:
    """`level` is "info" or "warn", which are also pictures."""
    return f'<p class="note note--{level}">{icon(level)}<span>{escape(text)}</span></p>'


def _behind(number: str) -> str:
    hidden = f'<span class="visually-hidden"> KPJ {number}</span>'
    return f'<p class="small"><a href="{number}/tunggakan/">Bulan yang belum dibayar{hidden}</a></p>'


def _link(number: str, button: str) -> str:
    hidden = f'<span class="visually-hidden"> KPJ {number}</span>'
    return f'<a class="{button} membership__go" href="{number}/">Lihat rincian saldo{hidden}</a>'
