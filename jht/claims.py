"""A claim from filing to payment: one transaction a step, safe to repeat, each step told and written down.

Whatever decides holds the membership first and the claim second, so that a payment, a credit run and a merge wait for
one another. Refusals are ValidationErrors whose sentence may be shown as it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from jht import actions, facts, trail
from jht.claim_words import AT_BRANCH_ONLY, BRING_PROOF, COMPLETED, REFUSALS, STEPS
from jht.eligibility import PARTIAL, Verdict, after_months, fits_channel, judge, tax
from jht.identity import nik_fits_birth_date, same_name
from jht.models import AuditRecord, Claim, ClaimDocument, ClaimStep, Figure, Membership, Participant, Reason
from jht.notices import tell

Act, Channel, Refusal, Status = AuditRecord.Act, Claim.Channel, Claim.Refusal, Claim.Status
LONGEST_MESSAGE = ClaimStep._meta.get_field("message").max_length


@dataclass(frozen=True)
class Paper:
    """One document of the checklist: which of our samples was attached, "" for none."""

    name: str
    sample: str = ""
    is_legible: bool = True


@dataclass(frozen=True)
class Account:
    """An invented bank account: number beginning with 49, in the participant's own name."""

    bank: str
    number: str
    name: str


@dataclass(frozen=True)
class Application:
    """What a participant asks for. `amount`: whole rupiah of a partial claim, None for everything.

    `token`: the form's own key; the same form sent twice makes one claim.
    """

    reason: str
    account: Account
    token: str
    amount: int | None = None
    has_npwp: bool = False
    papers: Sequence[Paper] = ()


class AlreadyDecided(ValidationError):
    """Somebody else was faster; the sentence names who and what."""


@transaction.atomic
def file_claim(
    membership: Membership,
    application: Application,
    on: date,
    at: datetime,
    by: AbstractBaseUser | None,
    channel: str = Channel.WEB,
) -> Claim:
    """Take a claim in. Raises ValidationError when the rules forbid it, or the channel's limit.

    The same token gives the same claim back, whatever has become of it.
    """
    membership = _held(membership.pk)
    if known := Claim.objects.filter(token=application.token, membership=membership).first():
        return known
    if waiting := membership.claims.filter(status__in=Claim.OPEN).first():
        raise ValidationError(
            f"KPJ ini masih mempunyai klaim {waiting.number} yang sedang diproses. Tunggu sampai selesai, atau "
            "batalkan klaim itu lebih dahulu.",
            "open_claim",
        )
    verdict = entitled(membership, application.reason, on)
    if channel != Channel.BRANCH and (barred := barred_at_a_distance(membership, on, application.reason)):
        raise barred
    amount = _asked(application, verdict)
    _refuse_foreign(application.account, membership, application.reason)
    try:
        with transaction.atomic():
            claim = Claim.objects.create(
                number=application.token[:20],  # its own follows from its key
                membership=membership,
                reason=application.reason,
                channel=channel,
                amount=amount,
                filed_on=on,
                filed_by=by,
                bank=application.account.bank,
                account_number=application.account.number,
                account_name=application.account.name,
                has_npwp=application.has_npwp,
                token=application.token,
            )
    except IntegrityError as error:
        raise ValidationError("Formulir ini sudah terpakai. Mulai pengajuan dari awal.", "token") from error
    claim.number = f"KL-{on.year}-{claim.pk:06}"
    claim.save(update_fields=["number"])
    ClaimDocument.objects.bulk_create(
        ClaimDocument(claim=claim, name=paper.name[:80], sample=paper.sample, is_legible=paper.is_legible)
        for paper in application.papers
    )
    proof = f" {BRING_PROOF}" if needs_proof(membership.participant) else ""
    _step(claim, Act.ASKED, by, at, f"{STEPS[Status.SUBMITTED]}{proof}")
    return claim


