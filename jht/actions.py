"""Whatever changes several rows: one transaction each, safe to repeat.

Refusals are ValidationErrors whose sentence may be shown as it is. `by` is the account that acts; None is the system.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from jht import crediting, ledger, trail
from jht.models import (
    AuditRecord,
    Claim,
    ClaimDocument,
    ClaimStep,
    Contribution,
    Employer,
    Entry,
    Membership,
    MergeRequest,
    Participant,
    Rate,
    Removal,
    Segment,
)
from jht.rules import Rates, YearLine, split_contribution, statement
from jht.words import rupiah_sen

Act = AuditRecord.Act
RETURN_REASON = "Hasil pengembangan {year}"
CREDIT_BATCH = 500  # memberships whose year is judged one by one, at a time: memory stays flat


@dataclass(frozen=True)
class Payment:
    """One month's contribution to record, in whole rupiah."""

    membership: Membership
    month: date
    wage: int
    employer_share: int
    worker_share: int
    paid_on: date


def wage_payment(membership: Membership, month: date, wage: int, paid_on: date) -> Payment:
    """A wage earner's (PU) month: both shares follow from the wage."""
    employer_share, worker_share = split_contribution(wage)
    return Payment(membership, month, wage, employer_share, worker_share, paid_on)


@transaction.atomic
def record_contributions(payments: Iterable[Payment], by: AbstractBaseUser | None = None) -> list[Contribution]:
    """Record the months and post each to the ledger, all or nothing.

    Raises ValidationError when a member has no JHT or a month is already recorded.
    """
    payments = list(payments)
    _lock(payment.membership.pk for payment in payments)
    for payment in payments:
        _refuse_without_jht(payment.membership)
    _refuse_merged(payment.membership.pk for payment in payments)
    try:
        with transaction.atomic():
            contributions = Contribution.objects.bulk_create(
                Contribution(
                    membership=payment.membership,
                    month=payment.month,
                    wage=payment.wage,
                    employer_share=payment.employer_share,
                    worker_share=payment.worker_share,
                    paid_on=payment.paid_on,
                )
                for payment in payments
            )
    except IntegrityError as error:
        raise ValidationError(
            "Sedikitnya satu iuran bulan ini sudah tercatat atau jumlahnya Rp0, jadi tidak ada yang disimpan. "
            "Muat ulang halaman ini, lalu periksa daftarnya.",
            code="not_recorded",
        ) from error
    ledger.post_contributions(
        [contribution.pk for contribution in contributions], timezone.now(), getattr(by, "pk", None)
    )
    earliest: dict[int, date] = {}
    for contribution in contributions:
        known = earliest.setdefault(contribution.membership_id, contribution.paid_on)
        earliest[contribution.membership_id] = min(known, contribution.paid_on)
    _credit_again(earliest, by)
    return contributions


@transaction.atomic
def cancel_contribution(contribution: Contribution, reason: str, on: date, by: AbstractBaseUser | None) -> None:
    """Take a contribution back, and with it whatever it has earned, as of `on`. A second time changes nothing.

    The reversing entry carries the day of the payment, so that the two cancel out month by month; when it was
    recorded stands beside it. Raises ValidationError when the money has been paid out meanwhile.
    """
    _lock([contribution.membership_id])
    if not Contribution.objects.standing().filter(pk=contribution.pk).update(cancelled_on=on):
        return
    _refuse_merged([contribution.membership_id])
    _post(
        contribution.membership_id,
        contribution.paid_on,
        Entry.Kind.CORRECTION,
        Decimal(-contribution.amount),
        by,
        key=f"cancel:{contribution.pk}",
        reason=reason,
        contribution=contribution,
    )
    _credit_again({contribution.membership_id: contribution.paid_on}, by)
    _refuse_below_zero(contribution.membership, 0, on)
    trail.note(Act.CANCELLED, contribution, by, f"Iuran dibatalkan: {reason}")


