""" "Mengapa segini?": the lines add up to the figures, and the formulas are those of docs/aturan.md."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from hypothesis import given

from jht import actions, reckoning
from jht.models import Rate
from jht.reckoning import Posted, Source, Tariff, reckon
from jht.rules import Movement, Rates, add_months, round_sen, statement
from tests.jht.factories import make_membership, make_participant, pay
from tests.jht.histories import histories

TRAINING = Source("ditetapkan untuk latihan", is_training=True)
SIX, MAY = Decimal(6), date(2026, 5, 10)
OPENING = Movement(date(2025, 12, 31), "transfer", Decimal(1_200_000))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def reckoned(*moved: Movement, percent: Decimal | int = 6, on: date = date(2026, 12, 31), **options):
    """The year 2026, after an opening of what stands before; every movement as it was posted."""
    rates = Rates({2025: Decimal(0), 2026: Decimal(percent)})
    rows = [Posted(movement) for movement in moved]
    line = statement(moved, rates, on)[-1]
    of_the_year = [row for row in rows if row.movement.date.year == 2026]
    return reckon(line, of_the_year, rates, {2026: TRAINING}, on, is_first=False, **options)


def figure(found, slug: str):
    return next(figure for figure in found.figures if figure.slug == slug)


def lines(figure) -> list[tuple[str, str, Decimal]]:
    return [(line.what, plain(line.formula), line.amount) for part in figure.parts for line in part.lines]


# --- The worked examples of docs/aturan.md --------------------------------------------------------------------


def test_a_payment_in_may_splits_the_year_where_its_return_was_settled():
    """1.200.000 at 6 %; 224.000 out on 10 May, 24.000 of it return; what stays earns 40.000 in eight months."""
    found = reckoned(
        OPENING, Movement(MAY, "return", Decimal(24_000), SIX), Movement(MAY, "withdrawal", Decimal(-224_000))
    )
    returns = figure(found, "hasil")

    assert [plain(part.heading) for part in returns.parts] == [
        "Januari sampai April, 6,00 %: diselesaikan karena uangnya keluar, jadi tingkatnya tetap",
        "Mei sampai Desember, 6,00 %",
    ]
    assert lines(returns) == [
        ("Saldo awal 2026", "Rp1.200.000,00 × 6,00 % × 4/12", 24_000),
        ("Saldo awal 2026", "Rp1.200.000,00 × 6,00 % × 8/12", 48_000),
        ("Penarikan 10 Mei 2026", "−Rp200.000,00 × 6,00 % × 8/12", -8_000),
    ]
    assert lines(figure(found, "penarikan")) == [
        ("Penarikan 10 Mei 2026", "Rp24.000,00 hasil tahun ini + Rp200.000,00 saldo yang berkembang", -224_000)
    ]
    assert figure(found, "akhir").amount == 1_040_000


def test_a_settled_month_keeps_its_rate_when_the_years_becomes_another():
    found = reckoned(
        OPENING,
        Movement(MAY, "return", Decimal(24_000), SIX),
        Movement(MAY, "withdrawal", Decimal(-1_224_000)),
        percent=Decimal("7.2"),
    )

    assert lines(figure(found, "hasil")) == [
        ("Saldo awal 2026", "Rp1.200.000,00 × 6,00 % × 4/12", 24_000),
        ("Saldo awal 2026", "Rp1.200.000,00 × 7,20 % × 8/12", 57_600),
        ("Penarikan 10 Mei 2026", "−Rp1.200.000,00 × 7,20 % × 8/12", -57_600),
    ]
    assert found.booked.parts[0].lines[0].note.startswith("diselesaikan dengan tingkat 6,00")


def test_the_running_year_counts_complete_months_only():
    """Three contributions of 285.000, two complete months: 285.000 x (2 + 1) x 5 % / 12 = 3.562,50."""
    paid = [Movement(date(2026, month, 1), "contribution", Decimal(285_000)) for month in (1, 2, 3)]
    returns = figure(reckoned(*paid, percent=5, on=date(2026, 3, 15)), "hasil")

    assert [(formula, amount) for _, formula, amount in lines(returns)] == [
        ("Rp285.000,00 × 5,00 % × 2/12", Decimal("2375.00")),
        ("Rp285.000,00 × 5,00 % × 1/12", Decimal("1187.50")),
    ]
    assert returns.amount == Decimal("3562.50")
    assert "Tahun ini masih berjalan: dihitung sampai Februari, bulan terakhir yang lengkap." in returns.notes


def test_nothing_is_rounded_before_it_is_added_and_the_difference_is_named():
    """0,10 x 6 % is 0,006 and is written 0,01; three of them earn 0,018, which is 0,02."""
    paid = [Movement(date(2026, 1, day), "contribution", Decimal("0.10")) for day in (1, 2, 3)]
    found = lines(figure(reckoned(*paid), "hasil"))

    assert [amount for _, _, amount in found] == [Decimal("0.01")] * 3 + [
        Decimal("-0.01")
    ]  # 0,006 each, 0,018 together
    assert found[-1][0] == "Pembulatan"


def test_a_rate_that_is_not_known_is_called_an_estimate_and_names_the_year_it_comes_from():
    rates = Rates({2024: Decimal("5.5")})
    paid = Movement(date(2026, 1, 1), "contribution", Decimal(1_200_000))
    line = statement([paid], rates, date(2026, 12, 31))[-1]
    returns = figure(reckon(line, [Posted(paid)], rates, {2024: TRAINING}, date(2026, 12, 31), is_first=True), "hasil")

    assert "Tingkat 2026 belum ditetapkan: dipakai tingkat 2024, 5,50 % setahun, sebagai perkiraan." in [
        plain(note) for note in returns.notes
    ]
    assert returns.sources == (TRAINING,)


# --- Contributions -------------------------------------------------------------------------------------------


def contribution(segment: str, *, wage=0, shares=(0, 0), paid=date(2026, 2, 10), tariffs=()) -> reckoning.Line:
    moved = Movement(paid, "contribution", Decimal(sum(shares)))
    row = Posted(moved, "", date(2026, 1, 1), wage, *shares)
    rates = Rates({2026: SIX})
    line = statement([moved], rates, date(2026, 12, 31))[-1]
    found = reckon(line, [row], rates, {}, date(2026, 12, 31), is_first=True, segment=segment, tariffs=tariffs)
    return figure(found, "iuran").parts[0].lines[0]


def test_a_wage_earners_month_shows_both_shares():
    line = contribution("PU", wage=5_000_000, shares=(185_000, 100_000))

    assert line.what == "Iuran Jan 2026"
    assert plain(line.formula) == "Rp5.000.000 × 3,7 % + Rp5.000.000 × 2 % = Rp185.000 + Rp100.000"
    assert line.note == "dibayar 10 Februari 2026"


def test_shares_that_the_wage_does_not_give_are_not_explained_by_it():
    line = contribution("PU", wage=5_000_000, shares=(185_000, 90_000))

    assert line.formula == "pemberi kerja + pekerja = Rp185.000 + Rp90.000, seperti yang dicatat petugas"


@pytest.mark.parametrize(
    ("segment", "paid", "late"),
    [
        ("PU", date(2026, 2, 28), False),
        ("PU", date(2026, 3, 2), True),
        ("BPU", date(2026, 1, 31), False),
        ("BPU", date(2026, 2, 1), True),
        ("PMI", date(2026, 6, 1), False),
        ("PU", date(2025, 12, 30), False),
    ],
)
def test_money_that_came_late_says_since_when_it_grows(segment, paid, late):
    if paid.year == 2025:
        paid = date(2026, 1, 2)  # before it was due
    line = contribution(segment, shares=(0, 64_000), paid=paid)

    assert ("terlambat: berkembang sejak bulan dibayar" in line.note) is late


def bands(since: date, *rows: tuple[int | None, int]) -> list[Tariff]:
    return [Tariff("BPU", since, upper, amount, Source("lampiran")) for upper, amount in rows]


def test_a_self_employed_month_names_its_band_in_the_table_of_that_month():
    tariffs = [
        *bands(date(1977, 1, 1), (None, 99_000), (3_499_000, 64_000), (2_899_000, 53_000)),
        *bands(date(2026, 2, 1), (None, 70_000)),
    ]
    line = contribution("BPU", wage=3_000_000, shares=(0, 64_000), tariffs=tariffs)
    highest = contribution("BPU", wage=4_000_000, shares=(0, 99_000), tariffs=tariffs)
    otherwise = contribution("BPU", wage=4_000_000, shares=(0, 1_000), tariffs=tariffs)

    assert line.formula == "penghasilan Rp3.000.000, golongan Rp2.899.001 sampai Rp3.499.000"
    assert highest.formula == "penghasilan Rp4.000.000, golongan Rp3.499.001 ke atas"
    assert otherwise.formula == "penghasilan Rp4.000.000, seperti yang dicatat petugas"


def test_a_migrant_workers_month_is_an_amount_of_the_list():
    tariffs = [Tariff("PMI", date(1977, 1, 1), None, 300_000, Source("Permenaker 4/2023"))]

    assert contribution("PMI", shares=(0, 300_000), tariffs=tariffs).formula == "jumlah yang dipilih"
    assert contribution("PMI", shares=(0, 310_000), tariffs=tariffs).formula == "seperti yang dicatat petugas"


# --- Any history ---------------------------------------------------------------------------------------------


@given(histories())
def test_the_lines_of_every_figure_add_up_to_it(history):
    before = None
    for line in history.lines:
        posted = [Posted(row) for row in history.movements if row.date.year == line.year]
        found = reckon(line, posted, history.rates, {}, history.on, is_first=before is None)

        amounts = {figure.slug: figure.amount for figure in found.figures}
        for one in (*found.figures, found.booked):
            assert sum(part.total for part in one.parts) == one.amount
        assert amounts["awal"] == line.opening == (before or 0)
        assert amounts["iuran"] == line.contributions
        assert amounts["hasil"] == line.returns == found.booked.amount
        assert amounts.get("penarikan", 0) == line.withdrawals
        assert amounts.get("koreksi", 0) == line.corrections
        assert amounts.get("pemindahan", 0) == line.transfers
        assert amounts["akhir"] == line.closing
        before = line.closing


@given(histories())
def test_a_ledger_made_by_the_rules_is_explained_by_the_rules(history):
    """No line says that the books differ, and rounding is never more than half a sen a line."""
    for line in history.lines:
        posted = [Posted(row) for row in history.movements if row.date.year == line.year]
        returns = figure(reckon(line, posted, history.rates, {}, history.on, is_first=False), "hasil")
        explained = [row for part in returns.parts for row in part.lines]

        assert "Perbedaan dengan buku besar" not in [row.what for row in explained]
        for row in explained:
            if row.what == "Pembulatan":
                assert abs(row.amount) <= Decimal("0.005") * len(explained)
                continue
            amount, percent, months = plain(row.formula).split(" × ")
            number, rate = (
                Decimal(text.replace("Rp", "").replace("−", "-").replace(".", "").replace(",", ".").removesuffix(" %"))
                for text in (amount, percent)
            )
            assert round_sen(number * rate / 100 * int(months.removesuffix("/12")) / 12) == row.amount


# --- Through its address -------------------------------------------------------------------------------------


@pytest.fixture
def user(db):
    return get_user_model().objects.create_user("budi@latih.test")


@pytest.fixture
def signed_in(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def membership(user):
    """Paid every month of last year, on the first; half taken out in June; last year credited."""
    year = timezone.localdate().year - 1
    for known in (year, year + 1):
        Rate.objects.create(year=known, percent=5, source="contoh docs/aturan.md", is_training=known > year)
    membership = make_membership(make_participant(user=user), start=date(year, 1, 1))
    for month in range(12):
        pay(membership, add_months(date(year, 1, 1), month))
    actions.withdraw(membership, Decimal(100_000), "Klaim sebagian", date(year, 6, 10), key="claim")
    actions.credit_return(year, on=date(year, 12, 31))
    return membership


def page_of(membership, year: int) -> str:
    return f"/jht/{membership.kpj}/mengapa/{year}/"


def test_the_statement_leads_to_the_lines_and_they_end_at_its_figures(signed_in, membership):
    year = timezone.localdate().year - 1
    statement_page = signed_in.get(f"/jht/{membership.kpj}/")
    page = signed_in.get(page_of(membership, year))

    assert page_of(membership, year) in statement_page.text
    for shown in statement_page.context["years"]:
        if shown.year == year:
            assert page.context["reckoning"].figures[-1].amount == shown.closing
    text = plain(page.text)
    assert "Rp5.000.000 × 3,7 % + Rp5.000.000 × 2 % = Rp185.000 + Rp100.000" in text
    assert "Rp285.000,00 × 5,00 % × 5/12" in text  # January's until the payment in June
    assert "Klaim sebagian" in text
    assert "contoh docs/aturan.md" in text
    assert "angka latihan" not in text
    assert "angka latihan" in signed_in.get(page_of(membership, year + 1)).text


def test_years_that_are_not_on_the_statement_are_404(signed_in, membership):
    year = timezone.localdate().year

    assert signed_in.get(page_of(membership, year)).status_code == 200
    for other in (year - 2, year + 1, 0, 10**30):
        assert signed_in.get(page_of(membership, other)).status_code == 404
    assert signed_in.get(page_of(make_membership(membership.participant), year)).status_code == 404
    assert signed_in.post(page_of(membership, year)).status_code == 405


def test_somebody_elses_and_one_that_does_not_exist_are_the_same_404(signed_in, membership, client):
    year = timezone.localdate().year
    stranger = make_membership()
    pay(stranger, date(year, 1, 1))
    theirs, none = (signed_in.get(f"/jht/{kpj}/mengapa/{year}/") for kpj in (stranger.kpj, "49999999999"))

    assert theirs.status_code == none.status_code == 404
    assert theirs.text.replace(stranger.kpj, "") == none.text.replace("49999999999", "")


def test_a_visitor_is_asked_to_log_in(client, db):
    assert client.get("/jht/49000000011/mengapa/2026/").url.startswith("/akun/login/")


def test_it_costs_a_fixed_number_of_queries_no_more_than_two_above_the_statement(
    signed_in, membership, django_assert_num_queries, django_assert_max_num_queries
):
    year = timezone.localdate().year - 1
    with django_assert_max_num_queries(6):
        signed_in.get(f"/jht/{membership.kpj}/")
    with django_assert_num_queries(6):  # session, account, membership, rates, entries, tables
        signed_in.get(page_of(membership, year))

    for month in range(12):
        pay(membership, add_months(date(year - 3, 1, 1), month))
    with django_assert_num_queries(6):
        signed_in.get(page_of(membership, year - 3))
