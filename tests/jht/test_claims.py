"""A claim from filing to payment: what the rules forbid is refused, money leaves once, every step is told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import OutboxMessage
from jht import actions, claims, merges
from jht.claim_words import REFUSALS
from jht.claims import Account, Paper
from jht.models import AuditRecord, Claim, ClaimStep, Entry
from tests.jht.claiming import NOW, TODAY, application, approved, ended_membership, filed, rates, somebody
from tests.jht.factories import make_membership, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def budi(db):
    """Ended on 31 March 2026 with three months of Rp285.000, at 6 % a year."""
    rates()
    return ended_membership()


# --- Filing --------------------------------------------------------------------------------------------------


def test_filing_gives_a_number_a_step_and_a_line_of_the_trail(budi):
    claim = filed(budi)
    assert claim.number == f"KL-2026-{claim.pk:06}"
    assert [step.status for step in claim.steps.all()] == ["submitted"]
    assert AuditRecord.objects.get(act="asked").label == claim.number
    assert [(paper.name, paper.sample) for paper in claim.documents.all()] == [
        ("KTP (contoh)", "ktp"),
        ("Buku tabungan (contoh)", "buku-tabungan"),
    ]


def test_the_same_form_twice_makes_one_claim(budi):
    assert filed(budi) == filed(budi)
    assert ClaimStep.objects.count() == 1


def test_a_second_open_claim_is_refused_by_name(budi):
    claim = filed(budi)
    with pytest.raises(ValidationError, match=f"klaim {claim.number} yang sedang diproses"):
        filed(budi, token="lain")


def test_the_database_itself_knows_one_open_claim_a_membership(budi):
    claim = filed(budi)
    fields = {"membership": budi, "reason": "resigned", "filed_on": TODAY, "bank": "x", "account_number": "49"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(number="lain", token="lain", account_name="x", **fields)
    assert claim.is_open


def refused(membership, reason="resigned", on=TODAY, **fields) -> ValidationError:
    with pytest.raises(ValidationError) as error:
        filed(membership, reason, on, **fields)
    assert not Claim.objects.exists()
    return error.value


def test_a_running_membership_is_refused_as_still_active(budi):
    running = make_membership(budi.participant)
    pay(running, date(2026, 1, 1))
    assert refused(running).code == "still_active"


def test_within_a_month_of_the_end_is_refused_with_the_day_it_may_be_filed(budi):
    budi.end = date(2026, 5, 31)
    budi.save()
    error = refused(budi, on=date(2026, 6, 29))
    assert error.code == "waiting"
    assert "Paling cepat 30-06-2026" in error.message  # one month from 31 May: the last day of June
    filed(budi, on=date(2026, 6, 30))


def test_who_is_not_56_is_not_retired(budi):
    assert refused(budi, "retired").code == "not_entitled"


def test_a_balance_above_the_limit_goes_to_the_branch(budi):
    pay(budi, date(2026, 4, 1), wage=300_000_000)  # Rp17.100.000
    error = refused(budi)
    assert error.code == "above_limit"
    assert "kantor cabang" in error.message
    claim = claims.file_claim(budi, application(budi), TODAY, NOW, None, channel=Claim.Channel.BRANCH)
    assert claim.channel == "branch"


def test_an_account_of_somebody_else_is_refused(budi):
    assert refused(budi, account=Account("Bank Latihan Utara", "4900012345", "Orang Lain")).code == "bank"


def test_an_empty_kpj_says_that_it_was_paid(budi):
    actions.withdraw(budi, None, "Klaim JHT", TODAY, "w")
    assert refused(budi).code == "already_paid"


@pytest.fixture
def ratna(db):
    """Ten years and running, Rp11.400.000 paid in January 2026, at 6 %: five months are Rp285.000."""
    rates()
    membership = make_membership(somebody("ratna@latih.test", "Ratna Latihan"), start=date(2016, 6, 20))
    pay(membership, date(2026, 1, 1), wage=200_000_000)
    return membership


def test_a_part_is_ten_percent_of_the_balance_of_the_day(ratna):
    assert ratna.balance(TODAY) == Decimal("11685000.00")
    assert "Rp1.168.500" in refused(ratna, "partial_10", amount=1_168_501).message
    assert filed(ratna, "partial_10").amount == 1_168_500  # nothing typed: all that may be taken


def test_a_part_asks_for_ten_years(ratna):
    assert refused(ratna, "partial_30", on=TODAY - timedelta(days=1)).code == "not_entitled"


def test_a_part_is_paid_once(ratna, clerk):
    claims.pay(approved(ratna, clerk, "partial_10", amount=500_000), TODAY, NOW, clerk)
    with pytest.raises(ValidationError) as error:
        filed(ratna, "partial_30", token="lagi")
    assert error.value.code == "not_entitled"
    assert ratna.balance(TODAY) == Decimal("11185000.00")


# --- The desk ------------------------------------------------------------------------------------------------


def test_asked_for_more_completed_approved_paid(budi, clerk):
    claim = claims.ask_for_more(filed(budi), "KTP tidak terbaca.", NOW, clerk, unreadable=["KTP (contoh)"])
    assert list(claim.documents.values_list("is_legible", flat=True)) == [False, True]
    account = Account("Bank Latihan Selatan", "4900054321", "budi latihan")
    claim = claims.complete_claim(claim, [Paper("KTP (contoh)", "ktp")], account, NOW, budi.participant.user)
    assert list(claim.documents.values_list("is_legible", flat=True)) == [True, True]
    claim = claims.approve(claim, TODAY, NOW, clerk)
    claim = claims.pay(claim, TODAY, NOW, clerk)
    # docs/aturan.md#hasil-pengembangan: 285.000 x (5 + 4 + 3) x 6 % / 12 = 17.100,00
    assert (claim.gross, claim.tax, claim.paid_on) == (Decimal("872100.00"), 0, TODAY)
    assert budi.balance(TODAY) == budi.balance(date(2026, 12, 31)) == 0
    statuses = [step.status for step in claim.steps.all()]
    assert statuses == ["submitted", "incomplete", "submitted", "approved", "paid"]


def test_each_button_pressed_twice_is_once(budi, clerk):
    claim = filed(budi)
    for press in (
        lambda: claims.ask_for_more(claim, "KTP tidak terbaca.", NOW, clerk),
        lambda: claims.complete_claim(claim, [], application(budi).account, NOW, None),
        lambda: claims.approve(claim, TODAY, NOW, clerk),
        lambda: claims.pay(claim, TODAY, NOW, clerk),
    ):
        press()
        press()
    assert claim.steps.count() == 5
    assert Entry.objects.filter(kind="withdrawal").count() == 1


def test_refused_twice_is_once_and_says_the_sentence_of_its_category(budi, clerk):
    claim = filed(budi)
    for _ in range(2):
        claims.refuse(claim, "documents", "Foto KTP buram.", TODAY, NOW, clerk)
    assert claim.steps.count() == 2
    assert claim.steps.last().message == f"{REFUSALS['documents']} Foto KTP buram."


@pytest.mark.parametrize("category", Claim.Refusal.values)
def test_every_category_of_refusal_has_a_sentence_of_its_own(budi, clerk, category):
    claim = claims.refuse(filed(budi), category, "Keterangan petugas.", TODAY, NOW, clerk)
    assert claim.refusal == category
    assert claim.steps.last().message.startswith(REFUSALS[category])
    assert len(set(REFUSALS.values())) == len(Claim.Refusal.values)


def test_another_reason_needs_an_explanation(budi, clerk):
    with pytest.raises(ValidationError, match="memerlukan keterangan"):
        claims.refuse(filed(budi), "other", " ", TODAY, NOW, clerk)
    with pytest.raises(ValidationError, match="dari daftar"):
        claims.refuse(Claim.objects.get(), "entah", "", TODAY, NOW, clerk)


def test_the_second_clerk_is_told_who_decided(budi, clerk, boss):
    claim = approved(budi, clerk)
    for decide in (
        lambda: claims.approve(claim, TODAY, NOW, boss),
        lambda: claims.ask_for_more(claim, "KTP", NOW, boss),
    ):
        with pytest.raises(ValidationError, match=f"sudah diputuskan oleh {clerk.email} pada 20-06-2026 pukul 10.00"):
            decide()
    claims.refuse(claim, "data_differs", "", TODAY, NOW, boss)  # until it is paid, an approval can be taken back
    with pytest.raises(ValidationError, match=f"sudah diputuskan oleh {boss.email}"):
        claims.pay(claim, TODAY, NOW, clerk)


def test_what_is_not_approved_is_not_paid(budi, clerk):
    with pytest.raises(ValidationError, match="belum disetujui"):
        claims.pay(filed(budi), TODAY, NOW, clerk)


def test_an_incomplete_claim_waits_for_the_participant(budi, clerk, boss):
    claim = claims.ask_for_more(filed(budi), "KTP tidak terbaca.", NOW, clerk)
    with pytest.raises(ValidationError, match=f"dikembalikan kepada peserta oleh {clerk.email}"):
        claims.approve(claim, TODAY, NOW, boss)


def test_a_claim_taken_back_leaves_the_balance_and_room_for_another(budi, clerk):
    before = budi.balance(TODAY)
    claim = approved(budi, clerk)
    for _ in range(2):
        claims.cancel_claim(claim, TODAY, NOW, budi.participant.user)
    assert budi.balance(TODAY) == before
    assert filed(budi, token="baru").is_open
    with pytest.raises(ValidationError, match="sudah diputuskan"):
        claims.pay(claim, TODAY, NOW, clerk)


def test_approval_asks_the_rules_again(budi, clerk):
    claim = filed(budi)
    budi.end = None
    budi.save()
    with pytest.raises(ValidationError) as error:
        claims.approve(claim, TODAY, NOW, clerk)
    assert error.value.code == "still_active"


def test_a_part_is_not_paid_when_the_balance_fell_below_it(ratna, clerk):
    claim = approved(ratna, clerk, "partial_10", amount=1_168_500)
    actions.correct(ratna, Decimal(-1_000_000), "salah catat", TODAY, "c", clerk)
    with pytest.raises(ValidationError, match="Isi paling banyak itu"):
        claims.pay(claim, TODAY, NOW, clerk)
    assert not Entry.objects.filter(kind="withdrawal").exists()


def test_nothing_is_paid_from_an_empty_kpj(budi, clerk):
    claim = approved(budi, clerk)
    actions.withdraw(budi, None, "sudah dibayar di cabang", TODAY, "w")
    with pytest.raises(ValidationError) as error:
        claims.pay(claim, TODAY, NOW, clerk)
    assert error.value.code == "already_paid"


def test_nothing_earns_on_a_kpj_that_was_paid_out_after_a_month_was_cancelled(budi, clerk):
    """855.000 and 12.825 until 10 May; 600.000 stay. Without January 570.000 had earned 7.125, so 5.700 go back.

    June: 315.000 - 5.700 + 315.000 x 6 % x 1 / 12 = 310.875,00, all of it paid.
    """
    actions.withdraw(budi, Decimal("267825.00"), "sebagian", date(2026, 5, 10), "w")
    actions.cancel_contribution(budi.contributions.get(month=date(2026, 1, 1)), "salah", TODAY, clerk)
    claim = claims.pay(approved(budi, clerk), TODAY, NOW, clerk)
    assert claim.gross == Decimal("310875.00")
    assert budi.balance(TODAY) == budi.balance(date(2026, 12, 31)) == budi.balance(date(2027, 12, 31)) == 0


# --- Tax -----------------------------------------------------------------------------------------------------


def test_tax_of_eighty_million_at_once_is_one_and_a_half(db, clerk):
    """DOMAIN §5: Rp80.000.000 at once: 5 % of what is above Rp50.000.000 is Rp1.500.000."""
    membership = make_membership(somebody(), start=date(2025, 1, 1), end=date(2026, 3, 31))
    actions.correct(membership, Decimal(80_000_000), "saldo awal", TODAY, "c", None)
    claim = claims.file_claim(membership, application(membership), TODAY, NOW, None, channel="branch")
    claim = claims.pay(claims.approve(claim, TODAY, NOW, clerk), TODAY, NOW, clerk)
    assert (claim.gross, claim.tax, claim.net) == (80_000_000, 1_500_000, 78_500_000)


def test_a_part_and_the_rest_in_the_same_two_years_are_taxed_as_one(db, clerk):
    """Rp30.000.000 of Rp100.000.000, then the rest: together 5 % of the Rp50.000.000 above the free part."""
    membership = make_membership(somebody(), start=date(2014, 1, 1), end=date(2026, 3, 31))
    actions.correct(membership, Decimal(100_000_000), "saldo awal", TODAY, "c", None)
    taxes = []
    for reason in ("partial_30", "resigned"):
        claim = claims.file_claim(membership, application(membership, reason), TODAY, NOW, None, channel="branch")
        taxes.append(claims.pay(claims.approve(claim, TODAY, NOW, clerk), TODAY, NOW, clerk).tax)
    assert taxes == [0, 2_500_000]


def test_what_a_merged_kpj_was_paid_counts_with_the_one_it_was_merged_into(db, clerk):
    """Rp30.000.000 of Rp100.000.000, then the rest from another KPJ: the same 5 % of Rp50.000.000."""
    person = somebody()
    old, between, new = (make_membership(person, start=date(2014, 1, 1), end=date(2026, 3, 31)) for _ in range(3))
    actions.correct(old, Decimal(100_000_000), "saldo awal", TODAY, "c", None)
    taxes = []
    for membership, reason in ((old, "partial_30"), (new, "resigned")):
        claim = claims.file_claim(membership, application(membership, reason), TODAY, NOW, None, channel="branch")
        taxes.append(claims.pay(claims.approve(claim, TODAY, NOW, clerk), TODAY, NOW, clerk).tax)
        if membership == old:
            for source, target in ((old, between), (between, new)):
                merges.merge(merges.request_merge(person, target, [source], TODAY, None), TODAY, None)
    assert taxes == [0, 2_500_000]
    assert claims.estimate_tax(between, Decimal(10_000_000), TODAY, True) == 0  # 30 million and 10


def test_the_other_kpj_of_a_person_has_two_years_of_its_own(db, clerk):
    person = somebody()
    first, second = (make_membership(person, start=date(2020, 1, 1), end=date(2026, 3, 31)) for _ in range(2))
    actions.correct(first, Decimal(50_000_000), "saldo awal", TODAY, "c", None)
    claim = claims.file_claim(first, application(first), TODAY, NOW, None, channel="branch")
    claims.pay(claims.approve(claim, TODAY, NOW, clerk), TODAY, NOW, clerk)
    assert claims.estimate_tax(second, Decimal(50_000_000), TODAY, True) == 0


def test_who_died_is_claimed_for_at_the_branch_only(budi):
    error = refused(budi, "died")
    assert error.code == "branch_only"
    assert "ahli waris" in error.message
    heirs = application(budi, "died", account=Account("Bank Latihan Utara", "4900012345", "Ahli Waris"))
    assert claims.file_claim(budi, heirs, TODAY, NOW, None, channel="branch").reason == "died"


# --- Mail ----------------------------------------------------------------------------------------------------


def test_each_step_is_told_by_mail_after_it_stands(budi, clerk, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        claim = filed(budi)
        assert not OutboxMessage.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        claims.ask_for_more(claim, "KTP tidak terbaca, lampirkan lagi.", NOW, clerk)
    mails = OutboxMessage.objects.order_by("pk")
    assert [mail.to for mail in mails] == ["peserta@latih.test"] * 2
    assert [mail.subject for mail in mails] == [
        f"[SIMULASI] Klaim {claim.number}: Diajukan",
        f"[SIMULASI] Klaim {claim.number}: Perlu dilengkapi",
    ]
    assert "KTP tidak terbaca, lampirkan lagi." in mails[1].body
    assert "SIMULASI — bukan situs resmi" in mails[1].body


def test_the_mail_of_a_payment_names_the_three_figures(budi, clerk, django_capture_on_commit_callbacks):
    claim = approved(budi, clerk)
    with django_capture_on_commit_callbacks(execute=True):
        claims.pay(claim, TODAY, NOW, clerk)
    body = OutboxMessage.objects.get().body
    for line in ("Jumlah: Rp872.100", "Pajak: Rp0", "Diterima: Rp872.100"):
        assert line in body


def test_a_step_that_is_refused_sends_nothing(budi, clerk, django_capture_on_commit_callbacks):
    claim = filed(budi)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValidationError):
        claims.pay(claim, TODAY, NOW, clerk)
    assert not OutboxMessage.objects.exists()


def test_somebody_without_an_account_gets_no_mail(db, django_capture_on_commit_callbacks):
    rates()
    membership = ended_membership(make_membership().participant)
    with django_capture_on_commit_callbacks(execute=True):
        claims.file_claim(membership, application(membership), TODAY, NOW, None)
    assert not OutboxMessage.objects.exists()


# --- After a clock was turned back ---------------------------------------------------------------------------
def test_what_was_paid_on_a_later_day_is_not_paid_again_on_an_earlier_one(budi, clerk):
    later = TODAY + timedelta(days=40)
    claim = claims.approve(filed(budi, on=later), later, NOW, clerk)
    claims.pay(claim, later, NOW, clerk)
    again = claims.approve(filed(budi, token="sekali-lagi"), TODAY, NOW, clerk)

    with pytest.raises(ValidationError, match="hari yang lebih kemudian, 30-07-2026"):
        claims.pay(again, TODAY, NOW, clerk)
    with pytest.raises(ValidationError, match="hari yang lebih kemudian"):
        actions.correct(budi, Decimal(-1), "Salah", TODAY, "koreksi", clerk)
    assert budi.balance(later) == 0


def test_a_part_that_was_taken_on_a_later_day_is_the_only_one(ratna, clerk):
    later = TODAY + timedelta(days=40)
    claims.pay(claims.approve(filed(ratna, "partial_10", on=later), later, NOW, clerk), later, NOW, clerk)

    with pytest.raises(ValidationError) as error:
        filed(ratna, "partial_10", token="sekali-lagi")
    assert error.value.code == "not_entitled"


def test_nothing_is_not_everything(ratna):
    error = refused(ratna, "partial_10", amount=0)

    assert "lebih dari Rp0" in error.messages[0]
