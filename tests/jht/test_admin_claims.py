"""The clerk's desk: the queue of claims, one claim, amalgamasi."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from jht import claims, merges
from jht.claim_words import REFUSALS
from jht.models import AuditRecord, Claim, Entry, MergeRequest
from jht.rules import add_months
from tests.jht.claiming import application, rates, somebody
from tests.jht.factories import make_membership, pay

pytestmark = pytest.mark.django_db
QUEUE, MERGES = "/petugas/jht/claim/", "/petugas/jht/mergerequest/"


def today():
    return timezone.localdate()


@pytest.fixture
def budi(db):
    rates()
    person = somebody()
    membership = make_membership(person, start=today() - timedelta(days=900), end=today() - timedelta(days=180))
    pay(membership, add_months(today(), -12))
    return membership


@pytest.fixture
def claim(budi) -> Claim:
    return claims.file_claim(budi, application(budi), today(), timezone.now(), budi.participant.user)


def text(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def press(client, claim, button: str, **typed):
    return client.post(f"{QUEUE}{claim.pk}/{button}/", typed, follow=True)


def test_the_page_of_a_claim_holds_what_a_clerk_needs(desk, claim):
    page = text(desk.get(f"{QUEUE}{claim.pk}/change/"))
    for words in (
        claim.number,
        "Budi Latihan",
        claim.membership.participant.nik,
        "Terpenuhi: Kepesertaan sudah berakhir (nonaktif).",
        "Periksa dokumen: Pengunduran diri diterangkan oleh pemberi kerja.",
        "KTP (contoh): Contoh KTP",
        "Bank Latihan Utara 4900012345",
        "Bila dibayar hari ini",
        "tidak aktif. Saldonya tetap berkembang",
        "peserta@latih.test",
    ):
        assert words in page


def test_from_the_queue_to_the_payment(desk, claim, clerk):
    assert claim.number in text(desk.get(f"{QUEUE}?menunggu=petugas"))
    page = press(desk, claim, "lengkapi", **{"minta-message": "KTP buram.", "minta-unreadable": "KTP (contoh)"})
    assert "dikembalikan kepada peserta" in text(page)
    assert not claim.documents.get(name="KTP (contoh)").is_legible
    claims.complete_claim(claim, [], application(claim.membership).account, timezone.now(), None)
    assert "disetujui dan menunggu pembayaran" in text(press(desk, claim, "setujui"))
    assert "dibayarkan" in text(press(desk, claim, "bayar"))
    claim.refresh_from_db()
    assert claim.status == "paid"
    page = desk.get(f"{QUEUE}{claim.pk}/change/").text
    assert "Dibayarkan" in page and "Belum terpenuhi" not in page  # its own payment is not held against it
    entry = Entry.objects.get(kind="withdrawal")
    assert (entry.key, entry.recorded_by) == (f"claim:{claim.pk}", clerk)
    assert claim.number in text(desk.get(f"{QUEUE}?menunggu=selesai"))


def test_pay_pressed_twice_debits_once(desk, claim):
    press(desk, claim, "setujui")
    press(desk, claim, "bayar")
    press(desk, claim, "bayar")
    assert Entry.objects.filter(kind="withdrawal").count() == 1


def test_only_what_happened_leaves_a_line(desk, claim, clerk):
    press(desk, claim, "setujui")
    lines = AuditRecord.objects.exclude(act="looked")
    for button in ("bayar", "tolak", "lengkapi", "setujui"):
        press(desk, claim, "bayar")
        told = lines.count()
        press(desk, claim, button, **{"tolak-refusal": "documents", "minta-message": "KTP buram."})
        assert lines.count() == told, button
    assert lines.filter(act="paid").count() == 1
    assert not LogEntry.objects.exists()


# --- At the counter ------------------------------------------------------------------------------------------


def typed(membership, **changes) -> dict:
    return {
        "kpj": membership.kpj,
        "reason": "resigned",
        "bank": "Bank Latihan Utara",
        "number": "4900012345",
        "name": membership.participant.name,
        "has_papers": "on",
        "token": "formulir-ini",
    } | changes


def test_a_claim_above_the_limit_is_typed_in_at_the_branch(desk, budi, clerk):
    pay(budi, add_months(today(), -11), wage=300_000_000)  # Rp17.100.000
    assert "Klaim di kantor cabang" in text(desk.get(f"{QUEUE}add/?kpj={budi.kpj}"))
    page = text(desk.post(f"{QUEUE}add/", typed(budi), follow=True))
    claim = Claim.objects.get()
    assert (claim.channel, claim.filed_by, claim.amount) == ("branch", clerk, None)
    assert f"Klaim {claim.number} dicatat" in page
    assert all(paper.sample and paper.is_legible for paper in claim.documents.all())
    line = AuditRecord.objects.get(act="asked")
    assert (line.label, line.actor_name) == (claim.number, clerk.email)
    desk.post(f"{QUEUE}add/", typed(budi))  # the button pressed twice
    assert Claim.objects.count() == 1


def test_the_branch_has_the_same_rules(desk, budi):
    assert "Yang belum terpenuhi: Usia paling sedikit 56 tahun" in text(
        desk.post(f"{QUEUE}add/", typed(budi, reason="retired"))
    )
    assert "bukan atas nama Anda" in text(desk.post(f"{QUEUE}add/", typed(budi, name="Orang Lain")))
    assert "KPJ ini tidak terdaftar" in text(desk.post(f"{QUEUE}add/", typed(budi, kpj="49999999999")))
    real = desk.post(f"{QUEUE}add/", typed(budi, kpj="3175091503900001"))
    assert "3175091503900001" not in real.content.decode()
    jakon = make_membership(budi.participant, segment="JAKON")
    assert "tidak mempunyai JHT" in text(desk.post(f"{QUEUE}add/", typed(jakon)))
    assert "belum dipilih" in text(desk.post(f"{QUEUE}add/", {}))
    assert not Claim.objects.exists()


def test_heirs_claim_at_the_branch_to_their_own_account(desk, budi):
    desk.post(f"{QUEUE}add/", typed(budi, reason="died", name="Ahli Waris Latihan", has_papers=""))
    claim = Claim.objects.get()
    assert (claim.reason, claim.account_name) == ("died", "Ahli Waris Latihan")
    assert {paper.sample for paper in claim.documents.all()} == {""}


def may_be_received(page) -> bool:
    return "/kelengkapan/" in page.text and "Kelengkapan diterima" in page.text


def test_what_was_missing_is_brought_to_the_branch(desk, budi, clerk):
    desk.post(f"{QUEUE}add/", typed(budi, reason="died", name="Ahli Waris Latihan", has_papers=""))
    claim = Claim.objects.get()
    assert not may_be_received(desk.get(f"{QUEUE}{claim.pk}/change/"))
    assert may_be_received(press(desk, claim, "lengkapi", **{"minta-message": "Surat kematian belum ada."}))
    page = press(desk, claim, "kelengkapan")
    assert f"Kelengkapan klaim {claim.number} diterima" in text(page)
    assert not may_be_received(page)
    claim.refresh_from_db()
    assert (claim.status, claim.account_name) == ("submitted", "Ahli Waris Latihan")
    assert all(paper.sample and paper.is_legible for paper in claim.documents.all())
    lines = AuditRecord.objects.exclude(act="looked")
    told = lines.count()
    assert lines.latest("pk").actor_name == clerk.email
    press(desk, claim, "kelengkapan")  # the button pressed twice
    assert lines.count() == told
    assert "disetujui dan menunggu pembayaran" in text(press(desk, claim, "setujui"))


def test_what_came_through_the_portal_is_completed_there(desk, claim):
    assert not may_be_received(press(desk, claim, "lengkapi", **{"minta-message": "KTP buram."}))
    assert "peserta sendiri yang melengkapinya" in text(press(desk, claim, "kelengkapan"))
    claim.refresh_from_db()
    assert claim.status == "incomplete"


def test_the_heirs_account_is_not_replaced_from_the_account_of_who_died(desk, client, budi):
    desk.post(f"{QUEUE}add/", typed(budi, reason="died", name="Ahli Waris Latihan", has_papers=""))
    claim = Claim.objects.get()
    press(desk, claim, "lengkapi", **{"minta-message": "Surat kematian belum ada."})
    client.force_login(budi.participant.user)
    assert "Lengkapi klaim" not in text(client.get(f"/jht/lacak/{claim.number}/"))
    own = {"bank": "Bank Latihan Utara", "number": "4900099999", "name": budi.participant.name}
    own |= {f"sample-{place}": "surat" for place in range(9)}
    page = client.post(f"/jht/lacak/{claim.number}/lengkapi/", own, follow=True)
    assert "dilengkapi di kantor cabang" in text(page)
    claim.refresh_from_db()
    assert (claim.status, claim.account_name) == ("incomplete", "Ahli Waris Latihan")


def test_a_part_at_the_branch_is_at_most_its_share(desk, budi):
    budi.start = today() - timedelta(days=3700)
    budi.save()
    page = desk.post(f"{QUEUE}add/", typed(budi, reason="partial_10", amount="1.000.000"))
    assert "melebihi bagian yang boleh diambil" in text(page)
    desk.post(f"{QUEUE}add/", typed(budi, reason="partial_10", amount="20.000"))
    assert Claim.objects.get().amount == 20_000


def test_who_may_only_look_types_no_claim(client, budi):
    viewer = get_user_model().objects.create_user("lihat@latih.test", is_staff=True)
    viewer.user_permissions.add(*Permission.objects.filter(codename="view_claim"))
    client.force_login(viewer)
    assert client.get(f"{QUEUE}add/").status_code == 403
    assert client.post(f"{QUEUE}add/", typed(budi)).status_code == 403


def test_the_second_clerk_reads_who_decided(desk, client, claim, clerk, boss):
    claims.approve(claim, today(), timezone.now(), boss)
    assert f"sudah diputuskan oleh {boss.email}" in text(press(desk, claim, "setujui"))


def test_a_refusal_gives_the_participant_the_sentence_of_its_category(desk, claim):
    page = press(desk, claim, "tolak", **{"tolak-refusal": "data_differs", "tolak-message": "Nama pada KTP lain."})
    assert REFUSALS["data_differs"] in text(page)
    claim.refresh_from_db()
    assert (claim.status, claim.refusal) == ("refused", "data_differs")


def test_a_refusal_without_a_category_keeps_what_was_typed(desk, claim):
    page = press(desk, claim, "tolak", **{"tolak-message": "Nama pada KTP lain."})
    assert "Sebab penolakan belum dipilih" in text(page)
    assert "Nama pada KTP lain." in text(page)
    claim.refresh_from_db()
    assert claim.is_open


def test_a_real_nik_is_not_passed_on_to_the_participant(desk, claim):
    page = press(desk, claim, "lengkapi", **{"minta-message": "NIK 3175091503900001 berbeda"})
    assert "3175091503900001" not in page.content.decode()
    claim.refresh_from_db()
    assert claim.status == "submitted"


def test_what_the_rules_forbid_is_not_approved(desk, claim, budi):
    budi.end = None
    budi.save()
    assert "masih tercatat aktif" in text(press(desk, claim, "setujui"))


def test_a_button_is_no_link(desk, claim):
    for button in ("lengkapi", "kelengkapan", "setujui", "tolak", "bayar"):
        assert desk.get(f"{QUEUE}{claim.pk}/{button}/").status_code == 405
    assert desk.post(f"{QUEUE}999999/setujui/").status_code == 404


def test_who_may_only_look_decides_nothing(client, claim):
    viewer = get_user_model().objects.create_user("lihat@latih.test", is_staff=True)
    group = Group.objects.create(name="Lihat")
    group.permissions.add(*Group.objects.get(name="Petugas").permissions.filter(codename="view_claim"))
    viewer.groups.add(group)
    client.force_login(viewer)
    page = client.get(f"{QUEUE}{claim.pk}/change/")
    assert "Putusan" not in text(page)
    assert client.post(f"{QUEUE}{claim.pk}/setujui/").status_code == 403
    assert client.post(f"{QUEUE}{claim.pk}/kelengkapan/").status_code == 403
    assert client.get(MERGES).status_code == 403


def test_a_participant_has_no_business_at_the_queue(client, claim, budi):
    client.force_login(budi.participant.user)
    assert client.get(QUEUE).status_code in (302, 403)
    assert client.post(f"{QUEUE}{claim.pk}/setujui/").status_code in (302, 403)
    claim.refresh_from_db()
    assert claim.status == "submitted"


def test_the_queue_costs_the_same_for_many_and_is_filtered_by_days(desk, claim, budi, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        desk.get(QUEUE)
    for number in range(5):
        claims.cancel_claim(claim, today(), timezone.now(), None)
        claim = claims.file_claim(budi, application(budi, token=f"t{number}"), today(), timezone.now(), None)
    Claim.objects.filter(pk=claim.pk).update(filed_on=today() - timedelta(days=8))
    with django_assert_max_num_queries(12):
        page = text(desk.get(QUEUE))
    assert "8 hari" in page
    assert claim.number in text(desk.get(f"{QUEUE}?lama=7"))
    assert claim.number not in text(desk.get(f"{QUEUE}?lama=14"))


def test_amalgamasi_from_the_queue(desk, budi):
    new = make_membership(budi.participant, start=today() - timedelta(days=100))
    request = merges.request_merge(budi.participant, new, [budi], today(), None)
    assert new.kpj in text(desk.get(MERGES))
    before = budi.balance(today())
    page = desk.post(f"{MERGES}{request.pk}/gabungkan/", follow=True)
    assert f"KPJ sudah digabung ke {new.kpj}" in text(page)
    assert f"Digabung ke KPJ {new.kpj}" in text(page)
    assert new.balance(today()) == before
    desk.post(f"{MERGES}{request.pk}/gabungkan/")
    assert new.balance(today()) == before


def test_amalgamasi_refused_with_an_answer(desk, budi):
    new = make_membership(budi.participant, start=today() - timedelta(days=100))
    request = merges.request_merge(budi.participant, new, [budi], today(), None)
    assert "Alasan masih kosong" in text(desk.post(f"{MERGES}{request.pk}/tolak/", {"tolak-answer": ""}))
    desk.post(f"{MERGES}{request.pk}/tolak/", {"tolak-answer": "Nama belum cocok."})
    request.refresh_from_db()
    assert (request.status, request.answer) == (MergeRequest.Status.REFUSED, "Nama belum cocok.")


def test_a_merged_kpj_tells_the_desk_where_to_record(desk, budi):
    new = make_membership(budi.participant, start=today() - timedelta(days=100))
    merges.merge(merges.request_merge(budi.participant, new, [budi], today(), None), today(), None)
    month = add_months(today(), -10)
    page = desk.post(
        "/petugas/jht/contribution/add/",
        {"membership": budi.pk, "month": f"{month:%m-%Y}", "wage": "5.000.000", "paid_on": f"{today():%d-%m-%Y}"},
    )
    assert f"KPJ {budi.kpj} sudah digabung ke KPJ {new.kpj}" in text(page)
