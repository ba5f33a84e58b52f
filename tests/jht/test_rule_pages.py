"""The rules as data at the desk: clerks look, trainers change, and the simulations follow."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from jht.models import Figure, ReasonRule, Regulation
from tests.jht.test_simulation_pages import CLAIM, FREE, PUBLISHED, SAVINGS, answers, ask, options

TABLES = ("regulation", "reasonrule", "figure")


@pytest.fixture
def trainer(client, db):
    user = get_user_model().objects.create_user("pelatih@latih.test", is_staff=True)
    user.groups.add(Group.objects.get(name="Pelatih"))
    client.force_login(user)
    return client


@pytest.mark.parametrize("table", TABLES)
def test_a_clerk_looks_at_the_rules_and_changes_none(desk, table):
    model = {"regulation": Regulation, "reasonrule": ReasonRule, "figure": Figure}[table]
    row = model.objects.first()

    assert desk.get(f"/petugas/jht/{table}/").status_code == 200
    assert "angka latihan" in desk.get(f"/petugas/jht/{table}/").text
    assert desk.get(f"/petugas/jht/{table}/{row.pk}/change/").status_code == 200
    assert desk.post(f"/petugas/jht/{table}/{row.pk}/change/", {}).status_code == 403
    assert desk.get(f"/petugas/jht/{table}/add/").status_code == 403


def test_a_trainer_sets_a_new_limit_and_the_simulation_follows(trainer):
    typed = {"kind": "app_limit", "threshold": "0", "value": "20.000.000", "valid_from": "01-12-2026",
             "source": "latihan kelas", "is_training": "on"}  # fmt: skip

    response = trainer.post("/petugas/jht/figure/add/", typed)

    assert response.status_code == 302, response.text
    later = ask(trainer, CLAIM, FREE, tanggal="01-12-2026", saldo="20.000.000", alasan="resigned")
    before = ask(trainer, CLAIM, FREE, tanggal="30-11-2026", saldo="20.000.000", alasan="resigned")
    assert answers(later)[0].channel.fits
    assert not answers(before)[0].channel.fits


def test_a_figure_opens_as_it_is_typed_and_saves_unchanged(trainer):
    row = Figure.objects.get(kind="tax_free")
    page = trainer.get(f"/petugas/jht/figure/{row.pk}/change/").text

    assert 'value="50.000.000"' in page
    typed = {"kind": "tax_free", "threshold": "0", "value": "50.000.000", "valid_from": f"{row.valid_from:%d-%m-%Y}",
             "source": row.source}  # fmt: skip
    assert trainer.post(f"/petugas/jht/figure/{row.pk}/change/", typed).status_code == 302
    row.refresh_from_db()
    assert row.value == 50_000_000


def test_a_table_is_in_force_once_its_last_row_is_there(trainer):
    """What is still being typed counts for nobody: the bands before stay (Rp3.000.000 pays Rp64.000)."""
    typed = {"kind": "bpu_band", "threshold": "1.200.000", "value": "22.000", "valid_from": "02-01-2020",
             "source": "latihan kelas", "is_training": "on"}  # fmt: skip
    asked = {"segmen": "BPU", "upah": "3.000.000"}

    page = trainer.post("/petugas/jht/figure/add/", typed, follow=True).text
    assert "Tabel ini belum berlaku" in page
    assert "Rp</span>64.000<" in ask(trainer, SAVINGS, PUBLISHED, **asked).text

    page = trainer.post("/petugas/jht/figure/add/", typed | {"threshold": "0", "value": "99.000"}, follow=True).text
    assert "Tabel ini belum berlaku" not in page
    assert "Rp</span>99.000<" in ask(trainer, SAVINGS, PUBLISHED, **asked).text


def test_without_any_whole_table_the_simulation_says_so(trainer):
    Figure.objects.filter(kind="bpu_band", threshold=0).delete()

    page = ask(trainer, SAVINGS, PUBLISHED, segmen="BPU", upah="3.000.000")

    assert (page.status_code, "Tabel iuran BPU" in page.text) == (200, True)


@pytest.mark.parametrize(
    "kind, value, sentence",
    [
        ("tax_percent", "5.000", "dari 0 sampai 100"),
        ("fine_percent", "101", "dari 0 sampai 100"),
        ("due_day", "29", "dari 1 sampai 28"),
        ("due_day", "1,5", "dari 1 sampai 28"),
        ("paid_within_days", "0", "dari 1 sampai 365"),
    ],
)
def test_a_figure_that_cannot_be_gets_its_sentence(trainer, kind, value, sentence):
    typed = {"kind": kind, "threshold": "0", "value": value, "valid_from": "01-12-2026", "source": "contoh"}

    assert sentence in trainer.post("/petugas/jht/figure/add/", typed).text


def test_a_regulation_cannot_end_before_it_begins(trainer):
    row = Regulation.objects.get(code="permenaker-19-2015")
    typed = {"code": row.code, "title": row.title, "valid_from": "01-09-2015", "valid_until": "01-01-2015",
             "source": row.source, "note": ""}  # fmt: skip

    response = trainer.post(f"/petugas/jht/regulation/{row.pk}/change/", typed)

    assert "Peraturan berakhir sebelum berlaku" in response.text


def test_a_trainer_changes_what_a_reason_asks(trainer):
    row = ReasonRule.objects.get(regulation__code="permenaker-4-2022", reason="resigned")
    typed = {"regulation": row.regulation_id, "reason": "resigned", "article": row.article, "needs_ended": "on",
             "min_age": "", "wait_months": "3", "min_years": "", "max_percent": "100", "documents": row.documents,
             "is_training": "on"}  # fmt: skip

    assert trainer.post(f"/petugas/jht/reasonrule/{row.pk}/change/", typed).status_code == 302
    response = ask(trainer, CLAIM, FREE, alasan="resigned")

    assert options(response)["resigned"].verdict.earliest == date(2026, 12, 30)
    assert "angka latihan" in response.text
