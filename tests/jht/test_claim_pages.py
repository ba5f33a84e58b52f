"""Pengajuan Klaim, Tracking Klaim and amalgamasi as a participant meets them."""

import html
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from jht import claims, merges
from jht.models import Claim, MergeRequest
from jht.rules import add_months
from jht.samples import SAMPLES
from tests.jht.claiming import application, rates, somebody
from tests.jht.factories import make_membership, make_participant, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def budi(client, today):
    """Signed in; one KPJ that ended half a year ago, with Rp285.000 paid a year ago."""
    rates()
    person = somebody()
    membership = make_membership(person, start=today - timedelta(days=900), end=today - timedelta(days=180))
    pay(membership, add_months(today, -12))
    client.force_login(person.user)
    return membership


def at(membership, name: str) -> str:
    return reverse(f"jht:claim_{name}", args=[membership.kpj])


def text(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


DOCUMENTS = {f"pilih_{index}": slug for index, slug in enumerate(("kartu-peserta", "ktp", "surat", "buku-tabungan"))}
ACCOUNT = {"bank": "Bank Latihan Utara", "number": "49 0001 2345", "name": "budi  latihan"}


def walk(client, membership, reason="resigned"):
    """All steps up to the confirmation."""
    client.post(at(membership, "reason"), {"reason": reason})
    client.post(at(membership, "documents"), DOCUMENTS)
    return client.post(at(membership, "account"), ACCOUNT, follow=True)


def confirm(client, membership, page):
    return client.post(at(membership, "confirm"), {"agreed": "on", "token": page.context["form"]["token"].value()})


def test_from_choosing_a_kpj_to_the_number(client, budi):
    assert "Pilih KPJ ini" in text(client.get(reverse("jht:claim_start")))
    assert "Data sesuai: ya" in text(client.get(at(budi, "check")))
    page = walk(client, budi)
    assert "Bank Latihan Utara, 4900012345, a.n. budi  latihan".replace("  ", " ") in text(page)
    answer = confirm(client, budi, page)
    claim = Claim.objects.get()
    assert answer.url == reverse("jht:tracked", args=[claim.number])
    told = text(client.get(answer.url))
    assert f"Klaim Anda sudah kami terima dengan nomor {claim.number}" in told
    assert ", 5 hari kerja sejak berkas itu kami terima" in told
    assert claim.documents.count() == 4


def test_the_confirmation_sent_twice_leads_to_the_same_claim(client, budi):
    page = walk(client, budi)
    assert confirm(client, budi, page).url == confirm(client, budi, page).url
    assert Claim.objects.count() == 1


def test_going_back_loses_nothing(client, budi):
    walk(client, budi)
    assert 'value="resigned" id="sebab-resigned" checked' in client.get(at(budi, "reason")).content.decode()
    assert 'value="4900012345"' in client.get(at(budi, "account")).content.decode()
    assert '<option value="ktp" selected>' in client.get(at(budi, "documents")).content.decode()


def test_who_comes_too_early_is_led_to_what_is_missing(client, budi):
    assert client.get(at(budi, "confirm")).url == at(budi, "reason")
    client.post(at(budi, "reason"), {"reason": "resigned"})
    assert client.get(at(budi, "confirm")).url == at(budi, "documents")
    assert client.get(at(budi, "amount")).url == at(budi, "documents")


def test_another_reason_asks_for_its_own_papers(client, budi):
    walk(client, budi)
    client.post(at(budi, "reason"), {"reason": "left_country"})
    assert client.get(at(budi, "confirm")).url == at(budi, "documents")


def test_every_reason_is_shown_and_the_refused_ones_say_why(client, budi):
    page = text(client.get(at(budi, "reason")))
    assert "Usia pensiun 56 tahun Belum terpenuhi: Usia paling sedikit 56 tahun." in page
    assert "Alasan ini untuk peserta Bukan Penerima Upah." in page
    answer = client.post(at(budi, "reason"), {"reason": "retired"})
    assert "Syarat sebab klaim ini belum terpenuhi" in text(answer)


def test_a_balance_above_the_limit_is_explained(client, budi, today):
    pay(budi, add_months(today, -11), wage=300_000_000)
    page = text(client.get(at(budi, "check")))
    assert "Saldo dalam batas portal: belum" in page
    assert "kantor cabang" in page
    assert "Tidak lewat portal." in text(client.get(at(budi, "reason")))
    answer = client.post(at(budi, "reason"), {"reason": "resigned"})
    assert "Ada yang perlu diperbaiki Saldo Anda melebihi batas klaim lewat portal" in text(answer)
    assert client.get(at(budi, "confirm")).url == at(budi, "reason")
    assert not Claim.objects.exists()


def test_a_running_kpj_says_what_to_do(client, budi, today):
    running = make_membership(budi.participant, start=today - timedelta(days=400))
    pay(running, add_months(today, -2))
    assert "minta perusahaan melaporkan hari terakhir Anda bekerja" in text(client.get(at(running, "check")))


def test_a_birth_date_that_differs_from_the_nik_is_no_bar_but_papers_are_asked_for(client, budi, desk, clerk):
    person = budi.participant
    person.birth_date += timedelta(days=1)
    person.save()
    client.force_login(person.user)
    page = text(client.get(at(budi, "check")))
    assert "Data sesuai: dicocokkan petugas" in page
    assert "tanpa kecurangan" in page
    assert "Lanjut ke sebab klaim" in page
    told = text(client.get(confirm(client, budi, walk(client, budi)).url))
    assert "siapkan KTP dan kartu keluarga (contoh), sebab petugas mencocokkannya" in told
    client.force_login(clerk)
    case = text(client.get(f"/petugas/jht/claim/{Claim.objects.get().pk}/change/"))
    assert "tanggal lahir berbeda dari tanggal dalam NIK. Itu dapat terjadi tanpa kecurangan" in case


def test_who_is_registered_as_dead_does_not_claim_from_his_own_account(client, budi):
    page = client.get(at(budi, "reason"))
    assert "Diajukan ahli waris di kantor cabang" in text(page)
    assert 'id="sebab-died"' not in page.content.decode()
    client.post(at(budi, "reason"), {"reason": "died"})
    assert client.get(at(budi, "documents")).url == at(budi, "reason")


def test_heirs_alone_are_no_reason_to_go_on(client, budi, monkeypatch):
    running = make_membership(budi.participant)
    pay(running, budi.contributions.get().month)
    monkeypatch.setattr("jht.views_claims.ONLINE", ("retired", "resigned"))
    assert "Belum ada sebab klaim yang syaratnya terpenuhi." in text(client.get(at(running, "check")))


# --- A part --------------------------------------------------------------------------------------------------


@pytest.fixture
def yanti(client, today):
    """Ten years and running, with Rp1.140.000 paid last year: far below the limit."""
    rates()
    person = somebody("yanti@latih.test", "Yanti Latihan")
    membership = make_membership(person, start=today - timedelta(days=3700))
    pay(membership, add_months(today, -12), wage=20_000_000)
    client.force_login(person.user)
    return membership


def test_a_part_is_asked_for_and_filed(client, yanti):
    amount, documents = at(yanti, "amount"), at(yanti, "documents")
    assert client.post(at(yanti, "reason"), {"reason": "partial_10"}).url == amount
    assert client.get(documents).url == amount  # not before it is said how much
    assert "paling banyak 10 % dari saldo hari ini" in text(client.get(amount))
    for typed in ("", "0", "1.000.000", "seratus"):
        assert client.post(amount, {"amount": typed}).status_code == 200
    assert client.post(amount, {"amount": "Rp100.000"}).url == documents
    papers = client.get(documents).context["form"]
    client.post(documents, {f"pilih_{index}": papers.fields[f"pilih_{index}"].choices[1][0] for index in range(9)
                            if f"pilih_{index}" in papers.fields})  # fmt: skip
    page = client.post(at(yanti, "account"), ACCOUNT | {"name": "Yanti Latihan"}, follow=True)
    assert "Rp 100.000" in text(page)
    confirm(client, yanti, page)
    claim = Claim.objects.get()
    assert (claim.reason, claim.amount, claim.channel) == ("partial_10", 100_000, "web")


def test_who_chose_no_part_has_no_amount_to_say(client, budi):
    client.post(at(budi, "reason"), {"reason": "resigned"})
    assert client.post(at(budi, "amount"), {"amount": "1"}).url == at(budi, "documents")


def test_a_balance_that_grew_above_the_limit_meanwhile_is_refused_at_the_end(client, budi, today):
    page = walk(client, budi)
    pay(budi, add_months(today, -11), wage=300_000_000)
    assert "Saldo Anda melebihi batas klaim lewat portal" in text(confirm(client, budi, page))
    assert not Claim.objects.exists()


# --- Documents -----------------------------------------------------------------------------------------------


def upload(client, budi, data: bytes, name="ktp.png"):
    client.post(at(budi, "reason"), {"reason": "resigned"})
    file = SimpleUploadedFile(name, data, content_type="image/png")
    return client.post(at(budi, "documents"), DOCUMENTS | {"pilih_1": "", "berkas_1": file})


@pytest.mark.parametrize("slug", SAMPLES)
def test_every_sample_can_be_downloaded_and_uploaded_again(client, budi, slug):
    found = client.get(reverse("jht:claim_sample", args=[slug]))
    assert found.headers["Content-Disposition"].startswith("attachment")
    assert upload(client, budi, found.content).url == at(budi, "account")
    assert client.session["klaim"][budi.kpj]["papers"]["KTP atau bukti identitas lain (contoh)"] == slug


def test_any_other_file_is_refused_and_not_kept(client, budi):
    answer = upload(client, budi, SAMPLES["ktp"].data + b"!")
    assert "Jangan pernah mengunggah dokumen sungguhan di sini" in text(answer)
    assert "papers" not in client.session["klaim"][budi.kpj]


def test_a_large_file_is_refused_by_its_size(client, budi):
    assert "lebih besar dari 200 KB" in text(upload(client, budi, b"x" * 200_001))


def test_a_missing_paper_is_named(client, budi):
    client.post(at(budi, "reason"), {"reason": "resigned"})
    answer = client.post(at(budi, "documents"), DOCUMENTS | {"pilih_3": ""})
    assert "Buku tabungan atas nama peserta (contoh) belum dilampirkan" in text(answer)


def test_an_unknown_sample_is_not_found(client, budi):
    assert client.get(reverse("jht:claim_sample", args=["lain"])).status_code == 404


# --- Account -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["1234567890", "490077", "490001234567890", "٤٩٠٠٠١٢٣٤٥"])
def test_a_number_that_may_be_real_is_refused_and_not_shown_again(client, budi, number):
    client.post(at(budi, "reason"), {"reason": "resigned"})
    client.post(at(budi, "documents"), DOCUMENTS)
    answer = client.post(at(budi, "account"), ACCOUNT | {"number": number})
    assert "berawalan 49, misalnya 4900012345" in text(answer)
    assert number not in answer.content.decode()


def test_somebody_elses_account_is_refused(client, budi):
    client.post(at(budi, "reason"), {"reason": "resigned"})
    client.post(at(budi, "documents"), DOCUMENTS)
    answer = client.post(at(budi, "account"), ACCOUNT | {"name": "Orang Lain"})
    assert "bukan atas nama Anda" in text(answer)


# --- Tracking ------------------------------------------------------------------------------------------------


@pytest.fixture
def claim(client, budi):
    client.get(confirm(client, budi, walk(client, budi)).url)
    return Claim.objects.get()


def test_somebody_elses_claim_is_not_found(client, claim):
    client.force_login(somebody("lain@latih.test", "Orang Lain").user)
    for name in ("tracked", "claim_complete"):
        assert client.get(reverse(f"jht:{name}", args=[claim.number])).status_code == 404
    assert client.post(reverse("jht:claim_cancel", args=[claim.number])).status_code == 404
    assert client.get(at(claim.membership, "check")).status_code == 404
    assert claim.number not in text(client.get(reverse("jht:tracking")))


def test_what_the_clerk_asks_for_is_shown_and_given(client, claim, clerk):
    name = claim.documents.all()[1].name
    claims.ask_for_more(claim, "KTP tidak terbaca, lampirkan lagi.", timezone.now(), clerk, [name])
    tracked = reverse("jht:tracked", args=[claim.number])
    assert "KTP tidak terbaca, lampirkan lagi." in text(client.get(tracked))
    page = reverse("jht:claim_complete", args=[claim.number])
    assert "KTP tidak terbaca, lampirkan lagi." in text(client.get(page))
    assert "belum dilampirkan" in text(client.post(page, DOCUMENTS | {"pilih_1": ""} | ACCOUNT))
    answer = client.post(page, DOCUMENTS | ACCOUNT)
    assert answer.url == tracked
    claim.refresh_from_db()
    assert claim.status == "submitted"
    assert client.get(page).url == tracked


def test_a_paid_claim_shows_the_three_figures(client, claim, clerk, today):
    now = timezone.now()
    claims.pay(claims.approve(claim, today, now, clerk), today, now, clerk)
    claim.refresh_from_db()
    page = text(client.get(reverse("jht:tracked", args=[claim.number])))
    for words in ("Jumlah dari saldo", "Pajak (PPh 21)", "Diterima", claim.bank, "Selesai."):
        assert words in page


def test_the_last_day_of_payment_is_a_date(client, budi, today, clerk):
    """docs/aturan.md#pengajuan-klaim: complete on Thursday 13 August 2026, and again on Friday 20 November."""
    evening, morning = (datetime(2026, *day, tzinfo=ZoneInfo("Asia/Jakarta")) for day in ((8, 13, 20), (11, 20, 9)))
    claim = claims.file_claim(budi, application(budi), today, evening, None)
    tracked = reverse("jht:tracked", args=[claim.number])
    for page in (reverse("jht:tracking"), tracked):
        assert "dibayar paling lambat 21 Agustus 2026, 5 hari kerja" in text(client.get(page))
    claims.ask_for_more(claim, "KTP tidak terbaca.", evening, clerk)
    assert "paling lambat" not in text(client.get(tracked))
    claims.complete_claim(claim, [], application(budi).account, morning, None)
    assert "paling lambat 27 November 2026" in text(client.get(tracked))
    client.force_login(clerk)
    assert "Dibayar paling lambat 27-11-2026" in text(client.get(f"/petugas/jht/claim/{claim.pk}/change/"))


def test_cancelling_leaves_the_claim_readable(client, claim):
    cancel = reverse("jht:claim_cancel", args=[claim.number])
    assert client.get(cancel).status_code == 405
    assert "Saldo Anda tidak berkurang" in text(client.post(cancel, follow=True))
    assert "Dibatalkan peserta" in text(client.get(reverse("jht:tracking")))


def test_an_open_claim_is_where_a_new_one_would_begin(client, claim):
    assert client.get(at(claim.membership, "check")).url == reverse("jht:tracked", args=[claim.number])
    assert claim.number in text(client.get(reverse("jht:claim_start")))


def test_the_list_asks_the_same_queries_for_many_claims(client, claim, today, django_assert_max_num_queries):
    for number in range(5):
        claims.cancel_claim(claim, today, timezone.now(), None)
        membership = claim.membership
        form = claims.Application("resigned", claims.Account("B", "49", "Budi Latihan"), f"t{number}")
        claim = claims.file_claim(membership, form, today, timezone.now(), None)
    with django_assert_max_num_queries(6):
        client.get(reverse("jht:tracking"))


def test_who_is_not_linked_is_led_there(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("baru@latih.test"))
    for name in ("claim_start", "tracking", "merge"):
        assert client.get(reverse(f"jht:{name}")).url == reverse("jht:link")


def test_a_visitor_is_led_to_the_login(client, budi):
    client.logout()
    assert client.get(at(budi, "check")).url.startswith("/akun/login/")


# --- Amalgamasi ----------------------------------------------------------------------------------------------


def test_asking_to_merge(client, budi, today):
    new = make_membership(budi.participant, start=today - timedelta(days=100))
    page = client.get(reverse("jht:merge"))
    assert page.context["form"].initial == {"target": new.pk, "sources": [budi.pk]}
    answer = client.post(reverse("jht:merge"), {"target": new.pk, "sources": [budi.pk]}, follow=True)
    assert "Permintaan Anda sudah kami terima" in text(answer)
    assert MergeRequest.objects.get().target == new


def test_somebody_elses_kpj_is_no_choice(client, budi, today):
    other = make_membership(make_participant("Orang Lain"))
    make_membership(budi.participant, start=today - timedelta(days=100))
    answer = client.post(reverse("jht:merge"), {"target": budi.pk, "sources": [other.pk]})
    assert "tidak ada dalam daftar Anda" in text(answer)
    assert other.kpj not in answer.content.decode()


def test_rubbish_is_answered(client, budi, today):
    make_membership(budi.participant, start=today - timedelta(days=100))
    answer = client.post(reverse("jht:merge"), {"target": "x" * 50, "sources": ["y", "9" * 40]})
    assert "Pilih" in text(answer)


def test_one_kpj_leaves_nothing_to_merge(client, budi):
    assert "Tidak ada yang perlu digabung" in text(client.get(reverse("jht:merge")))


def test_an_old_kpj_stays_readable_and_says_where_its_balance_went(client, budi, today):
    new = make_membership(budi.participant, start=today - timedelta(days=100))
    merges.merge(merges.request_merge(budi.participant, new, [budi], today, None), today, None)
    where = f"Digabung ke KPJ {new.kpj} pada"
    assert where in text(client.get(reverse("jht:balance")))
    page = text(client.get(reverse("jht:statement", args=[budi.kpj])))
    assert where in page
    assert f"Pemindahan Digabung ke KPJ {new.kpj}" in page
    assert f"Pemindahan Dari KPJ {budi.kpj}" in text(client.get(reverse("jht:statement", args=[new.kpj])))
    assert where in text(client.get(reverse("jht:claim_start")))
