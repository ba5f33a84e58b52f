"""Looking along: only after the trainee has agreed, only the page, only as long as both want it."""

import pytest
from django.test import Client
from django.utils import timezone

from portal.training.models import Glance
from portal.training.runs import running
from portal.training.scripts.scenario import read
from portal.training.seats import seating
from portal.training.steering import glancing
from tests.portal.training.conftest import play
from tests.portal.training.test_board import SAMPLE


@pytest.fixture
def asked(room, sit, trainer):
    """A trainee at Budi's pages whom the trainer has asked."""
    browser = play(sit("Andi"), "budi")
    trainer.post(f"/pelatih/{room.pk}/kursi/1/lihat/")
    return browser


@pytest.fixture
def page(room):
    return f"/pelatih/{room.pk}/lihat/1/halaman/"


def agree(browser) -> None:
    browser.post("/kelas/lihat/", {"jawab": "setuju", "kembali": "/jht/"})


def test_nothing_is_kept_or_shown_before_the_trainee_agrees(asked, trainer, page, room):
    shown = asked.get("/jht/")

    assert "Bolehkah pelatih melihat halaman Anda?" in shown.text
    assert Glance.objects.get().html == ""
    assert trainer.get(page).status_code == 404
    assert "sedang ditanya" in trainer.get(f"/pelatih/{room.pk}/lihat/1/").text


def test_after_the_yes_the_trainer_sees_the_page_and_the_trainee_sees_that(asked, trainer, page, room):
    agree(asked)
    shown = asked.get("/jht/")
    seen = trainer.get(page)

    assert "Pelatih sedang melihat halaman Anda." in shown.text and "Hentikan" in shown.text
    assert "Pelatih sedang melihat halaman Anda." in asked.get("/jmo/").text
    assert "Saldo JHT" in seen.text
    assert "Halaman <strong>/jmo/</strong>" in trainer.get(f"/pelatih/{room.pk}/lihat/1/").text


@pytest.mark.parametrize("word", ["tidak", "berhenti", ""])
def test_a_no_and_a_stop_leave_nothing(asked, trainer, page, word):
    agree(asked)
    asked.get("/jht/")
    asked.post("/kelas/lihat/", {"jawab": word})
    asked.get("/jht/")

    assert not Glance.objects.exists()
    assert trainer.get(page).status_code == 404
    assert "Pelatih sedang melihat" not in asked.get("/jht/").text


def test_the_trainer_can_stop_and_asking_again_begins_anew(asked, trainer, page, room):
    agree(asked)
    asked.get("/jht/")
    trainer.post(f"/pelatih/{room.pk}/kursi/1/lihat/")
    anew = Glance.objects.get()
    trainer.post(f"/pelatih/{room.pk}/kursi/1/lihat/", {"berhenti": "1"})

    assert anew.agreed_at is None and anew.html == ""
    assert not Glance.objects.exists()


def test_it_ends_with_the_exercise(asked, trainer, page):
    seat = type(asked.seat).objects.select_related("classroom").get(pk=asked.seat.pk)
    agree(asked)
    run = running.start(seat, read(SAMPLE, "contoh"), "latih", timezone.now())
    asked.get("/ketentuan/")
    during = trainer.get(page).status_code
    running.stop(run)

    assert during == 200
    assert trainer.get(page).status_code == 404
    assert not Glance.objects.exists()


def test_the_page_on_which_the_exercise_ends_is_the_end_of_it(asked):
    seat = type(asked.seat).objects.select_related("classroom").get(pk=asked.seat.pk)
    agree(asked)
    asked.get("/jht/")
    run = running.start(seat, read(SAMPLE, "contoh"), "latih", timezone.now())
    running.stop(run)
    asked.get("/ketentuan/")

    assert not Glance.objects.exists()


@pytest.mark.parametrize("how", ["by the trainer", "by the clock"])
def test_it_ends_with_the_class(asked, trainer, page, room, how):
    agree(asked)
    asked.get("/jht/")
    if how == "by the trainer":
        seating.end(room, timezone.now())
    else:
        type(room).objects.filter(pk=room.pk).update(ends_at=timezone.now())
        seating.sweep(timezone.now())

    assert not Glance.objects.exists()
    assert trainer.get(page).status_code == 404


def test_only_the_last_page_is_kept_and_no_answer_to_a_form(asked, trainer, page):
    agree(asked)
    asked.get("/jht/")
    asked.get("/ketentuan/")
    asked.post("/akun/login/", {"login": "typed@latih.test", "password": "rahasia"})
    asked.get("/kelas/pesan/")
    kept = Glance.objects.get()

    assert kept.path == "/ketentuan/"
    assert "typed@latih.test" not in trainer.get(page).text


