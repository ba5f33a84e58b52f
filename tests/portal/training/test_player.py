"""The player does on the site what a scenario's actions say, and says which one cannot be done."""

import pytest
from django.utils import timezone

from jht.models import Membership, Participant
from portal.training.models import Run
from portal.training.runs import running
from portal.training.scripts import library
from portal.training.scripts.scenario import Action
from portal.training.stage.player import Player, Stuck

LOGIN = (
    Action("buka", "login"),
    Action("isi", {"E-mail": "{email}", "Kata sandi": "{kata_sandi}"}),
    Action("centang", "Saya bukan robot"),
    Action("klik", "Login"),
)


@pytest.fixture
def player(sit):
    return lambda role="budi": Player(sit().seat, role)


def test_somebody_of_the_seat_logs_in_and_reads_the_balance(player):
    answer = player().perform([*LOGIN, Action("klik", "Lihat Saldo JHT")])

    assert answer.status_code == 200
    assert "Rp" in answer.text


def test_an_account_is_made_with_the_code_from_the_mail_and_linked_with_the_card(player):
    one = player("kartu")
    scenario = library.find("web-akun-baru")
    for step in scenario.steps:
        one.perform(step.show)

    kpj = one._fill("{kartu.kpj}")
    assert Membership.objects.get(kpj=kpj).participant.user.email == one._fill("{email_baru}")


def test_radios_of_a_group_lists_and_several_boxes_are_chosen_by_their_words(player):
    one = player("siti")
    one.perform([*LOGIN, Action("buka", "amalgamasi")])
    one.perform(
        [
            Action("pilih", {"Digabung ke KPJ": "{kpj3}"}),
            Action("pilih", {"KPJ lama yang digabung": ("{kpj}", "{kpj2}")}),
            Action("klik", "Ajukan penggabungan"),
        ]
    )

    asked = Participant.objects.get(user__email=one._fill("{email}")).merge_requests.get()
    assert asked.target.kpj == one._fill("{kpj3}")


def test_a_text_goes_out_from_the_phone_that_was_named_and_the_page_stays(player):
    one = player()
    one.perform([Action("buka", "login"), Action("sms", {"isi": "DAFTAR SALDO#{nik}#{lahir}#{kpj}", "dari": "2"})])
    before = one.page.title
    one.perform([Action("buka", "telepon")])

    assert before == "Login"
    assert "Belum ada pesan" in one.response.text  # on the first phone
    assert "DAFTAR SALDO" in one.visit(f"/telepon/?nomor={one._fill('{hp2}')[-3:]}").text


def test_the_clock_is_turned_and_the_page_stays(player):
    one = player()
    one.perform([*LOGIN, Action("jam", "akhir-tahun")])

    assert one.page.title == "Layanan"
    assert "jam latihan" in one.perform([Action("buka", "saldo")]).text


def test_a_sample_is_attached_and_taken(player):
    one = player("wati")
    one.perform([*LOGIN, Action("buka", "klaim-sebab"), Action("pilih", "Mengundurkan diri"), Action("klik", "Lanjut")])
    labels = [name for field in one.page.fields() for name in one.page.names(field)[:1] if "unggah" in name]
    assert len(labels) == 4
    files = ("kartu-peserta", "ktp", "buku-tabungan", "surat")
    one.perform([Action("unggah", dict(zip(labels, files, strict=True))), Action("klik", "Lanjut")])

    assert one.page.title == "Ke rekening mana?"


def test_the_clerk_of_the_seat_works_at_the_desk(player):
    one = player("petugas")
    one.perform([*LOGIN, Action("buka", "meja-klaim"), Action("klik", "KL-")])

    assert one.browser.url.endswith("/change/")


def test_a_question_is_answered_in_the_panel(player):
    one = player()
    scenario = library.find("web-saldo")
    run = running.start(one.seat, scenario, Run.Mode.PRACTISE, timezone.now())
    one.perform([Action("jawab", "b")])

    asked = running.progress(run).steps[-1]
    assert asked.step.code == "terangkan" and asked.is_done


@pytest.mark.parametrize(
    "actions, told",
    [
        ([Action("buka", "login"), Action("klik", "Terbang")], r"klik: Terbang: tidak ada tombol.*Login.*“Login”"),
        ([Action("buka", "login"), Action("isi", {"Alamat": "x"})], r"tidak ada isian “Alamat”. Ada: E-mail"),
        ([Action("buka", "login"), Action("pilih", "Setuju")], "tidak ada pilihan “Setuju”"),
        ([Action("buka", "daftar"), Action("tunggu", "kode")], "kodenya belum datang"),
        ([Action("buka", "daftar"), Action("isi", {"E-mail": "{kode}"})], "kodenya belum datang"),
        ([Action("buka", "surat")], "hanya dapat dicapai lewat tombol"),
        ([Action("klik", "Login")], "mulai dengan “buka”"),
        ([Action("sms", {"isi": "x", "dari": "9"})], "tidak ada telepon “9”"),
        ([Action("jawab", "b")], "tidak ada pertanyaan"),
        ([Action("jam", "umur-hendra"), Action("jam", "umur-hendra")], "tidak dapat diputar ke sana"),
    ],
)
def test_what_cannot_be_done_names_the_action_the_reason_and_what_there_is(player, actions, told):
    with pytest.raises(Stuck, match=told):
        player().perform(actions)