@transaction.atomic
def correct(
    membership: Membership, amount: Decimal, reason: str, on: date, key: str, by: AbstractBaseUser | None
) -> Entry:
    """Put a mistake right by an entry of its own. The same key posts once."""
    _lock([membership.pk])
    _refuse_without_jht(membership)
    if known := Entry.objects.filter(key=key).first():
        return known
    _refuse_merged([membership.pk])
    _refuse_below_zero(membership, amount, on)
    entry = _post(membership.pk, on, Entry.Kind.CORRECTION, amount, by, key=key, reason=reason)
    _credit_again({membership.pk: on}, by)
    trail.note(Act.ENTERED, entry, by, f"Koreksi {rupiah_sen(Decimal(amount))}: {reason}")
    return entry


@transaction.atomic
def withdraw(
    membership: Membership, amount: Decimal | None, reason: str, on: date, key: str, by: AbstractBaseUser | None = None
) -> Entry:
    """Pay out `amount` rupiah (None: all there is), settling the return earned until then. The same key pays once."""
    _lock([membership.pk])
    if known := Entry.objects.filter(key=key).first():
        return known
    _refuse_merged([membership.pk])
    refuse_paid_later([membership.pk], on)
    balance = _settle(membership.pk, on, by)
    amount = balance if amount is None else amount
    if not 0 < amount <= balance:
        raise ValidationError("Jumlah penarikan harus lebih dari Rp0 dan paling banyak sebesar saldo.", "above_balance")
    entry = _post(membership.pk, on, Entry.Kind.WITHDRAWAL, -amount, by, key=key, reason=reason)
    _credit_again({membership.pk: on}, by)
    return entry


@transaction.atomic
def credit_return(year: int, on: date, by: AbstractBaseUser | None = None) -> int:
    """Book one year's return for every membership; how many got an entry. Running it again books nothing twice.

    Raises ValidationError when the year is not over on `on`, has no rate, or an earlier year is still to be credited.
    """
    # First the locks, then the reading: whoever posts meanwhile waits, and then sees the year as credited.
    list(Rate.objects.select_for_update().order_by("year").values_list("pk", flat=True))
    crediting.lock_all_memberships()
    rates = ledger.rates()
    if date(year, 12, 31) > on:
        raise ValidationError(f"Tahun {year} belum berakhir. Bukukan setelah 31 Desember {year}.", "not_over")
    if year not in rates.percents:
        raise ValidationError(f"Tingkat hasil pengembangan {year} belum ada. Isi tingkatnya lebih dahulu.", "no_rate")
    if year < rates.last_credited and Rate.objects.filter(year=year, credited_on__isnull=True).exists():
        raise ValidationError(
            f"Tahun {rates.last_credited} sudah dibukukan, jadi tahun {year} tidak dapat dibukukan lagi.", "too_late"
        )
    waiting = [known for known in rates.percents if rates.last_credited < known < year]
    if waiting:
        raise ValidationError(f"Tahun {min(waiting)} belum dibukukan. Bukukan tahun itu lebih dahulu.", "earlier_first")
    before = Rates(rates.percents, min(rates.last_credited, year - 1))
    begin = before.last_credited + 1 if before.last_credited else crediting.first_year() or year
    booked = sum(_credit_year(open_year, year, before, by) for open_year in range(begin, year + 1))
    is_new = Rate.objects.filter(year=year, credited_on__isnull=True).update(credited_on=on)
    if booked or is_new:
        told = f"Hasil pengembangan {year} dibukukan: {booked} catatan"
        trail.note(Act.CREDITED, Rate.objects.get(year=year), by, told)
    return booked


def remove_participant(participant: Participant, reason: str, at: datetime, by: AbstractBaseUser | None) -> None:
    """Remove an invented person with the whole ledger: the one way out, and it is written down."""
    remove_participants([participant], reason, at, by)


