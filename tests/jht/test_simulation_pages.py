"""Simulasi through its addresses: what is asked stands in them. Expected numbers from docs/aturan.md."""

import re
from datetime import date
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model

from jht.models import Claim, Figure, Rate
from tests.jht.factories import make_membership, make_participant, pay

SAVINGS, CLAIM = "/jht/simulasi/tabungan/", "/jht/simulasi/klaim/"
PUBLISHED = {"segmen": "PU", "upah": "5.000.000", "mulai": "01-2026", "tahun": "5", "tingkat": "5,00"}
FREE = {
    "tanggal": "22-11-2026",
    "lahir": "15-03-1990",
    "segmen": "PU",
    "sejak": "01-02-2014",
    "berakhir": "30-09-2026",
    "saldo": "80.000.000",
    "npwp": "on",
}


@pytest.fixture
def siti(db):
    return make_participant(user=get_user_model().objects.create_user("siti@latih.test"), has_npwp=True)


@pytest.fixture
def signed(client, siti):
    client.force_login(siti.user)
    return client


@pytest.fixture
def unlinked(client, db):
    client.force_login(get_user_model().objects.create_user("baru@latih.test"))
    return client


def ask(client, path: str, question: dict, **changed):
    return client.get(f"{path}?{urlencode(question | changed)}")


def answers(response) -> list:
    return response.context["answers"]


def options(response) -> dict:
    return {option.verdict.reason: option for option in answers(response)[0].options}


# --- The doors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/jht/simulasi/", SAVINGS, CLAIM])
def test_a_visitor_is_led_to_the_login_page(client, db, path):
    assert client.get(path).url.startswith("/akun/login/")


@pytest.mark.parametrize("path", ["/jht/simulasi/", SAVINGS, CLAIM])
def test_who_has_no_membership_may_simulate_too(unlinked, path):
    assert unlinked.get(path).status_code == 200
    assert unlinked.post(path).status_code == 405


def test_the_service_menu_leads_to_both(signed):
    assert 'href="/jht/simulasi/"' in signed.get("/").text
    doors = signed.get("/jht/simulasi/").text
    assert SAVINGS in doors
    assert CLAIM in doors


# --- Tabungan ------------------------------------------------------------------------------------------------


def test_the_published_example_gives_its_published_result(unlinked):
    response = ask(unlinked, SAVINGS, PUBLISHED)

    assert "Rp</span>19.409.470<" in response.text
    assert "Rp17.100.000" in response.text
    assert "Rp2.309.470" in response.text
    for closing in ("3.512.625", "7.200.881", "11.073.550", "15.139.853"):
        assert f">{closing}<" in response.text
    assert response.text.count('<details class="year">') == 5
    assert "<svg" in response.text
    assert "style=" not in response.text


@pytest.mark.parametrize(
    ("question", "monthly"),
    [
        ({"segmen": "BPU", "upah": "3.000.000"}, "64.000"),
        ({"segmen": "PMI", "upah": "", "iuran": "200000"}, "200.000"),
        ({"segmen": "PU", "upah": "Rp4.000.000"}, "228.000"),
    ],
)
def test_every_segment_pays_by_its_own_rule(unlinked, question, monthly):
    response = ask(unlinked, SAVINGS, PUBLISHED, **question)

    assert f"Rp</span>{monthly}<" in response.text


def test_what_is_there_already_grows_too(unlinked):
    """1,000,000 for five years at 5 %, compounded once a year: 1,276,281.56 more."""
    response = ask(unlinked, SAVINGS, PUBLISHED, saldo="1.000.000")

    assert "Rp</span>20.685.752<" in response.text
    assert "Saldo awal Rp1.000.000" in response.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"upah": ""}, "Upah atau penghasilan masih kosong"),
        ({"upah": "lima juta"}, "Jumlah ditulis dengan angka"),
        ({"upah": "1"}, "Iuran dari upah ini Rp0"),
        ({"tahun": "41"}, "dari 1 sampai 40 tahun"),
        ({"tahun": "0"}, "dari 1 sampai 40 tahun"),
        ({"tahun": "١"}, "dari 1 sampai 40 tahun"),
        ({"tingkat": "101"}, "dari 0 sampai 100"),
        ({"tingkat": ""}, "masih kosong"),
        ({"mulai": "13-2026"}, "Bulan ditulis bulan-tahun"),
        ({"mulai": "01-9999"}, "paling jauh tahun 2100"),
        ({"segmen": "JAKON"}, "Pilih segmen dari daftar"),
        ({"segmen": "PMI"}, "Kosongkan isian ini"),
        ({"segmen": "PMI", "upah": "", "iuran": "1"}, "Pilih salah satunya"),
        ({"iuran": "50000"}, "Kosongkan pilihan ini"),
        ({"saldo": "-5"}, "Jumlah ditulis dengan angka"),
    ],
)
def test_what_cannot_be_supposed_gets_its_sentence_and_stays(unlinked, changed, sentence):
    response = ask(unlinked, SAVINGS, PUBLISHED, **changed)

    assert response.status_code == 200
    assert sentence in response.text
    assert "projection" not in response.context


