"""Kartu Digital: whose cards, what the QR carries, what the public check tells."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.signing import Signer
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from segno import make_qr

from jht import cards
from tests.jht.factories import make_membership, make_participant

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return get_user_model().objects.create_user("budi@latih.test")


@pytest.fixture
def person(user):
    return make_participant("Budi Santoso", user=user)


@pytest.fixture
def membership(person):
    return make_membership(person, kpj="49000000017", start=date(2021, 1, 4))


@pytest.fixture
def signed_in(client, user):
    client.force_login(user)
    return client


def check_path(page: str) -> str:
    return re.search(r'href="(/kartu/[^"]+/)"', page)[1]


def test_a_person_sees_the_cards_of_every_kpj(signed_in, person, membership):
    other = make_membership(person, segment="BPU", end=date(2022, 1, 1))

    page = signed_in.get("/jht/kartu/").text

    for text in (membership.employer.name, f'href="{membership.kpj}/"', f'href="{other.kpj}/"', "Aktif", "Nonaktif"):
        assert text in page


def test_one_card_shows_name_number_segment_status_and_since(signed_in, membership):
    page = signed_in.get("/jht/kartu/49000000017/").text

    for text in ("SIMULASI — bukan kartu resmi", "Budi Santoso", "Penerima Upah", "Aktif", "4 Januari 2021", "<svg"):
        assert text in page
    assert "<span>490</span><span>0000</span><span>0017</span>" in page


def test_the_qr_needs_no_style(signed_in, membership):
    page = signed_in.get("/jht/kartu/49000000017/").text

    assert " style=" not in page
    assert "<style" not in page


@pytest.mark.parametrize(
    ("origin", "address"), [("", "http://testserver"), ("https://latih.example", "https://latih.example")]
)
def test_the_qr_leads_to_the_check_on_this_site(signed_in, membership, settings, origin, address):
    settings.SITE_ORIGIN = origin

    page = signed_in.get("/jht/kartu/49000000017/").text

    expected = make_qr(f"{address}{check_path(page)}", error="m").svg_inline(border=3, light="#fff", omitsize=True)
    drawn = re.findall(r' d="([^"]+)"', expected)
    assert drawn
    assert all(path in page for path in drawn)


def test_the_check_tells_anybody_a_little_and_no_more(signed_in, client, membership):
    path = check_path(signed_in.get("/jht/kartu/49000000017/").text)
    client.logout()

    response = client.get(path)

    assert response.status_code == 200
    for text in ("Kartu latihan ini terbit dari Portal Latih", "B••• S•••", "0017", "Penerima Upah", "Aktif"):
        assert text in response.text
    for secret in ("Budi", "Santoso", "49000000017", membership.participant.nik, membership.employer.name):
        assert secret not in response.text


def test_the_check_tells_the_status_of_today(client, membership):
    path = f"/kartu/{cards.token(membership.pk)}/"
    membership.end = timezone.localdate() - timedelta(days=1)
    membership.save()

    assert "Nonaktif" in client.get(path).text


def test_a_merged_card_says_so(signed_in, client, person, membership):
    membership.merged_into, membership.merged_on = make_membership(person), timezone.localdate()
    membership.save()

    for path in ("/jht/kartu/", "/jht/kartu/49000000017/", f"/kartu/{cards.token(membership.pk)}/"):
        assert "Digabung" in signed_in.get(path).text


def test_a_token_says_nothing_in_clear(membership):
    one, other = cards.token(membership.pk), cards.token(membership.pk + 1)

    assert one == cards.token(membership.pk)
    assert len(one) == len(other) == 55
    assert one[:4] != other[:4]
    assert "49000000017" not in one


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: ("A" if token[0] != "A" else "B") + token[1:],
        lambda token: token.partition(".")[0],
        lambda token: "." + token.partition(".")[2],
        lambda token: Signer(salt="lain").sign("1"),
        lambda token: "x",
        lambda token: "é.é",
    ],
)
def test_a_forged_token_gets_a_sentence_and_404(client, membership, forge):
    response = client.get(f"/kartu/{forge(cards.token(membership.pk))}/")

    assert response.status_code == 404
    assert "Kartu ini tidak terbit dari Portal Latih" in response.text


def test_a_card_of_nobody_any_more_is_the_same_404(client, membership):
    gone = client.get(f"/kartu/{cards.token(membership.pk + 1)}/")
    huge = client.get(f"/kartu/{cards.token(2**63 + 5)}/")

    assert gone.status_code == huge.status_code == 404
    assert "tidak terbit dari Portal Latih" in gone.text


def test_a_printed_card_outlives_a_new_secret(client, membership, settings):
    token = cards.token(membership.pk)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "rahasia yang baru sekali"

    assert client.get(f"/kartu/{token}/").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(f"/kartu/{token}/").status_code == 404


@given(pk=st.integers(0, 2**64 - 1))
def test_every_number_comes_back(pk):
    assert cards.membership_pk(cards.token(pk)) == pk


@given(text=st.text(max_size=60))
def test_no_text_is_taken_for_a_token(text):
    assert cards.membership_pk(text) is None


def test_somebody_elses_card_and_none_are_404(signed_in, membership):
    stranger = make_membership()

    for kpj in (stranger.kpj, "49999999999"):
        assert signed_in.get(f"/jht/kartu/{kpj}/").status_code == 404


@pytest.mark.parametrize("path", ["/jht/kartu/", "/jht/kartu/49000000017/"])
def test_a_visitor_is_asked_to_log_in(client, membership, path):
    assert client.get(path).url.startswith("/akun/login/")


def test_an_account_without_participant_is_led_to_link(signed_in):
    assert signed_in.get("/jht/kartu/", follow=True).redirect_chain == [("/jht/hubungkan/", 302)]


def test_a_person_without_kpj_learns_why_there_is_no_card(signed_in, person):
    assert "Belum ada kartu" in signed_in.get("/jht/kartu/").text


def test_cards_cost_a_fixed_number_of_queries(signed_in, person, membership, django_assert_max_num_queries):
    for _ in range(4):
        make_membership(person)
    with django_assert_max_num_queries(4):
        signed_in.get("/jht/kartu/")
    with django_assert_max_num_queries(4):
        signed_in.get("/jht/kartu/49000000017/")
    with django_assert_max_num_queries(4):
        signed_in.get(f"/kartu/{cards.token(membership.pk)}/")