@transaction.atomic
def remove_participants(
    participants: Sequence[Participant], reason: str, at: datetime, by: AbstractBaseUser | None
) -> None:
    """The same for several at once, in a fixed number of statements however long their histories are."""
    keys = [participant.pk for participant in participants]
    Removal.objects.bulk_create(Removal(participant_id_was=key, reason=reason, at=at, removed_by=by) for key in keys)
    trail.note_many(Act.REMOVED, participants, by, f"Dihapus beserta buku besarnya: {reason}")
    memberships = Membership.objects.filter(participant__in=keys)
    numbers = list(memberships.values_list("pk", flat=True))
    # Raw: what hangs on a movement or a month is on this very list, and reading it all back took most of the time.
    for model in (Entry, Contribution):
        rows = model.objects.filter(membership__in=numbers)
        rows._raw_delete(rows.db)
    claims = list(Claim.objects.filter(membership__in=numbers).values_list("pk", flat=True))
    ClaimStep.objects.filter(claim__in=claims).delete()
    ClaimDocument.objects.filter(claim__in=claims).delete()
    Claim.objects.filter(pk__in=claims).delete()
    MergeRequest.objects.filter(participant__in=keys).delete()
    memberships.update(merged_into=None, merged_on=None)
    memberships.delete()
    Participant.objects.filter(pk__in=keys).delete()


def members_of(employer: Employer, month: date) -> QuerySet[Membership]:
    """Who is to be paid for that month: wage earners on the employer's list in it, without a contribution yet."""
    return (
        Membership.objects.filter(employer=employer, segment=Segment.PU, start__lt=_next_month(month))
        .exclude(end__lt=month)
        .exclude(pk__in=Contribution.objects.standing().filter(month=month).values("membership_id"))
        .select_related("participant")
        .with_last_contribution()
        .order_by("participant__name", "pk")
    )


# --- Inside a transaction ------------------------------------------------------------------------------------


