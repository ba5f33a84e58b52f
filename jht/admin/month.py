"""Iuran sebulan: one month of a whole employer on one screen, recorded all or nothing."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from jht import actions
from jht.admin.fields import grouped
from jht.admin.forms import MonthForm, WageForm
from jht.explanations import month_name
from jht.models import AuditRecord, Contribution, Employer, Membership, Segment
from jht.rules import add_months, split_contribution
from jht.scope import limited

MOST_LINES = 500  # on one screen: two fields a line, well below what a request may carry


@dataclass
class Line:
    """One worker: the form, what the wage makes, and what is already recorded for the month."""

    form: WageForm
    recorded: Contribution | None = None

    @property
    def shares(self) -> tuple[int, int] | None:
        """Employer's and worker's share in rupiah; None while there is no wage one could count with."""
        if self.form.is_bound:
            wage = self.form.cleaned_data.get("wage") if self.form.is_valid() and self.form.is_taken else None
        else:
            wage = self.form.initial.get("wage")
        return split_contribution(wage) if wage else None

    @property
    def total(self) -> int | None:
        return sum(self.shares) if self.shares else None


def month_view(desk, request: HttpRequest, employer: Employer) -> HttpResponse:
    """Pick the month, see the workers without a contribution in it, record. `desk` is the EmployerAdmin."""
    picked = {"bulan": request.GET.get("bulan"), "dibayar": request.GET.get("dibayar")}
    first_time = not any(picked.values())
    if first_time:
        picked = {"bulan": f"{add_months(request.today, -1):%m-%Y}", "dibayar": f"{request.today:%d-%m-%Y}"}
    when = MonthForm(picked, today=request.today)
    context = {"when": when, "media": desk.media + when.media, "lines": [], "employer": employer, "more": 0}
    if not when.is_valid():
        return _page(desk, request, employer, context)
    month, paid_on = when.cleaned_data["bulan"], when.cleaned_data["dibayar"]
    here = f"{request.path}?{urlencode({'bulan': f'{month:%m-%Y}', 'dibayar': f'{paid_on:%d-%m-%Y}'})}"
    if request.method == "POST":
        lines = _typed_lines(request, employer, month)
        if "hitung" not in request.POST and _record(desk, request, employer, lines, month, paid_on, context):
            return redirect(here)
    else:
        members = list(limited(actions.members_of(employer, month), request.user))
        context["more"] = max(0, len(members) - MOST_LINES)
        lines = [
            Line(WageForm(membership=member, initial={"take": True, "wage": member.last_wage}))
            for member in members[:MOST_LINES]
        ]
    shares = [line.shares for line in lines if line.shares]
    context |= {
        "lines": lines,
        "month": month,
        "paid_on": paid_on,
        "here": here,
        "count": len(shares),
        "employer_total": sum(employer_share for employer_share, _ in shares),
        "worker_total": sum(worker_share for _, worker_share in shares),
        "total": sum(sum(both) for both in shares),
        "broken": sum(bool(line.form.is_bound and line.form.errors) for line in lines),
    }
    return _page(desk, request, employer, context)


def _page(desk, request: HttpRequest, employer: Employer, context: dict) -> HttpResponse:
    back = reverse("admin:jht_employer_change", args=[employer.pk])
    return desk.tool(request, "admin/jht/month.html", employer, "Iuran sebulan", back=back, **context)


def _typed_lines(request: HttpRequest, employer: Employer, month: date) -> list[Line]:
    """The lines that were on the screen, also when somebody else has recorded one of them meanwhile."""
    typed = {name[1:-5] for name in request.POST if name.startswith("m") and name.endswith("-wage")}
    members = (
        limited(Membership.objects.filter(employer=employer, segment=Segment.PU), request.user)
        .filter(pk__in=[int(pk) for pk in typed if pk.isascii() and pk.isdigit() and len(pk) < 19][:MOST_LINES])
        .select_related("participant")
        .with_last_contribution()
        .order_by("participant__name", "pk")
    )
    members = list(members)
    recorded = {
        row.membership_id: row for row in Contribution.objects.standing().filter(membership__in=members, month=month)
    }
    lines = [Line(WageForm(request.POST, membership=member), recorded.get(member.pk)) for member in members]
    for line in lines:
        membership = line.form.membership
        if line.form.is_valid() and line.form.is_taken and not _runs_in(membership, month):
            line.form.add_error("wage", f"Kepesertaan ini tidak berjalan pada {month_name(month)}. Kosongkan barisnya.")
    return lines


def _runs_in(membership: Membership, month: date) -> bool:
    return membership.start < add_months(month, 1) and (membership.end is None or membership.end >= month)


def _record(desk, request, employer: Employer, lines: list[Line], month: date, paid_on: date, context: dict) -> bool:
    """Record the taken lines; False when nothing was, with the reason in the lines or in context["refusal"]."""
    if not all(line.form.is_valid() for line in lines):
        return False
    taken = [line for line in lines if line.form.is_taken]
    if not taken:
        context["refusal"] = "Belum ada pekerja yang dipilih. Beri tanda centang dan isi upah sedikitnya satu pekerja."
        return False
    if _recorded_before(taken, month, paid_on):
        messages.success(request, f"Iuran {month_name(month)} sudah tercatat. Tidak ada yang dicatat dua kali.")
        return True
    for line in taken:
        if line.recorded:
            line.form.add_error("wage", f"Sudah tercatat Rp{grouped(line.recorded.amount)}. Kosongkan baris ini.")
    if any(line.form.errors for line in taken):
        return False
    payments = [
        actions.wage_payment(line.form.membership, month, line.form.cleaned_data["wage"], paid_on) for line in taken
    ]
    try:
        with transaction.atomic():
            contributions = actions.record_contributions(payments, request.user)
            total = sum(contribution.amount for contribution in contributions)
            sentence = (
                f"Iuran {month_name(month)} untuk {len(contributions)} pekerja tercatat, jumlahnya Rp{grouped(total)}."
            )
            desk.note(request, [employer], AuditRecord.Act.CHANGED, sentence)
            desk.note(request, contributions, AuditRecord.Act.ENTERED, f"Melalui iuran sebulan {employer}")
    except ValidationError as refusal:
        fresh = _typed_lines(request, employer, month)
        if _recorded_before([line for line in fresh if line.form.is_taken], month, paid_on):
            messages.success(request, f"Iuran {month_name(month)} sudah tercatat. Tidak ada yang dicatat dua kali.")
            return True
        context["refusal"] = " ".join(refusal.messages)
        return False
    messages.success(request, sentence)
    return True


def _recorded_before(taken: list[Line], month: date, paid_on: date) -> bool:
    """Whether this very form was recorded already: a double click, or the page sent again."""
    return all(
        line.recorded and (line.recorded.wage, line.recorded.paid_on) == (line.form.cleaned_data["wage"], paid_on)
        for line in taken
    )
