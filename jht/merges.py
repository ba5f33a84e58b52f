"""Amalgamasi: the balances of several KPJ of one person become one. What is asked, what is refused, how money moves.

Nothing is gained or lost by merging (docs/decisions/0002-ledger.md, docs/aturan.md#amalgamasi). Refusals are
ValidationErrors whose sentence may be shown as it is.
"""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jht import actions, ledger, trail
from jht.models import AuditRecord, Claim, Entry, Membership, MergeRequest, Participant
from jht.notices import tell
from jht.rules import earning

Act = AuditRecord.Act


class AlreadyAnswered(ValidationError):
    """Another clerk was faster; the sentence names who."""


def refusal_of(target: Membership, sources: Iterable[Membership], on: date) -> str:
    """Why these KPJ cannot be merged into `target` on this day, in one sentence; empty when they can. Three queries."""
    sources = list(sources)
    together = [target, *sources]
    if not sources or target in sources:
        return "Pilih sedikitnya satu KPJ lain yang akan digabung ke KPJ tujuan."
    if len({membership.participant_id for membership in together}) != 1:
        return "Semua KPJ yang digabung harus milik orang yang sama. Periksa nomornya."
    for membership in together:
        if not membership.has_jht:
            return f"KPJ {membership.kpj} adalah peserta Jakon, yang tidak mempunyai JHT. Pilih KPJ lain."
        if membership.merged_into_id:
            return f"KPJ {membership.kpj} sudah pernah digabung ke KPJ lain. Muat ulang halaman ini."
    claimed = Claim.objects.filter(membership__in=together, status__in=Claim.OPEN).select_related("membership").first()
    if claimed:
        return (
            f"KPJ {claimed.membership.kpj} mempunyai klaim {claimed.number} yang masih diproses. "
            "Tunggu sampai klaim itu selesai, lalu gabungkan."
        )
    for source in sources:
        if source.employer_id and source.is_active(on) and source.employer_id != target.employer_id:
            return (
                f"KPJ {source.kpj} masih aktif di perusahaan lain, yang terus membayar iuran ke nomor itu. Jadikan KPJ "
                "itu tujuannya, atau tunggu sampai perusahaan melaporkan bahwa masa kerjanya berakhir."
            )
    # Of one day, what goes out counts last (jht.rules): it would be taken from the return that comes in after it.
    if target.entries.filter(date=on, amount__lt=0, kind__in=[Entry.Kind.WITHDRAWAL, Entry.Kind.TRANSFER]).exists():
        return f"Hari ini ada uang yang keluar dari KPJ {target.kpj}. Gabungkan KPJ lain ke sana mulai besok."
    return ""


@transaction.atomic
def request_merge(
    participant: Participant,
    target: Membership,
    sources: Iterable[Membership],
    on: date,
    by: AbstractBaseUser | None,
) -> MergeRequest:
    """Ask a clerk to merge. The same request sent twice is one. Raises ValidationError when it is refused."""
    sources = list(sources)
    actions._lock(membership.pk for membership in [target, *sources])
    target, sources = _fresh(target, sources)
    waiting = MergeRequest.objects.filter(participant=participant, status=MergeRequest.Status.ASKED).first()
    if waiting and waiting.target_id == target.pk and set(waiting.sources.all()) == set(sources):
        return waiting
    if waiting:
        raise ValidationError(
            "Permintaan penggabungan Anda sebelumnya masih diproses. Tunggu jawabannya, lalu ajukan lagi bila perlu.",
            "already_asked",
        )
    refusal = refusal_of(target, sources, on)
    if target.participant_id != participant.pk:
        refusal = "Semua KPJ yang digabung harus milik orang yang sama. Periksa nomornya."
    if refusal:
        raise ValidationError(refusal, "not_mergeable")
    try:
        with transaction.atomic():
            request = MergeRequest.objects.create(participant=participant, target=target, asked_on=on)
    except IntegrityError as error:  # asked for other KPJ of the same person at the same moment
        raise ValidationError("Permintaan penggabungan Anda sebelumnya masih diproses.", "already_asked") from error
    request.sources.set(sources)
    trail.note(Act.ASKED, request, by, f"Amalgamasi {_numbers(sources)} ke {target.kpj}")
    tell(participant, "amalgamasi_asked", {"merge": request, "sources": sources, "target": target})
    return request


