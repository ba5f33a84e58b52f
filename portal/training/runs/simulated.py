"""What a Simulasi klaim told: by which regulations, and which reasons they allow. Of what was typed nothing is kept."""

from django.http import HttpRequest

from jht.models import Reason
from jht.simulation import Answer
from jht.views_simulation import answers_to, claim_form
from portal.training.runs.whose import held
from portal.training.scripts.vocabulary import REGULATIONS

WORDS = {
    Reason.RETIRED: "usia-56",
    Reason.RETIRED_BY_AGREEMENT: "usia-perjanjian",
    Reason.CONTRACT_ENDED: "kontrak-berakhir",
    Reason.STOPPED: "berhenti",
    Reason.RESIGNED: "mengundurkan-diri",
    Reason.DISMISSED: "phk",
    Reason.LEFT_COUNTRY: "meninggalkan-indonesia",
    Reason.DISABLED: "cacat-total",
    Reason.DIED: "meninggal",
    Reason.PARTIAL_10: "sebagian-10",
    Reason.PARTIAL_30: "sebagian-30",
}


def told_by(request: HttpRequest) -> dict:
    """The detail of a simulation that was answered: `kpj`, `menurut`, `boleh`. Reckoned once more as the page does it.

    `boleh`: by the regulation in force, for a day that has come on the seat; a day to come proves nothing yet.
    """
    form = claim_form(request)
    if not form.is_valid():
        return {}
    answers = answers_to(form)
    come = [one for one in answers if one.is_in_force and one.on <= request.today]
    allowed = {option.verdict.reason for one in come for option in one.options if option.state == "ok"}
    told: dict = {"menurut": sorted({one.regulation.code for one in answers if _counts(one)})}
    told["boleh"] = [word for reason, word in WORDS.items() if reason in allowed]
    return told | (held(request.seat, form.membership.kpj) if form.membership else {})


def _counts(answer: Answer) -> bool:
    """Whether its regulation was in force on the day asked for, or never was: another day's would compare nothing."""
    rule = answer.regulation
    return rule is not None and rule.code in REGULATIONS and (answer.is_in_force or rule.valid_from is None)
