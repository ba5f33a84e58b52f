"""Impor berkas: rehearsed by the forms' own rules, then everything or nothing, by the desk or the command."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from jht import actions
from jht.models import AuditRecord, Contribution, Employer, Entry, Membership, Rate
from tests.jht.factories import make_employer, make_membership, make_participant, pay, training_kpj, training_nik
from tests.jht.importing import DESK, job, listed, run_here, upload, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch, settings, tmp_path):
    run_here(monkeypatch, settings, tmp_path)


@pytest.fixture
def command(tmp_path, capsys):
    """`manage.py import_data FILE …`: (exit code, what it printed)."""

    def run(data: bytes, *options: str, name: str = "daftar.csv") -> tuple[int, str]:
        (tmp_path / name).write_bytes(data)
        try:
            call_command("import_data", str(tmp_path / name), *options)
        except CommandError as refusal:
            return refusal.returncode, capsys.readouterr().out + str(refusal)
        return 0, capsys.readouterr().out

    return run


def test_a_file_is_rehearsed_first_and_writes_nothing(desk):
    member = make_membership()

    page = upload(desk, listed([member.kpj, "03-2026", "3.600.000", "", "10-04-2026"]))

    assert "1 baris baru siap ditulis" in page.text
    assert "Tulis semuanya" in page.text
    assert not Contribution.objects.exists()


def test_confirmed_it_is_written_with_its_ledger_entries_and_the_trail(desk, clerk):
    member = make_membership()
    upload(desk, listed([member.kpj, "03-2026", "3.600.000", "", "10-04-2026"]))

    page = write(desk)

    assert "1 baris baru tercatat" in page.text
    paid = Contribution.objects.get()
    # 3,7 % and 2 % of 3.600.000
    assert (paid.membership, paid.month, paid.wage) == (member, date(2026, 3, 1), 3_600_000)
    assert (paid.employer_share, paid.worker_share, paid.paid_on) == (133_200, 72_000, date(2026, 4, 10))
    entry = Entry.objects.get()
    assert (entry.amount, entry.date, entry.key) == (205_200, date(2026, 4, 10), f"contribution:{paid.pk}")
    assert (entry.contribution, entry.recorded_by, entry.kind) == (paid, clerk, "contribution")
    assert AuditRecord.objects.filter(act="imported", actor_name=clerk.email, label="iuran.csv").count() == 1
    assert job().file is None


def test_one_fault_and_nothing_can_be_written(desk):
    member = make_membership()
    rows = [[member.kpj, "03-2026", "3.600.000", "", "10-04-2026"], [member.kpj, "14-2026", "sejuta", "", "10-04-2026"]]

    page = upload(desk, listed(*rows))
    write(desk)

    assert "2 kesalahan ditemukan" in page.text
    assert "disabled" in page.text.split("Tulis semuanya")[1][:60]
    assert [(fault["row"], fault["column"], fault["value"]) for fault in job().faults] == [
        (3, "B", "14-2026"),
        (3, "C", "sejuta"),
    ]
    assert not Contribution.objects.exists()
    assert desk.get(f"{DESK}{job().pk}/salinan/")["Content-Type"].endswith("sheet")


@pytest.mark.parametrize("month", ["03-2026", "3/2026", "2026-03", "01-03-2026"])
@pytest.mark.parametrize("wage", ["3600000", "3.600.000", "Rp3.600.000,00", "Rp 3.600.000"])
@pytest.mark.parametrize("paid_on", ["10-04-2026", "10/4/2026", "2026-04-10"])
def test_months_amounts_and_days_are_read_as_people_write_them(command, month, wage, paid_on):
    member = make_membership()

    code, _ = command(listed([f" {member.kpj} ", month, wage, "", paid_on]))

    assert code == 0
    paid = Contribution.objects.get()
    assert (paid.month, paid.wage, paid.paid_on) == (date(2026, 3, 1), 3_600_000, date(2026, 4, 10))


def test_every_segment_pays_by_its_own_rule(command):
    wage_earner, self_employed = make_membership(), make_membership(segment="BPU")
    migrant = make_membership(segment="PMI")

    code, _ = command(
        listed(
            [wage_earner.kpj, "03-2026", "5.000.000", "", "10-04-2026"],
            [self_employed.kpj, "03-2026", "3.000.000", "", "10-04-2026"],
            [migrant.kpj, "03-2026", "", "200.000", "10-04-2026"],
        )
    )

    assert code == 0
    # docs/aturan.md: Iuran PU, Iuran BPU, Iuran PMI
    shares = {row.membership_id: (row.employer_share, row.worker_share) for row in Contribution.objects.all()}
    assert shares == {wage_earner.pk: (185_000, 100_000), self_employed.pk: (0, 64_000), migrant.pk: (0, 200_000)}


def test_every_rule_has_its_sentence_with_row_and_column(command):
    today = timezone.localdate()
    member, ended = make_membership(), make_membership(end=date(2024, 6, 30))
    jakon, migrant = make_membership(segment="JAKON"), make_membership(segment="PMI")
    old = make_membership(merged_into=member, merged_on=date(2025, 1, 1))
    pay(member, date(2025, 1, 1), 5_000_000)
    far, future = f"12-{today.year + 2}", f"{today + timedelta(2):%d-%m-%Y}"
    expected = [
        ([member.kpj, "01-2025", "6.000.000", "", "10-04-2026"], "B", "sudah tercatat"),
        ([member.kpj, "12-2019", "5.000.000", "", "10-04-2026"], "B", "berjalan dari 01-2020"),
        ([ended.kpj, "07-2024", "5.000.000", "", "10-04-2026"], "B", "sampai 06-2024"),
        ([member.kpj, far, "5.000.000", "", "10-04-2026"], "B", "12 bulan ke depan"),
        ([member.kpj, "02-2026", "5.000.000", "", future], "E", "belum tiba"),
        ([member.kpj, "02-2026", "", "", "10-04-2026"], "C", "masih kosong"),
        ([member.kpj, "02-2026", "5,5 juta", "", "10-04-2026"], "C", "rupiah penuh"),
        ([member.kpj, "02-2026", "5.000.000", "200.000", "10-04-2026"], "D", "Penerima Upah"),
        ([migrant.kpj, "02-2026", "5.000.000", "200.000", "10-04-2026"], "C", "bukan upah"),
        ([migrant.kpj, "02-2026", "", "250.000", "10-04-2026"], "D", "dipilih dari daftar"),
        ([jakon.kpj, "02-2026", "5.000.000", "", "10-04-2026"], "A", "Jakon"),
        ([old.kpj, "02-2026", "5.000.000", "", "10-04-2026"], "A", f"digabung ke KPJ {member.kpj}"),
        (["49999999999", "02-2026", "5.000.000", "", "10-04-2026"], "A", "tidak ada"),
        (["12345678901", "02-2026", "5.000.000", "", "10-04-2026"], "A", "berawalan 49"),
        (["", "02-2026", "5.000.000", "", "10-04-2026"], "A", "masih kosong"),
    ]

    code, _ = command(listed(*(row for row, _, _ in expected)))

    assert code == 2
    told = {(fault["row"], fault["column"]): fault["problem"] for fault in job().faults}
    for number, (_, column, sentence) in enumerate(expected, 2):
        if number > 2:  # what is recorded already is compared once the rows themselves are right
            assert sentence in told[number, column]
    code, _ = command(listed(expected[0][0]))
    assert "sudah tercatat" in job().faults[0]["problem"]


def test_the_same_month_twice_in_a_file_names_the_first_row(command):
    member = make_membership()
    row = [member.kpj, "03-2026", "5.000.000", "", "10-04-2026"]

    code, printed = command(listed(row, row))

    assert code == 2
    assert "Baris 3, kolom B (03-2026)" in printed
    assert "sudah ada pada baris 2" in printed


def test_the_same_file_again_changes_nothing_and_says_so(desk, command):
    member = make_membership()
    data = listed([member.kpj, "03-2026", "5.000.000", "", "10-04-2026"])
    assert command(data)[0] == 0

    page = upload(desk, data)
    code, printed = command(data)

    assert "Berkas yang sama sudah diimpor" in page.text
    assert code == 0
    assert "Tidak ada yang berubah" in printed
    assert Entry.objects.count() == 1


def test_known_rows_in_another_file_are_counted_and_left_alone(command):
    member = make_membership()
    first = [member.kpj, "03-2026", "5.000.000", "", "10-04-2026"]
    command(listed(first))

    code, printed = command(listed(first, [member.kpj, "04-2026", "5.000.000", "", "10-05-2026"]))

    assert code == 0
    assert "1 baris baru tercatat, 1 baris sudah ada." in printed
    assert Entry.objects.count() == 2


def test_money_that_comes_late_earns_what_it_would_have_earned_by_hand(command):
    by_file, by_hand = make_membership(), make_membership()
    Rate.objects.update_or_create(year=2024, defaults={"percent": 6, "source": "contoh"})
    for year in sorted(Rate.objects.filter(year__lte=2024).values_list("year", flat=True)):
        actions.credit_return(year, date(2025, 1, 1))

    code, _ = command(listed([by_file.kpj, "02-2024", "5.000.000", "", "01-03-2024"]))
    pay(by_hand, date(2024, 2, 1), 5_000_000, paid_on=date(2024, 3, 1))

    assert code == 0
    booked = [Entry.objects.filter(membership=one, kind="return") for one in (by_file, by_hand)]
    assert [row.amount for row in booked[0]] == [row.amount for row in booked[1]]
    assert booked[0].get().amount == 14_250  # 285.000 x 6 % x 10 / 12


def test_a_rehearsal_by_command_writes_nothing(command):
    member = make_membership()

    code, printed = command(listed([member.kpj, "03-2026", "5.000.000", "", "10-04-2026"]), "--rehearse")

    assert code == 0
    assert "siap ditulis" in printed
    assert not Contribution.objects.exists()


def test_people_companies_memberships_and_rates_come_in_and_are_known_again(command):
    nik, kpj = training_nik(), training_kpj()
    files = {
        "employers": listed(["l4999901", "PT Impor", "Bandung"], titles=["NPP", "Nama perusahaan", "Kota"]),
        "participants": listed([nik, "Siti Impor", "15/03/1990"], titles=["No. NIK", "Nama", "Tgl lahir"]),
        "memberships": listed(
            [nik, kpj, "pu", "L4999901", "01-02-2024", ""], titles=["NIK", "KPJ", "Segmen", "NPP", "Mulai", "Berakhir"]
        ),
        "rates": listed(["2051", "5,63", "contoh", "ya"], titles=["Tahun", "Tingkat", "Sumber", "Angka latihan"]),
    }

    for kind, data in files.items():
        assert command(data, "--kind", kind)[0] == 0, kind

    member = Membership.objects.get(kpj=kpj)
    assert (member.participant.name, member.employer.name, member.segment) == ("Siti Impor", "PT Impor", "PU")
    assert Rate.objects.get(year=2051).percent == Decimal("5.63")
    for kind, data in files.items():
        code, printed = command(data + b"\n", "--kind", kind)
        assert (code, "Tidak ada yang berubah: 1 baris sudah ada" in printed) == (0, True), printed


@pytest.mark.parametrize(
    ("kind", "titles", "row", "sentence"),
    [
        ("employers", ["NPP", "Nama"], ["L49", "PT Impor"], "8 huruf besar atau angka"),
        ("employers", ["NPP", "Nama"], ["L4900001", ""], "masih kosong"),
        ("participants", ["NIK", "Nama", "Tgl lahir"], ["3174010101900001", "Budi", "01-01-1990"], "NIK sungguhan"),
        ("participants", ["NIK", "Nama", "Tgl lahir"], ["4971015503900001", "Budi", "01-01-1890"], "01-01-1900"),
        ("rates", ["Tahun", "Tingkat", "Sumber"], ["2051", "150", "contoh"], "dari 0 sampai 100"),
        ("rates", ["Tahun", "Tingkat", "Sumber"], ["51", "5", "contoh"], "empat angka"),
    ],
)
def test_rows_of_the_other_lists_are_judged_too(command, kind, titles, row, sentence):
    code, printed = command(listed(row, titles=titles), "--kind", kind)

    assert code == 2
    assert sentence in printed
    assert "3174010101900001" not in json.dumps(job().faults)


@pytest.mark.parametrize("wage", ["3,600,000", "Rp 3,600,000.00", "3600000", "3.600.000,00"])
def test_an_english_spreadsheet_groups_with_commas(desk, wage):
    upload(desk, listed([make_membership().kpj, "03-2026", wage, "", "10-04-2026"]))
    write(desk)

    assert Contribution.objects.get().wage == 3_600_000


def test_one_comma_alone_is_not_guessed(desk):
    upload(desk, listed([make_membership().kpj, "03-2026", "5,000", "", "10-04-2026"]))

    assert [(fault["row"], fault["column"]) for fault in job().faults] == [(2, "C")]


def test_a_surplus_column_hides_no_row(command):
    rows = [training_nik(), "Siti Impor", "31-02-1990", "41"]

    code, _ = command(listed(rows, titles=["NIK", "Nama", "Tgl lahir", "Sepatu"]), "--kind", "participants")

    assert code == 2
    assert [(fault["row"], fault["column"]) for fault in job().faults] == [(1, "D"), (2, "C")]


def test_a_row_that_is_wrong_also_hears_that_its_number_is_taken(command):
    titles = ["NIK", "KPJ", "Segmen", "NPP", "Mulai", "Berakhir"]
    row = [training_nik(), make_membership().kpj, "PU", make_employer().npp, "01-02-2024", ""]

    code, _ = command(listed(row, titles=titles), "--kind", "memberships")

    assert code == 2
    assert [(fault["row"], fault["column"]) for fault in job().faults] == [(2, "A"), (2, "B")]


def test_a_membership_needs_its_person_its_company_and_fitting_days(command):
    person, company = make_participant(), make_employer()
    titles = ["NIK", "KPJ", "Segmen", "NPP", "Mulai", "Berakhir"]
    rows = [
        [person.nik, training_kpj(), "PU", "", "01-02-2024", ""],
        [person.nik, training_kpj(), "BPU", company.npp, "01-02-2024", ""],
        [training_nik(), training_kpj(), "BPU", "", "01-02-2024", ""],
        [person.nik, training_kpj(), "PU", "L0000000", "01-02-2024", ""],
        [person.nik, training_kpj(), "PU", company.npp, "01-02-2024", "31-01-2024"],
        [person.nik, training_kpj(), "PNS", company.npp, "01-02-2024", ""],
    ]

    code, _ = command(listed(*rows, titles=titles), "--kind", "memberships")

    assert code == 2
    assert [(fault["row"], fault["column"]) for fault in job().faults] == [
        (2, "D"), (3, "D"), (4, "A"), (5, "D"), (6, "F"), (7, "C"),
    ]  # fmt: skip
    assert not Membership.objects.exists()


def test_a_row_that_is_there_with_other_values_is_a_fault(command):
    company = make_employer("PT Lama")

    code, printed = command(listed([company.npp, "PT Baru", ""], titles=["NPP", "Nama", "Kota"]), "--kind", "employers")

    assert code == 2
    assert "NPP ini sudah dipakai" in printed
    assert Employer.objects.get().name == "PT Lama"


def test_unknown_columns_are_said_and_nothing_is_judged(command):
    code, printed = command(listed(["a", "b"], titles=["Warna", "Rasa"]), "--kind", "contributions")

    assert code == 2
    assert "tidak dikenal" in printed
