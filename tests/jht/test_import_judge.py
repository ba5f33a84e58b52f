"""The importer's judge and the desk's form agree on every row, and on the money that follows from it."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jht.admin.forms import ContributionForm, EmployerForm, MembershipForm, ParticipantForm, RateForm
from jht.imports import headings
from jht.imports.judge_contributions import ContributionJudge
from jht.imports.judge_lists import EmployerJudge, MembershipJudge, ParticipantJudge, RateJudge
from jht.models import Rate
from tests.jht.factories import make_employer, make_membership, make_participant, pay

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
GENEROUS = settings(max_examples=1000, suppress_health_check=[HealthCheck.function_scoped_fixture])
FEW = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])

odd = st.text(alphabet="0123456789-/. ,RpaO٣", max_size=12)
days = st.one_of(
    st.dates(date(1970, 1, 1), date(2028, 12, 31)).flatmap(
        lambda day: st.sampled_from(
            [f"{day:%d-%m-%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d.%m.%Y}", f"{day}"]
        )
    ),
    st.sampled_from(["", "31-02-2024", "2024-13-01", "15-03-90", "15 03 2024", "22-11-2026", "23-11-2026"]),
    odd,
)
months = st.one_of(
    st.dates(date(2019, 6, 1), date(2028, 2, 1)).flatmap(
        lambda day: st.sampled_from(
            [f"{day:%m-%Y}", f"{day:%m/%Y}", f"{day:%Y-%m}", f"01-{day:%m-%Y}", f"{day:%d-%m-%Y}"]
        )
    ),
    st.sampled_from(["", "13-2024", "1976-12", "3-2024", "01-2025", "11-2027", "12-2027"]),
    odd,
)
amounts = st.one_of(
    st.integers(0, 20_000_000_000).flatmap(
        lambda amount: st.sampled_from(
            [str(amount), f"{amount:,}".replace(",", "."), f"Rp{amount},00", f"rp. {amount}"]
        )
    ),
    st.sampled_from(["", "", "5.000.000", "0", "8", "9", "5,5", "3.600.00", "-1", "5 000 000"]),
    odd,
)
pmi = st.sampled_from(["", "", "", "50000", "200000", "250000", "600000", "x"])


def judged(judge_class, titles: dict[str, str], row: dict[str, str]):
    """(what passed, the names of the faulty fields)."""
    layout = headings.recognise(list(titles.values()), judge_class.kind)
    assert not layout.faults
    faults = []
    judge = judge_class(layout, TODAY, faults.append)
    judge.as_text = False
    passed = judge.batch([(2, tuple(row[name] for name in titles))])
    names = {layout.letter(name): name for name in titles}
    return passed, {names[fault.column] for fault in faults}


def form_errors(form_class, data: dict) -> tuple:
    form = type(form_class.__name__, (form_class,), {"today": TODAY, "by": None})(data)
    return form, set(form.errors)


@pytest.fixture
def members():
    """One of each sort, one whose January 2025 is recorded."""
    standing = make_membership(start=date(2020, 1, 15))
    pay(standing, date(2025, 1, 1))
    return [
        standing,
        make_membership(start=date(2021, 5, 31), end=date(2024, 6, 30)),
        make_membership(segment="BPU"),
        make_membership(segment="PMI"),
        make_membership(segment="JAKON"),
        make_membership(merged_into=standing, merged_on=date(2025, 3, 1)),
    ]


@GENEROUS
@given(st.integers(0, 6), months, amounts, pmi, days)
def test_a_contribution_passes_the_judge_exactly_when_it_passes_the_form(members, which, month, wage, amount, paid_on):
    member = members[which] if which < len(members) else None
    kpj = member.kpj if member else "49999999999"
    titles = {"kpj": "KPJ", "month": "Bulan", "wage": "Upah", "pmi_amount": "Iuran PMI", "paid_on": "Tgl bayar"}
    row = {"kpj": kpj, "month": month, "wage": wage, "pmi_amount": amount, "paid_on": paid_on}

    passed, faulty = judged(ContributionJudge, titles, row)

    with transaction.atomic():
        data = {"membership": member.pk if member else "", "month": month, "wage": wage} | {
            "pmi_amount": amount,
            "paid_on": paid_on,
        }
        form, errors = form_errors(desk_form(ContributionForm, "paid_on"), data)
        recorded = bool(errors) and form.errors.get("month", [""])[0].startswith("Iuran bulan ini sudah tercatat")
        transaction.set_rollback(True)
    expected = {"kpj" if name == "membership" else name for name in errors}
    if recorded:  # the importer finds this afterwards, for all rows at once
        expected -= {"month"}
    if not member or "kpj" in expected:
        assert "kpj" in faulty  # the form stops at a membership that takes no money; the list tells all it can
        return
    assert faulty == expected
    assert bool(passed) == (not expected)
    if passed and not recorded:
        _, membership, first, wage_read, employer_share, worker_share, paid = passed[0]
        made = form.instance
        assert (membership, first, paid) == (made.membership_id, made.month.isoformat(), made.paid_on.isoformat())
        assert (wage_read, employer_share, worker_share) == (made.wage, made.employer_share, made.worker_share)


names = st.one_of(
    st.text(alphabet="abcDÉ 'ß", max_size=8), st.sampled_from(["", "PT Rekaan", "3174010101900001", "x" * 121])
)
npps = st.one_of(st.text(alphabet="LlA0123ß-", min_size=7, max_size=9), st.sampled_from(["", "L4900001", "l4900001"]))
niks = st.one_of(
    st.from_regex(r"49[0-9]{14}", fullmatch=True),
    st.sampled_from(["", "4971015503900001", "49710155 03900001", "3174010101900001", "4971013102900001"]),
    odd,
)
years = st.one_of(st.integers(1970, 2210).map(str), st.sampled_from(["", "26", "dua"]))
percents = st.one_of(
    st.decimals(-1, 110, places=2).map(lambda value: str(value).replace(".", ",")),
    st.sampled_from(["", "5.63", "lima"]),
)


@FEW
@given(npps, names, st.sampled_from(["", "Bandung", "x" * 81]))
def test_a_company_passes_the_judge_exactly_when_it_passes_the_form(npp, name, city):
    row = {"npp": npp, "name": name, "city": city}

    _, faulty = judged(EmployerJudge, {"npp": "NPP", "name": "Nama perusahaan", "city": "Kota"}, row)

    _, errors = form_errors(EmployerForm, row)
    # The admin dresses text fields so that none takes what may be a real NIK (jht.admin.base.DeskFields)
    assert faulty - ({"name"} if "3174" in name else set()) == errors


@FEW
@given(niks, st.sampled_from(["Budi", "", "x" * 121]), days)
def test_a_person_passes_the_judge_exactly_when_they_pass_the_form(nik, name, birth_date):
    row = {"nik": nik, "name": name, "birth_date": birth_date}

    _, faulty = judged(ParticipantJudge, {"nik": "NIK", "name": "Nama", "birth_date": "Tanggal lahir"}, row)

    form_data = row | {"birth_date": birth_date}
    _, errors = form_errors(desk_form(ParticipantForm, "birth_date"), form_data)
    assert faulty == errors


@FEW
@given(st.data())
def test_a_membership_passes_the_judge_exactly_when_it_passes_the_form(data):
    person, company = make_participant(), make_employer()
    row = {
        "nik": person.nik,
        "kpj": data.draw(
            st.one_of(st.from_regex(r"4[89][0-9]{9}", fullmatch=True), st.sampled_from(["", "49 000 000 123"]))
        ),
        "segment": data.draw(st.sampled_from(["PU", "BPU", "PMI", "JAKON", "", "PNS"])),
        "npp": data.draw(st.sampled_from([company.npp, ""])),
        "start": data.draw(days),
        "end": data.draw(st.one_of(st.just(""), days)),
    }
    titles = {"nik": "NIK", "kpj": "KPJ", "segment": "Segmen", "npp": "NPP", "start": "Mulai", "end": "Berakhir"}

    _, faulty = judged(MembershipJudge, titles, row)

    typed = row | {"participant": person.pk, "employer": company.pk if row["npp"] else ""}
    _, errors = form_errors(desk_form(MembershipForm, "start", "end"), typed)
    if "__all__" in errors:  # the rows' own constraints: the form names no field
        errors -= {"__all__"}
        assert faulty - errors <= {"npp", "end"}
        assert faulty - errors
    else:
        assert faulty - ({"npp"} if "segment" not in errors and errors else set()) <= errors | {"npp", "end"}
        assert errors <= faulty
        assert bool(faulty) == bool(errors)


@FEW
@given(years, percents, st.sampled_from(["contoh", "", "x" * 201]))
def test_a_rate_passes_the_judge_exactly_when_it_passes_the_form(year, percent, source):
    Rate.objects.all().delete()
    row = {"year": year, "percent": percent, "source": source}

    _, faulty = judged(RateJudge, {"year": "Tahun", "percent": "Tingkat", "source": "Sumber"}, row)

    _, errors = form_errors(RateForm, row | {"is_training": "on"})
    # That a year is plausible is the row's own constraint: the form names no field, or not while others are faulty
    assert faulty - {"year"} == errors - {"year", "__all__"}
    assert ("year" in faulty) == (not year.isdigit() or not 1977 <= int(year) <= 2200)


def desk_form(form_class, *day_fields):
    """The form with the day fields the desk gives it (jht.admin.base.DeskFields)."""
    from jht.admin.fields import DeskDateField

    fields = {
        name: DeskDateField(required=not form_class.Meta.model._meta.get_field(name).blank) for name in day_fields
    }
    return type(form_class.__name__, (form_class,), fields)