@transaction.atomic
def complete_claim(
    claim: Claim, papers: Iterable[Paper], account: Account, at: datetime, by: AbstractBaseUser | None
) -> Claim:
    """The participant supplies what was asked for, and the claim waits for the desk again. Twice is once."""
    claim = _locked(claim)
    if claim.status == Status.SUBMITTED:
        return claim
    _expect(claim, Status.INCOMPLETE)
    _refuse_foreign(account, claim.membership, claim.reason)
    for paper in papers:
        claim.documents.filter(name=paper.name).update(sample=paper.sample, is_legible=paper.is_legible)
    claim.bank, claim.account_number, claim.account_name = account.bank, account.number, account.name
    claim.status = Status.SUBMITTED
    claim.save(update_fields=["bank", "account_number", "account_name", "status"])
    _step(claim, Act.CHANGED, by, at, COMPLETED)
    return claim


@transaction.atomic
def cancel_claim(claim: Claim, on: date, at: datetime, by: AbstractBaseUser | None) -> Claim:
    """The participant takes the claim back, as long as it is open. Twice is once."""
    claim = _locked(claim)
    if claim.status == Status.CANCELLED:
        return claim
    _expect(claim, *Claim.OPEN)
    claim.status, claim.decided_on = Status.CANCELLED, on
    claim.save(update_fields=["status", "decided_on"])
    _step(claim, Act.CANCELLED, by, at, STEPS[Status.CANCELLED])
    return claim


@transaction.atomic
def ask_for_more(
    claim: Claim, message: str, at: datetime, by: AbstractBaseUser | None, unreadable: Sequence[str] = ()
) -> Claim:
    """Send the claim back to the participant: `message` says what is missing, `unreadable` which papers to replace."""
    claim = _locked(claim)
    if _same_again(claim, Status.INCOMPLETE, by):
        return claim
    _expect(claim, Status.SUBMITTED)
    if not message.strip():
        raise ValidationError("Tulis apa yang perlu dilengkapi peserta.", "no_message")
    claim.documents.filter(name__in=unreadable).update(is_legible=False)
    claim.status = Status.INCOMPLETE
    claim.save(update_fields=["status"])
    _step(claim, Act.CHANGED, by, at, message)
    return claim


@transaction.atomic
def approve(claim: Claim, on: date, at: datetime, by: AbstractBaseUser | None) -> Claim:
    """Find the claim right. The rules are asked once more: much may have changed since it was filed."""
    claim = _locked(claim)
    if _same_again(claim, Status.APPROVED, by):
        return claim
    _expect(claim, Status.SUBMITTED)
    _refuse_too_much(claim, entitled(claim.membership, claim.reason, on))
    claim.status, claim.decided_on = Status.APPROVED, on
    claim.save(update_fields=["status", "decided_on"])
    _step(claim, Act.APPROVED, by, at, STEPS[Status.APPROVED])
    return claim


@transaction.atomic
def refuse(claim: Claim, refusal: str, message: str, on: date, at: datetime, by: AbstractBaseUser | None) -> Claim:
    """Say no: the category's own sentence, and what the clerk adds to it."""
    claim = _locked(claim)
    if claim.refusal == refusal and _same_again(claim, Status.REFUSED, by):
        return claim
    _expect(claim, *Claim.OPEN)
    if refusal not in REFUSALS:
        raise ValidationError("Pilih sebab penolakan dari daftar.", "no_refusal")
    if refusal == Refusal.OTHER and not message.strip():
        raise ValidationError("Alasan lain memerlukan keterangan. Tulis untuk peserta.", "no_message")
    claim.status, claim.refusal, claim.decided_on = Status.REFUSED, refusal, on
    claim.save(update_fields=["status", "refusal", "decided_on"])
    _step(claim, Act.REFUSED, by, at, f"{REFUSALS[refusal]} {message}".strip())
    return claim


