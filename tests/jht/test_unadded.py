"""A KPJ that its owner has not added yet: not there on any page, and there once its number is typed."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from jht import linking
from jht.models import AuditRecord, LinkAttempt, Membership
from tests.jht.factories import make_membership, make_participant, pay

pytestmark = pytest.mark.django_db
ADD = "/jht/tambah/"
UNKNOWN = "Nomor KPJ tidak terdaftar atas nama Anda"


@pytest.fixture
def intan():
    user = get_user_model().objects.create_user("intan@latih.test")
    return make_participant("Intan Latihan", user=user)


@pytest.fixture
def old(intan):
    """Rp285.000 paid (docs/aturan.md#iuran-pu)."""
    held = make_membership(intan, end=timezone.localdate() - timedelta(days=90))
    pay(held, date(2024, 1, 1), paid_on=timezone.localdate())
    return held


@pytest.fixture
def new(intan):
    """Rp228.000 paid: a wage of Rp4.000.000 (docs/aturan.md#iuran-pu)."""
    held = make_membership(intan, start=date(2026, 1, 1), unadded_since=date(2026, 1, 1))
    pay(held, timezone.localdate().replace(day=1), wage=4_000_000, paid_on=timezone.localdate())
    return held


@pytest.fixture
def app(client, intan):
    client.force_login(intan.user)
    return client


@pytest.mark.parametrize(
    "path",
    [
        "/jht/{}/", "/jht/{}/rincian.csv", "/jht/kartu/{}/", "/jht/klaim/{}/", "/jmo/saldo/{}/",
        "/jmo/layanan/{}/", "/jmo/layanan/kartu/{}/",
    ],
)  # fmt: skip
def test_it_is_not_found_before_it_is_added(app, old, new, path):
    assert app.get(path.format(new.kpj)).status_code == 404
    assert app.get(path.format(old.kpj)).status_code != 404


def test_the_total_leaves_it_out_and_then_counts_it(app, old, new):
    assert app.get("/jht/").context["account"].total == 285_000
    assert app.post(ADD, {"kpj": f"{new.kpj[:3]} {new.kpj[3:]}"}).headers["Location"] == "/jht/"
    page = app.get("/jht/")

    assert page.context["account"].total == 285_000 + 228_000
    assert f"KPJ {new.kpj} sudah ada pada akun Anda" in page.text
    new.refresh_from_db()
    assert new.unadded_since is None
    assert AuditRecord.objects.get(act="linked").told == "KPJ ditambahkan pada akun"


def test_both_ways_of_asking_leave_the_same_out(intan, old, new):
    owned = Membership.objects.owned_by(intan.user).values_list("kpj", flat=True)
    cards = [card.kpj for card in Membership.objects.cards_of(intan.user)]

    assert list(owned) == cards == [old.kpj]


def test_somebody_elses_kpj_and_none_are_the_same_sentence(app, old):
    stranger = make_membership(unadded_since=date(2026, 1, 1))
    theirs, none = (app.post(ADD, {"kpj": kpj}) for kpj in (stranger.kpj, "49999999999"))

    assert theirs.context["form"].errors == none.context["form"].errors
    assert UNKNOWN in theirs.text
    stranger.refresh_from_db()
    assert stranger.unadded_since


def test_adding_twice_changes_nothing(intan, new):
    for _ in range(2):
        assert linking.add_membership(intan.user, new.kpj, timezone.now()) == new

    assert AuditRecord.objects.filter(act="linked").count() == 1


def test_five_wrong_numbers_lock_adding_for_an_hour(app, old, new):
    for _ in range(5):
        assert UNKNOWN in app.post(ADD, {"kpj": "49999999999"}).text

    locked = app.post(ADD, {"kpj": new.kpj})
    assert locked.status_code == 429
    assert "coba lagi dalam 60 menit" in locked.text
    LinkAttempt.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert app.post(ADD, {"kpj": new.kpj}).status_code == 302


def test_by_text_its_own_registration_decides(client, settings, intan, new):
    settings.SMS_SECRET = "rahasia-gerbang"

    def text(words, number):
        asked = {"dari": "0849123456001", "isi": words, "id": f"unadded-{number}", "kunci": "rahasia-gerbang"}
        return client.get("/sms/masuk", asked).text

    assert "belum terdaftar" in text(f"SALDO {new.kpj}", 1)
    assert "terdaftar untuk KPJ" in text(f"DAFTAR SALDO#{intan.nik}#15-03-1990#{new.kpj}", 2)
    assert "Rp228.000" in text(f"SALDO {new.kpj}", 3)
    new.refresh_from_db()
    assert new.unadded_since  # the account still does not show it


@pytest.mark.parametrize(("typed", "sentence"), [("", "masih kosong"), ("123", "11 angka dan berawalan 49")])
def test_what_is_no_kpj_says_so(app, old, typed, sentence):
    assert sentence in app.post(ADD, {"kpj": typed}).text


def test_in_the_app_one_stays_in_the_app(app, old, new):
    assert 'class="handset"' in app.get("/jmo/layanan/tambah/").text
    assert app.post("/jmo/layanan/tambah/", {"kpj": new.kpj}).headers["Location"] == "/jmo/layanan/"


def test_who_is_not_linked_yet_links_first(client):
    client.force_login(get_user_model().objects.create_user("belum@latih.test"))

    assert client.get(ADD).headers["Location"] == "/jht/hubungkan/"


def test_the_way_there_stands_on_the_balance_page_with_and_without_a_kpj(app, new, old):
    assert 'href="tambah/"' in app.get("/jht/").text
    old.end = None
    Membership.objects.update(unadded_since=date(2026, 1, 1))
    assert 'href="/jht/tambah/"' in app.get("/jht/").text


def test_linking_by_the_new_kpj_adds_it(client, intan, new):
    user = intan.user
    intan.user = None
    intan.save()
    client.force_login(user)
    client.post("/jht/hubungkan/", {"nik": intan.nik, "kpj": new.kpj, "name": intan.name, "birth_date": "15-03-1990"})

    assert client.get(f"/jht/{new.kpj}/").status_code == 200


def test_the_desk_shows_and_sets_it(admin_client, new):
    page = admin_client.get(f"/petugas/jht/membership/{new.pk}/change/").text

    assert "belum ditambahkan sejak" in page.lower()
    assert 'value="01-01-2026"' in page