def _lock(membership_ids: Iterable[int]) -> None:
    """Hold these memberships until the transaction ends; always in one order, so that two never wait in a ring."""
    list(
        Membership.objects.select_for_update()
        .filter(pk__in=set(membership_ids))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _refuse_without_jht(membership: Membership) -> None:
    if not membership.has_jht:
        raise ValidationError(
            f"KPJ {membership.kpj} adalah peserta Jakon, yang tidak mempunyai JHT. Pilih kepesertaan lain.", "no_jht"
        )


def _refuse_merged(membership_ids: Iterable[int]) -> None:
    """A KPJ that was merged takes no more money; the rows are asked, as the locks are held by now."""
    merged = Membership.objects.filter(pk__in=set(membership_ids), merged_into__isnull=False)
    for old, new, on in merged.values_list("kpj", "merged_into__kpj", "merged_on")[:1]:
        raise ValidationError(
            f"KPJ {old} sudah digabung ke KPJ {new} pada {on:%d-%m-%Y}, jadi tidak menerima catatan lagi. "
            f"Catat pada KPJ {new}.",
            "merged",
        )


def refuse_paid_later(membership_ids: Iterable[int], on: date) -> None:
    """What goes out on this day must not be paid out on a later one already, from which a clock was turned back."""
    outgoing = Entry.objects.filter(membership__in=list(membership_ids), date__gt=on, amount__lt=0)
    kinds = [Entry.Kind.WITHDRAWAL, Entry.Kind.TRANSFER]
    later = outgoing.filter(kind__in=kinds).aggregate(last=Max("date"))["last"]
    if later:
        raise ValidationError(
            f"Dari KPJ ini sudah keluar uang pada hari yang lebih kemudian, {later:%d-%m-%Y}, jadi saldo hari ini "
            "tidak dapat dikurangi lagi. Majukan jam latihan ke hari itu atau sesudahnya.",
            "paid_later",
        )


def _refuse_below_zero(membership: Membership, amount: Decimal | int, on: date) -> None:
    if amount <= 0:
        refuse_paid_later([membership.pk], on)
    if membership.balance(on) + amount < 0:
        raise ValidationError(
            "Ini membuat saldo menjadi kurang dari Rp0, misalnya karena sudah ditarik. Periksa jumlahnya.", "below_zero"
        )


def _post(
    membership_id: int,
    on: date,
    kind: str,
    amount: Decimal,
    by,
    *,
    key: str,
    reason: str,
    contribution=None,
    percent=None,
):
    return Entry.objects.create(
        membership_id=membership_id,
        date=on,
        kind=kind,
        amount=amount,
        percent=percent,
        reason=reason,
        contribution=contribution,
        key=key,
        recorded_by=by,
    )


def _settle(membership_id: int, on: date, by: AbstractBaseUser | None) -> Decimal:
    """Book the return earned until `on`, at today's knowledge of the rates and for good; the balance, in rupiah.

    What was paid out with it must not move again when a year's rate is set later (docs/decisions/0002-ledger.md).
    """
    rates = ledger.rates()
    years = ledger.lines(rates, on, [membership_id]).get(membership_id, [])
    for year in years:
        _book_return(membership_id, year, min(date(year.year, 12, 31), on), by, rates.of(year.year).percent)
    return years[-1].closing if years else Decimal(0)


def _credit_year(year: int, until: int, before: Rates, by: AbstractBaseUser | None) -> int:
    """Book this year's return for everybody; how many got an entry.

    Most in one statement; whoever took money out or moved it in this year goes through the rules, up to `until`.
    """
    by_id = getattr(by, "pk", None)
    percent = before.of(year).percent
    done = crediting.book_year(year, percent, RETURN_REASON.format(year=year), timezone.now(), by_id)
    booked = done.entries
    for start in range(0, len(done.special), CREDIT_BATCH):
        batch = done.special[start : start + CREDIT_BATCH]
        for membership_id, years in ledger.lines(before, date(until, 12, 31), batch).items():
            booked += sum(_book_return(membership_id, line, date(line.year, 12, 31), by) for line in years)
    return booked


def _book_return(
    membership_id: int, line: YearLine, on: date, by: AbstractBaseUser | None, percent: Decimal | None = None
) -> int:
    """Post what the year has earned and nobody has booked; 1 if there was anything, else 0.

    `percent` settles the months until `on` at this rate.
    """
    if not line.accrued_return:
        return 0
    booked_before = Entry.objects.filter(
        membership_id=membership_id, kind=Entry.Kind.RETURN, date__year=line.year
    ).count()
    _post(membership_id, on, Entry.Kind.RETURN, line.accrued_return, by, percent=percent,
          key=f"return:{membership_id}:{line.year}:{booked_before + 1}",
          reason=RETURN_REASON.format(year=line.year))  # fmt: skip
    return 1


def _credit_again(paid: dict[int, date], by: AbstractBaseUser | None) -> None:
    """What was posted into years already credited earns there too: book the difference for those memberships."""
    rates = ledger.rates()
    late = [membership_id for membership_id, on in paid.items() if on.year <= rates.last_credited]
    if not late:
        return
    year_end = date(rates.last_credited, 12, 31)
    moved = ledger.movements(year_end, memberships=late)
    lines = [(key, line) for key, (_, rows) in moved.items() for line in statement(rows, rates, year_end)]
    due = [(key, line) for key, line in lines if line.accrued_return]
    booked = Counter(
        Entry.objects.filter(membership__in=late, kind=Entry.Kind.RETURN).values_list("membership", "date__year")
    )
    Entry.objects.bulk_create(
        Entry(
            membership_id=key,
            date=date(line.year, 12, 31),
            kind=Entry.Kind.RETURN,
            amount=line.accrued_return,
            reason=RETURN_REASON.format(year=line.year),
            key=f"return:{key}:{line.year}:{booked[key, line.year] + 1}",
            recorded_by=by,
        )
        for key, line in due
    )


def _next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)
