"""A trainer reads, copies, changes, tries out and takes away scenarios at the desk."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from jht.models import AuditRecord
from portal.training.models import Classroom, OwnScenario
from portal.training.scripts import library
from tests.portal.training.test_scenario import SMALL

LIST = "/petugas/portal/ownscenario/"
SHIPPED = "web-saldo"


def send(trainer, where: str, text: str, act: str = "simpan", **more):
    return trainer.post(f"{LIST}{where}", {"text": text, "lakukan": act, **more}, follow=True)


def test_every_scenario_is_on_the_list_with_its_origin(trainer):
    OwnScenario.objects.create(slug="milik-saya", text=SMALL)
    OwnScenario.objects.create(slug="rusak", text="judul: saja")
    page = trainer.get(LIST).text

    assert all(f"{LIST}{slug}/change/" in page for slug in library.shipped())
    assert "Login saja" in page and "naskah Anda" in page
    assert "tidak dipakai sampai diperbaiki" in page


def test_a_shipped_one_is_read_copied_and_changed_without_touching_the_file(trainer):
    page = trainer.get(f"{LIST}{SHIPPED}/change/").text
    copy = trainer.get(f"{LIST}add/?dari={SHIPPED}").text
    changed = library.text_of(SHIPPED).replace("judul: ", "judul: Baru, ", 1)

    assert "Skenario bawaan" in page and "Pratinjau" in page
    assert f'value="{SHIPPED}-2"' in copy and "langkah:" in copy
    assert "disimpan" in send(trainer, f"{SHIPPED}/change/", changed, seen="").text
    assert library.find(SHIPPED).title.startswith("Baru, ")
    assert AuditRecord.objects.filter(act=AuditRecord.Act.ENTERED).exists()

    trainer.post(f"{LIST}{SHIPPED}/delete/")
    assert not library.find(SHIPPED).title.startswith("Baru, ")


def test_a_new_one_is_made_and_found_by_everybody(trainer):
    assert "disimpan" in send(trainer, "add/", SMALL.replace("\n", "\r\n"), slug="login-saja").text

    assert library.find("login-saja").title == "Login saja"
    assert "login-saja" in {one.slug for one in library.all_scenarios()}


def test_what_is_wrong_is_told_by_line_and_nothing_typed_is_lost(trainer):
    wrong = SMALL.replace("menit: 5", "menit: lima").replace("hasil: berhasil", "hasil: brhasil")
    page = send(trainer, "add/", wrong, slug="login-saja").text

    assert "2 hal yang perlu diperbaiki" in page
    assert "Baris 5" in page and "menit: lima" in page and "Maksud Anda “berhasil”?" in page
    assert "hasil: brhasil, sebagai: budi" in page
    assert not OwnScenario.objects.exists()


@pytest.mark.parametrize(
    "slug, told",
    [
        ("", "Kode masih kosong"),
        ("Kode Saya", "huruf kecil"),
        (SHIPPED, "sudah dipakai skenario lain"),
        *((taken, "alamat halaman lain") for taken in ("petunjuk", "jawab", "panel", "peragaan", "berhenti")),
    ],
)
def test_a_code_that_cannot_be_says_why(trainer, slug, told):
    assert told in send(trainer, "add/", SMALL, slug=slug).text
    assert not OwnScenario.objects.exists()


def test_looking_it_over_saves_nothing_and_shows_the_steps(trainer):
    page = send(trainer, "add/", SMALL, "periksa", slug="login-saja").text

    assert "Login sebagai Budi." in page and "isi: {E-mail: {email}" in page
    assert not OwnScenario.objects.exists()


def test_trying_it_out_plays_it_and_leaves_nothing(trainer):
    text = library.shipped()[SHIPPED]
    page = send(trainer, "add/", text, "coba", slug="percobaan").text

    steps = library.find(SHIPPED).steps
    assert page.count("Tercapai.") >= len(steps)
    assert not OwnScenario.objects.exists() and not Classroom.objects.exists()


def test_trying_out_names_the_action_that_fails(trainer):
    page = send(
        trainer, "add/", SMALL.replace("- klik: Login\n  - kode", "- klik: Terbang\n  - kode"), "coba", slug="percobaan"
    ).text

    assert "klik: Terbang: tidak ada tombol" in page
    assert "langkah di atasnya terhenti" in page


def test_a_file_is_read_into_the_form_and_nothing_more(trainer):
    sent = SimpleUploadedFile("saldo-baru.yaml", SMALL.encode())
    page = trainer.post(f"{LIST}add/", {"lakukan": "baca", "berkas": sent, "slug": "", "text": ""}).text

    assert 'value="saldo-baru"' in page and "Login sebagai Budi." in page
    assert not OwnScenario.objects.exists()


@pytest.mark.parametrize("data, told", [(b"\xff\xfe\x00", "bukan teks UTF-8"), (b"a" * 300_000, "paling besar 240 KB")])
def test_a_file_that_is_no_text_is_refused(trainer, data, told):
    page = trainer.post(
        f"{LIST}add/", {"lakukan": "baca", "berkas": SimpleUploadedFile("x.yaml", data), "slug": "", "text": ""}
    )

    assert told in page.text


def test_a_downloaded_file_can_be_sent_in_again(trainer):
    answer = trainer.get(f"{LIST}{SHIPPED}/unduh/")

    assert answer["Content-Disposition"] == f'attachment; filename="{SHIPPED}.yaml"'
    assert answer.content.decode() == library.shipped()[SHIPPED]


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(trainer):
    send(trainer, "add/", SMALL, slug="login-saja")
    page = send(trainer, "login-saja/change/", SMALL.replace("Login saja", "Punya saya"), seen="2020-01-01").text

    assert "Orang lain menyimpan" in page and "Punya saya" in page
    assert library.find("login-saja").title == "Login saja"


def test_a_text_that_has_become_faulty_is_left_out_and_can_be_mended(trainer):
    OwnScenario.objects.create(slug="lama", text=SMALL.replace("kirim: login", "kirim: halaman-lama"))

    assert library.find("lama") is None
    assert "halaman-lama" in trainer.get(f"{LIST}lama/change/").text


@pytest.mark.parametrize("where", ["", "add/", f"{SHIPPED}/change/", f"{SHIPPED}/unduh/"])
def test_only_trainers_and_only_in_a_demo(trainer, client, settings, where):
    clerk = get_user_model().objects.create_user("klerk@latih.test", "x", is_staff=True)
    clerk.groups.add(Group.objects.get(name="Petugas"))
    client.force_login(clerk)

    assert trainer.get(f"{LIST}{where}").status_code == 200
    assert client.get(f"{LIST}{where}").status_code == 403
    settings.DEMO = False
    assert trainer.get(f"{LIST}{where}").status_code == 404


def test_unknown_codes_are_not_found(trainer):
    assert trainer.get(f"{LIST}entah/change/").status_code == 404
    assert trainer.post(f"{LIST}{SHIPPED}/delete/").status_code == 404