@transaction.atomic
def pay(claim: Claim, on: date, at: datetime, by: AbstractBaseUser | None) -> Claim:
    """Pay an approved claim: the ledger is debited exactly once, however often and from wherever this is asked.

    Raises ValidationError when the claim no longer fits: the balance fell, the KPJ was merged, the rules say no.
    """
    claim = _locked(claim)
    if claim.status == Status.PAID:
        return claim
    _expect(claim, Status.APPROVED)
    membership = claim.membership
    _refuse_too_much(claim, entitled(membership, claim.reason, on))
    earlier, year = facts.payments_before(membership, on)
    entry = actions.withdraw(
        membership,
        None if claim.amount is None else Decimal(claim.amount),
        f"Klaim {claim.number}: {claim.get_reason_display()}"[:200],
        on,
        key=f"claim:{claim.pk}",
        by=by,
    )
    claim.gross = -entry.amount
    claim.tax = tax(claim.gross, facts.tax_terms(on), earlier=earlier, year=year, has_npwp=claim.has_npwp)
    claim.status, claim.paid_on = Status.PAID, on
    claim.save(update_fields=["status", "gross", "tax", "paid_on"])
    _step(claim, Act.PAID, by, at, STEPS[Status.PAID])
    return claim


# --- Questions -----------------------------------------------------------------------------------------------


def verdicts(
    membership: Membership, on: date, reasons: Sequence[str] = tuple(Reason.values), balance: Decimal | None = None
) -> list[Verdict]:
    """What each reason gives for this membership on this day, by the regulation then in force."""
    title, terms = facts.terms_on(on)
    return judge(facts.person(membership, on, balance), terms, reasons, title, on)


def entitled(membership: Membership, reason: str, on: date) -> Verdict:
    """The verdict of one reason; ValidationError with the conditions that are not met when it is no.

    The error's code is the category of refusal (Claim.Refusal).
    """
    if membership.merged_into_id:
        raise ValidationError(
            f"KPJ {membership.kpj} sudah digabung ke KPJ {membership.merged_into.kpj}. Ajukan klaim dari KPJ itu.",
            "merged",
        )
    verdict = verdicts(membership, on, [reason])[0]
    if verdict.allowed and reason in PARTIAL and facts.took_partial_later(membership, on):
        raise ValidationError(
            "Pembayaran sebagian hanya sekali, dan sudah diberikan pada hari yang lebih kemudian. Majukan jam latihan "
            "ke hari itu atau sesudahnya.",
            Refusal.NOT_ENTITLED,
        )
    if verdict.allowed:
        return verdict
    category = category_of(membership, verdict, on)
    missing = " ".join(line.text for line in verdict.failed)
    earliest = f" Paling cepat {verdict.earliest:%d-%m-%Y}." if verdict.earliest else ""
    raise ValidationError(f"{REFUSALS[category]} Yang belum terpenuhi: {missing}{earliest}", category)


def category_of(membership: Membership, verdict: Verdict, on: date) -> str:
    """Which category of refusal the conditions that are not met make."""
    terms, end = verdict.terms, membership.end
    if not verdict.max_amount and membership.entries.filter(kind="withdrawal", date__lte=on).exists():
        return Refusal.ALREADY_PAID
    if terms and terms.needs_ended and (end is None or end >= on):
        return Refusal.STILL_ACTIVE
    if terms and terms.wait_months and end and after_months(end, terms.wait_months) > on:
        return Refusal.WAITING
    return Refusal.NOT_ENTITLED


def limit_on(on: date) -> Decimal | None:
    """The highest balance that may be claimed through web or app on this day, in rupiah; None when none is known."""
    limit = facts.figure(Figure.Kind.APP_LIMIT, on)
    return limit.value if limit else None


def barred_at_a_distance(membership: Membership, on: date, reason: str = "") -> ValidationError | None:
    """Why only a branch can take a claim from this KPJ, or for this reason; None when web and app can as well."""
    limit = limit_on(on)
    if limit is not None and not fits_channel(membership.balance(on), limit):
        return ValidationError(REFUSALS[Refusal.ABOVE_LIMIT], Refusal.ABOVE_LIMIT)
    if reason in AT_BRANCH_ONLY:
        return ValidationError(AT_BRANCH_ONLY[reason], "branch_only")
    return None


def estimate_tax(membership: Membership, gross: Decimal, on: date, has_npwp: bool) -> Decimal:
    """The tax if this were paid on this day, in whole rupiah."""
    earlier, year = facts.payments_before(membership, on)
    return tax(gross, facts.tax_terms(on), earlier=earlier, year=year, has_npwp=has_npwp)