@transaction.atomic
def merge(request: MergeRequest, on: date, by: AbstractBaseUser | None) -> MergeRequest:
    """Merge as asked, all or nothing. A second time changes nothing; raises ValidationError when it is refused."""
    sources = list(request.sources.all())
    actions._lock(membership.pk for membership in [request.target, *sources])
    request = MergeRequest.objects.select_for_update().get(pk=request.pk)
    if request.status == MergeRequest.Status.DONE:
        return request
    _refuse_answered(request)
    target, sources = _fresh(request.target, sources)
    if refusal := refusal_of(target, sources, on):
        raise ValidationError(refusal, "not_mergeable")
    actions.refuse_paid_later([source.pk for source in sources], on)
    for source in sources:
        _move(source, target, on, by)
        end = max(source.start, min(source.end or on, on))
        Membership.objects.filter(pk=source.pk).update(merged_into=target, merged_on=on, end=end)
        # What was merged into this one earlier stays readable where it is: it points here, and here points on.
    actions._credit_again({target.pk: on}, by)
    request.status, request.decided_on, request.decided_by = MergeRequest.Status.DONE, on, by
    request.answer = f"Saldo KPJ {_numbers(sources)} sudah digabung ke KPJ {target.kpj}."
    request.save(update_fields=["status", "decided_on", "decided_by", "answer"])
    trail.note_many(Act.MERGED, sources, by, f"Digabung ke KPJ {target.kpj}")
    trail.note(Act.APPROVED, request, by, request.answer)
    tell(request.participant, "amalgamasi_done", {"merge": request, "sources": sources, "target": target})
    return request


@transaction.atomic
def refuse_merge(request: MergeRequest, answer: str, on: date, by: AbstractBaseUser | None) -> MergeRequest:
    """Say no, with a sentence for the participant. The same clerk twice is once."""
    request = MergeRequest.objects.select_for_update().get(pk=request.pk)
    if request.status == MergeRequest.Status.REFUSED and request.decided_by == by and request.answer == answer:
        return request
    _refuse_answered(request)
    if not answer.strip():
        raise ValidationError("Penolakan memerlukan alasan. Tulis alasannya untuk peserta.", "no_reason")
    request.status, request.decided_on, request.decided_by = MergeRequest.Status.REFUSED, on, by
    request.answer = answer
    request.save(update_fields=["status", "decided_on", "decided_by", "answer"])
    trail.note(Act.REFUSED, request, by, answer)
    tell(request.participant, "amalgamasi_refused", {"merge": request, "target": request.target})
    return request


# --- Inside a transaction ------------------------------------------------------------------------------------


def _fresh(target: Membership, sources: Iterable[Membership]) -> tuple[Membership, list[Membership]]:
    """The rows as they are now that they are locked."""
    rows = Membership.objects.select_related("participant").in_bulk([target.pk, *(source.pk for source in sources)])
    return rows[target.pk], [rows[source.pk] for source in sources]


def _refuse_answered(request: MergeRequest) -> None:
    if request.status == MergeRequest.Status.ASKED:
        return
    who = request.decided_by.get_username() if request.decided_by else trail.SYSTEM
    raise AlreadyAnswered(
        f"Permintaan ini sudah diputuskan oleh {who} pada {request.decided_on:%d-%m-%Y}: "
        f"{request.get_status_display().lower()}.",
        "answered",
    )


def _move(source: Membership, target: Membership, on: date, by: AbstractBaseUser | None) -> None:
    """Settle what the source has earned and carry its whole balance over: what earns, and this year's return.

    Return of the year does not earn before the next one, so it must arrive as what it was (Movement.percent).
    """
    balance = actions._settle(source.pk, on, by)
    if not balance:
        return
    rates = ledger.rates()
    line = ledger.lines(rates, on, [source.pk])[source.pk][-1]
    earns = earning(line.opening, line.movements)
    returned = balance - earns
    if earns < 0 or returned < 0:
        raise ValidationError(
            f"Koreksi pada KPJ {source.kpj} tahun ini lebih besar dari saldo yang berkembang, jadi hasil tahun ini "
            "belum dapat dipindahkan dengan benar. Gabungkan setelah tahun ini dibukukan.",
            "uneven",
        )
    _transfer(source, on, -balance, by, f"merge:{source.pk}:out", f"Digabung ke KPJ {target.kpj}")
    whence = f"Dari KPJ {source.kpj}"
    if earns:
        _transfer(target, on, earns, by, f"merge:{source.pk}:in", whence)
    if returned:
        percent = rates.of(on.year).percent
        _transfer(target, on, returned, by, f"merge:{source.pk}:return", f"{whence}: hasil tahun ini", percent)


def _transfer(membership: Membership, on: date, amount, by, key: str, reason: str, percent=None) -> None:
    actions._post(membership.pk, on, Entry.Kind.TRANSFER, amount, by, key=key, reason=reason, percent=percent)


def _numbers(memberships: Iterable[Membership]) -> str:
    return ", ".join(membership.kpj for membership in memberships)