def test_only_the_trainer_of_the_class_looks_along(asked, trainer, page, room, client, django_user_model):
    agree(asked)
    asked.get("/jht/")
    room.made_by = django_user_model.objects.create_user("lain@latih.test", is_staff=True)
    room.save()

    assert trainer.get(page).status_code == trainer.get(f"/pelatih/{room.pk}/lihat/1/").status_code == 404
    assert trainer.post(f"/pelatih/{room.pk}/kursi/1/lihat/").status_code == 404
    assert client.get(page).status_code == 302
    assert asked.get(page).status_code == 404


def test_the_frame_is_ours_runs_nothing_and_sends_nothing(asked, trainer, page, room):
    agree(asked)
    asked.get("/jht/")
    frame = trainer.get(page)
    around = trainer.get(f"/pelatih/{room.pk}/lihat/1/")

    assert "script-src 'none'" in frame["Content-Security-Policy"]
    assert "form-action 'none'" in frame["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"] and frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-src 'self'" in around["Content-Security-Policy"]
    assert 'sandbox="allow-same-origin"' in around.text


def test_what_is_kept_holds_no_script_no_token_no_address_and_nothing_typed(asked):
    agree(asked)
    asked.get("/akun/kata-sandi/lupa/")
    html = Glance.objects.get().html

    assert "<h1" in html and "portal.css" in html
    for never in ("<script", "csrfmiddlewaretoken", 'type="hidden"', ' href="/akun', "action=", "onclick", "data-"):
        assert never not in html, never


@pytest.mark.parametrize(
    "page, kept",
    [
        ("<p>A &amp; B &#39;c&#39; &lt;i&gt;</p>", "<p>A &amp; B &#39;c&#39; &lt;i&gt;</p>"),
        ("<textarea id=a rows=2>diketik\n<b></textarea><p>x", '<textarea id="a" rows="2"></textarea><p>x'),
        ("<script>a<b>c</script><p>x", "<p>x"),
        ("<noscript><p>a</p></noscript>b", "b"),
        ("<template><template>a</template>b</template>c", "c"),
        ('<input type="text" value="Budi" name="n" class="x">', '<input type="text" class="x">'),
        ("<option selected value=1>Ya</option>", "<option>Ya</option>"),
        ('<progress value="2" max="5"></progress>', '<progress value="2" max="5"></progress>'),
        ('<a href="javascript:x" onclick=y class="btn">Go</a>', '<a class="btn">Go</a>'),
        ('<svg><use href="/static/a.svg#x"/></svg>', '<svg><use href="/static/a.svg#x"></use></svg>'),
        ('<img src="https://luar.example/x" alt="a">', '<img alt="a">'),
        ('<link rel="stylesheet" href="https://x.example/"><link rel="icon" href="/m">', '<link rel="stylesheet">'),
        ('<meta http-equiv="refresh" content="0;/x"><meta charset="utf-8">', '<meta charset="utf-8">'),
        ("<iframe src=/x></iframe><object data=/x></object>y", "y"),
        ('<div style="x" title="a&quot;b">z</div>', '<div title="a&quot;b">z</div>'),
        ('<div class="x from-trainer"><div>a</div><script>b</script>c</div><p>d</p>', "<p>d</p>"),
        ("<!-- rahasia --><p>x</p>", "<p>x</p>"),
        ("<title>A &amp; B</title>", "<title>A &amp; B</title>"),
    ],
)  # fmt: skip
def test_a_page_becomes_a_picture(page, kept):
    assert glancing.harmless(page) == kept


def test_a_page_that_is_far_too_large_is_not_kept(asked, monkeypatch):
    monkeypatch.setattr(glancing, "LARGEST", 100)
    agree(asked)
    asked.get("/jht/")

    assert "terlalu besar" in Glance.objects.get().html


def test_a_yes_without_a_question_begins_nothing(sit):
    browser = sit("Andi")
    agree(browser)
    browser.get("/")

    assert not Glance.objects.exists()


def test_an_empty_seat_cannot_be_asked(room, trainer):
    page = trainer.post(f"/pelatih/{room.pk}/kursi/1/lihat/", follow=True)

    assert "tidak ada siapa-siapa" in page.text
    assert not Glance.objects.exists()


def test_another_seat_is_asked_nothing_and_can_answer_nothing(asked, sit):
    other = sit("Bela")
    agree(other)

    assert "Bolehkah" not in other.get("/kelas/").text
    assert Glance.objects.get().agreed_at is None


def test_a_visitor_can_answer_nothing(room):
    assert Client().post("/kelas/lihat/", {"jawab": "setuju"})["Location"] == "/kelas/"