def test_the_rate_offered_is_the_latest_known_and_says_where_it_comes_from(unlinked):
    Rate.objects.create(year=2020, percent="5.63", source="sumber publik", is_training=False)

    page = unlinked.get(SAVINGS).text

    assert 'value="5,63"' in page
    assert "2020: 5,63 % (sumber publik)" in page


def test_what_somebody_typed_as_a_source_is_text_and_no_markup(unlinked):
    Rate.objects.create(year=2020, percent="5.63", source="<b>koran</b>", is_training=False)

    assert "(&lt;b&gt;koran&lt;/b&gt;)" in unlinked.get(SAVINGS).text


def test_forty_years_cost_no_more_queries_than_one(unlinked, django_assert_num_queries):
    with django_assert_num_queries(5):  # session, user, rate, bands, amounts
        ask(unlinked, SAVINGS, PUBLISHED, tahun="40")


# --- Klaim ---------------------------------------------------------------------------------------------------


def test_all_eleven_reasons_are_answered_each_with_its_rule_and_source(unlinked):
    response = ask(unlinked, CLAIM, FREE)

    found = options(response)
    assert {reason for reason, option in found.items() if option.state == "ok"} == {
        "retired_by_agreement", "contract_ended", "resigned", "dismissed", "left_country", "disabled", "died",
        "partial_10", "partial_30",
    }  # fmt: skip
    assert (found["retired"].state, found["stopped"].state) == ("later", "no")
    assert response.text.count('<details class="option">') == 11
    assert "Mulai 15 Maret 2046" in response.text
    assert "Permenaker 4/2022, Pasal 8" in response.text
    assert "Alasan ini untuk peserta Bukan Penerima Upah." in response.text


def test_eighty_million_is_above_the_app_and_taxed_one_and_a_half_million(unlinked):
    response = ask(unlinked, CLAIM, FREE, alasan="resigned")

    assert "saldo melebihi Rp15.000.000" in response.text
    assert "Rp</span>1.500.000<" in response.text
    assert "Rp</span>78.500.000<" in response.text
    assert "PP 68/2009" in response.text


def test_who_left_less_than_a_month_ago_is_told_the_first_day(unlinked):
    response = ask(unlinked, CLAIM, FREE, alasan="resigned", tanggal="10-10-2026")

    assert "Belum dapat diklaim" in response.text
    assert "Mulai 30 Oktober 2026" in response.text


def test_from_the_third_year_the_tax_is_progressive_and_higher_without_npwp(unlinked):
    question = {name: value for name, value in FREE.items() if name != "npwp"}
    response = ask(unlinked, CLAIM, question, alasan="resigned", saldo="72.000.000", tahun_pertama="2024")

    assert options(response)["resigned"].paid.tax == 5_760_000
    # docs/aturan.md#pajak: 3.000.000 + 1.800.000, and a fifth of that more
    assert re.search(r"Tanpa NPWP, pajak bertambah 20 %</dt><dd>.*?960\.000<", response.text)
    assert "UU 7/2021 (HPP)" in response.text


def test_a_part_is_ten_or_thirty_percent_and_only_once(unlinked):
    found = options(ask(unlinked, CLAIM, FREE))
    again = options(ask(unlinked, CLAIM, FREE, sebagian="on"))

    assert (found["partial_10"].paid.gross, found["partial_30"].paid.gross) == (8_000_000, 24_000_000)
    assert (again["partial_10"].state, again["partial_30"].state) == ("no", "no")
    only = ask(unlinked, CLAIM, FREE, sebagian="on", alasan="partial_30").text
    assert "Tidak dapat diklaim" in only and "Belum dapat diklaim" not in only
    assert "Tidak terpenuhi:" in only


def test_a_day_in_march_2022_is_answered_by_the_regulation_then_in_force_and_compared(unlinked):
    question = FREE | {"berakhir": "31-01-2022", "alasan": "resigned"}
    response = ask(unlinked, CLAIM, question, tanggal="15-03-2022", banding_tanggal="22-11-2026")

    then, today = answers(response)
    assert (then.regulation.title, today.regulation.title) == ("Permenaker 19/2015", "Permenaker 4/2022")
    assert then.channel.limit.value == 10_000_000
    assert today.channel.limit.value == 15_000_000
    assert then.options[0].state == today.options[0].state == "ok"