def needs_proof(participant: Participant) -> bool:
    """Whether the desk compares papers first: the birth date is not the one in the NIK, which happens without fraud."""
    return not nik_fits_birth_date(participant.nik, participant.birth_date)


# --- Inside a transaction ------------------------------------------------------------------------------------


def _held(membership_id: int) -> Membership:
    """The membership as it is now, locked until the transaction ends together with the other KPJ of the same person:
    what is taken in part from one of them counts for all (docs/aturan.md#pembayaran-sebagian)."""
    person = Membership.objects.filter(pk=membership_id).values("participant")
    actions._lock(Membership.objects.filter(participant__in=person).values_list("pk", flat=True))
    return Membership.objects.select_related("participant__user", "merged_into").get(pk=membership_id)


def _locked(claim: Claim) -> Claim:
    """The claim and its membership, locked in this order, as they are now."""
    membership = _held(claim.membership_id)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    claim.membership = membership
    return claim


def _asked(application: Application, verdict: Verdict) -> int | None:
    """How much is asked for, in whole rupiah; None for everything."""
    if application.reason not in PARTIAL:
        return None
    most = int(verdict.max_amount)
    amount = most if application.amount is None else application.amount
    if not 0 < amount <= most:
        raise ValidationError(_too_much(most) if amount > most else NOTHING, "above_share")
    return amount


def _refuse_too_much(claim: Claim, verdict: Verdict) -> None:
    """The balance may have fallen since the claim was filed."""
    if claim.amount is not None and claim.amount > verdict.max_amount:
        raise ValidationError(_too_much(int(verdict.max_amount)), "above_share")


NOTHING = "Jumlah yang diminta harus lebih dari Rp0. Kosongkan bila meminta seluruh bagian yang boleh diambil."


def _too_much(most: int) -> str:
    figure = f"{most:,}".replace(",", ".")
    return f"Jumlah yang diminta melebihi bagian yang boleh diambil hari ini, yaitu Rp{figure}. Isi paling banyak itu."


def _refuse_foreign(account: Account, membership: Membership, reason: str) -> None:
    """Money goes to the participant's own account only, or to the heirs'."""
    if reason != Reason.DIED and not same_name(account.name, membership.participant.name):
        raise ValidationError(REFUSALS[Refusal.BANK], Refusal.BANK)


def _last_step(claim: Claim) -> ClaimStep | None:
    return claim.steps.select_related("by").order_by("-at", "-id").first()


def _same_again(claim: Claim, status: str, by: AbstractBaseUser | None) -> bool:
    """Whether this very decision was taken by this very person: a button pressed twice."""
    last = _last_step(claim) if claim.status == status else None
    return last is not None and last.by == by


def _expect(claim: Claim, *statuses: str) -> None:
    """AlreadyDecided, with who and when, unless the claim waits for what is about to be done."""
    if claim.status in statuses:
        return
    if claim.status == Status.SUBMITTED:
        raise AlreadyDecided("Klaim ini belum disetujui. Setujui lebih dahulu.", "not_approved")
    last = _last_step(claim)
    who = last.by.get_username() if last and last.by else trail.SYSTEM
    when = f" pada {timezone.localtime(last.at):%d-%m-%Y pukul %H.%M}" if last else ""
    what = claim.get_status_display().lower()
    if claim.status == Status.INCOMPLETE:
        raise AlreadyDecided(f"Klaim ini sudah dikembalikan kepada peserta oleh {who}{when}: {what}.", "decided")
    raise AlreadyDecided(f"Klaim ini sudah diputuskan oleh {who}{when}: {what}.", "decided")


def _step(claim: Claim, act: str, by: AbstractBaseUser | None, at: datetime, message: str) -> None:
    """One line of the timeline, one of the trail, one mail."""
    message = message[:LONGEST_MESSAGE]
    ClaimStep.objects.create(claim=claim, at=at, status=claim.status, message=message, by=by)
    trail.note(act, claim, by, f"{claim.get_status_display()}: {message}")
    tell(claim.membership.participant, "claim", {"claim": claim, "message": message})