def test_the_regulation_that_never_came_into_force_can_be_set_beside_and_is_marked(unlinked):
    question = FREE | {"berakhir": "31-01-2022", "alasan": "resigned", "tanggal": "15-03-2022"}
    response = ask(unlinked, CLAIM, question, banding_peraturan="permenaker-2-2022")

    then, feared = answers(response)
    assert then.is_in_force
    assert not feared.is_in_force
    assert feared.options[0].verdict.earliest == date(2046, 3, 15)
    assert "Tidak pernah berlaku" in response.text


def test_a_reason_an_older_regulation_does_not_know_is_refused_with_its_name(unlinked):
    response = ask(unlinked, CLAIM, FREE, tanggal="15-03-2022", alasan="contract_ended")

    assert options(response)["contract_ended"].state == "no"
    assert "Permenaker 19/2015 tidak tercatat mempunyai alasan ini" in response.text


def test_a_day_before_all_regulations_says_that_none_is_known(unlinked):
    response = ask(unlinked, CLAIM, FREE, tanggal="01-01-2010")

    assert "Belum ada aturan untuk tanggal itu" in response.text


def test_ones_own_membership_brings_its_own_figures(signed, siti):
    membership = make_membership(siti, start=date(2014, 2, 1))
    pay(membership, date(2026, 1, 1))

    response = ask(signed, CLAIM, {"tanggal": "22-11-2026", "kpj": membership.kpj})

    assert answers(response)[0].person.balance == membership.balance(date(2026, 11, 22))
    assert options(response)["resigned"].state == "no"
    assert "masih bekerja" in response.text


def test_what_was_claimed_before_counts(signed, siti):
    membership = make_membership(siti, start=date(2010, 2, 1), end=date(2026, 9, 30))
    pay(membership, date(2026, 1, 1))
    Claim.objects.create(
        number="K1", membership=membership, reason="partial_10", filed_on=date(2024, 1, 4), status="paid",
        paid_on=date(2024, 1, 8), gross=1_000_000, tax=0, token="t1", bank="Bank Latih", account_number="1",
        account_name="Siti",
    )  # fmt: skip

    response = ask(signed, CLAIM, {"tanggal": "22-11-2026", "kpj": membership.kpj})

    assert options(response)["partial_30"].state == "no"
    assert answers(response)[0].tax_year == 3


def test_somebody_elses_membership_is_no_choice(signed, siti):
    make_membership(siti)
    other = make_membership()

    response = ask(signed, CLAIM, {"tanggal": "22-11-2026", "kpj": other.kpj})

    assert "answers" not in response.context
    assert "Pilih dari daftar" in response.text
    assert other.participant.name not in response.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"tanggal": ""}, "Tanggal masih kosong"),
        ({"tanggal": "31-02-2026"}, "tidak ada dalam kalender"),
        ({"tanggal": "01-01-1999"}, "antara tahun 2000 dan 2100"),
        ({"banding_tanggal": "01-01-2101"}, "antara tahun 2000 dan 2100"),
        ({"lahir": ""}, "Tanggal lahir masih kosong"),
        ({"lahir": "01-01-1899"}, "antara 01-01-1900 dan hari ini"),
        ({"sejak": "01-01-1950"}, "paling awal tahun 1977"),
        ({"berakhir": "01-01-2010"}, "mendahului tanggal mulai"),
        ({"saldo": ""}, "Saldo (Rp) masih kosong"),
        ({"saldo": "banyak"}, "Jumlah ditulis dengan angka"),
        ({"segmen": ""}, "Segmen masih kosong"),
        ({"tahun_pertama": "2030"}, "sesudah klaim ini"),
        ({"tahun_pertama": "24"}, "empat angka"),
        ({"alasan": "liburan"}, "Pilih dari daftar"),
        ({"peraturan": "permenaker-99"}, "Pilih dari daftar"),
    ],
)
def test_a_question_that_cannot_be_answered_gets_its_sentence(unlinked, changed, sentence):
    response = ask(unlinked, CLAIM, FREE, **changed)

    assert response.status_code == 200
    assert sentence in response.text
    assert "answers" not in response.context


def test_practice_figures_are_marked(unlinked):
    Figure.objects.create(
        kind="app_limit", value=90_000_000, valid_from=date(2026, 6, 1), source="latihan kelas", is_training=True
    )

    response = ask(unlinked, CLAIM, FREE, alasan="resigned")

    assert "tidak melebihi Rp90.000.000" in response.text
    assert "latihan kelas" in response.text
    assert "angka latihan" in response.text
