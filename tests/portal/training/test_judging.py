"""What an act means in a run: plain values in, a verdict out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.training.runs.judging import Seen, facts_asked, judge, matches, reckon, words_of
from portal.training.scripts.scenario import Condition, Points, Scenario, Step, Wrong

START = datetime(2026, 3, 10, 3, tzinfo=UTC)


def step(code: str, done: Condition, **more) -> Step:
    return Step(code, f"Lakukan {code}.", ("Samar.", "Jelas.", "Persis."), done, (), **more)


def story(*steps: Step, wrongs: tuple[Wrong, ...] = (), points: Points = Points()) -> Scenario:  # noqa: B008 (frozen)
    return Scenario(
        "uji", "Uji", "peserta", "dasar", "budi", 6, "Cerita.", "Tujuan.", {}, (), steps, wrongs, points, ("Bahas.",),
        "saldo", "",
    )  # fmt: skip


def wrong(code: str, when: Condition) -> Wrong:
    return Wrong(code, when, f"Artinya {code}.", ())


def act(kind: str, page: str = "", result: str = "berhasil", minute: float = 1, **detail) -> Seen:
    return Seen(kind, page, result, detail, START + timedelta(minutes=minute))


def play(scenario: Scenario, acts, mode: str = "latih", facts=frozenset()) -> list[Seen]:
    """The acts as they are written down, each judged after those before it."""
    seen: list[Seen] = []
    for one in acts:
        verdict = judge(scenario, mode, seen, one, facts)
        seen.append(replace(one, step=verdict.step, wrong=verdict.wrong))
        if verdict.ends:
            break
    return seen


def open_page(page: str, **more) -> Condition:
    return Condition("buka", (page,), **more)


THREE = story(
    step("masuk", Condition("kirim", ("login",), result="berhasil"), due_minutes=3),
    step("saldo", open_page("saldo")),
    step("rincian", open_page("rincian")),
)
LOGIN, SALDO, RINCIAN = act("kirim", "login"), act("buka", "saldo"), act("buka", "rincian")


# --- Conditions ----------------------------------------------------------------------------------------------
def test_a_page_that_was_refused_or_missing_was_not_opened():
    assert matches(open_page("saldo"), SALDO, "budi")
    assert not matches(open_page("saldo"), act("buka", "saldo", "tidak-ada"), "budi")
    assert matches(open_page("saldo", result="galat"), act("buka", "saldo", "galat"), "budi")


def test_a_form_counts_however_it_ended_unless_the_end_is_asked_for():
    refused = act("kirim", "login", "ditolak", sebab=["kata-sandi"])
    assert matches(Condition("kirim", ("login",)), refused, "budi")
    assert not matches(Condition("kirim", ("login",), result="berhasil"), refused, "budi")
    assert matches(Condition("kirim", ("login",), reasons=("terkunci", "kata-sandi")), refused, "budi")
    assert not matches(Condition("kirim", ("login",), reasons=("terkunci",)), refused, "budi")


def test_others_means_not_the_one_who_is_signed_in():
    others = open_page("rincian", kpj="lain")
    asked = act("buka", "rincian", "tidak-ada", sebagai="budi", kpj="siti")
    assert matches(others, asked, "budi")
    assert matches(open_page("rincian", kpj="siti"), asked, "budi")
    assert not matches(others, act("buka", "rincian", sebagai="budi", kpj="budi"), "budi")
    assert not matches(others, act("buka", "rincian", sebagai="kartu", kpj="kartu_pmi"), "kartu")
    assert not matches(others, act("buka", "saldo", sebagai="budi"), "budi")


def test_a_page_of_the_role_itself_must_have_been_shown():
    hidden = act("buka", "rincian", "tidak-ada", sebagai="budi", kpj="siti", satu_kpj="siti.kpj2")
    for kpj in ("siti", "siti.kpj2"):
        assert not matches(open_page("rincian", kpj=kpj), hidden, "siti")
        assert matches(open_page("rincian", kpj=kpj), hidden, "budi")
        assert matches(open_page("rincian", kpj=kpj, result="tidak-ada"), hidden, "siti")


def test_by_text_others_means_not_the_role():
    others = Condition("sms", ("SALDO",), kpj="lain")
    assert matches(others, act("sms", kata="SALDO", kpj="siti", sebagai="tamu"), "budi")
    assert not matches(others, act("sms", kata="SALDO", kpj="budi", sebagai="siti"), "budi")


def test_one_of_several_kpj_can_be_asked_for():
    told = act("sms", kata="SALDO", kpj="siti", satu_kpj="siti.kpj2")
    assert matches(Condition("sms", ("SALDO",), kpj="siti"), told, "siti")
    assert matches(Condition("sms", ("SALDO",), kpj="siti.kpj2"), told, "siti")
    for other in ("siti.kpj", "siti.kpj3"):
        assert not matches(Condition("sms", ("SALDO",), kpj=other), told, "siti")
    assert not matches(Condition("sms", ("SALDO",), kpj="siti.kpj2"), act("sms", kata="SALDO", kpj="siti"), "siti")


def test_a_simulation_is_asked_for_all_its_regulations_and_for_one_reason_that_they_allow():
    told = act("kirim", "simulasi-klaim", menurut=["permenaker-19-2015"], boleh=["usia-56", "sebagian-10"])
    sent = {"act": "kirim", "what": ("simulasi-klaim",)}
    assert matches(Condition(**sent, by=("permenaker-19-2015",), allows="usia-56"), told, "budi")
    assert not matches(Condition(**sent, by=("permenaker-19-2015", "permenaker-2-2022")), told, "budi")
    assert not matches(Condition(**sent, allows="phk"), told, "budi")
    assert not matches(Condition(**sent, allows="usia-56"), act("kirim", "simulasi-klaim"), "budi")


def test_a_text_that_was_not_sent_is_no_text_of_any_words():
    for words in ("SALDO", "DAFTAR", "KODE", "LAIN"):
        assert not matches(Condition("sms", (words,)), act("sms", result="ditolak", sebab=["lain"]), "budi")


def test_an_account_of_ones_own_is_any_card():
    login = act("kirim", "login", sebagai="kartu")
    for who in ("kartu", "kartu_bpu", "kartu_wna"):
        assert matches(Condition("kirim", ("login",), who=who), login, who)
    assert not matches(Condition("kirim", ("login",), who="budi"), login, "budi")


def test_of_an_answer_of_2757_a_part_is_enough():
    told = act("sms", kata="SALDO", dijawab="Saldo JHT KPJ *******0011 sampai 10-03-2026 Rp1.000.")
    assert matches(Condition("sms", ("SALDO",), answered="saldo jht kpj"), told, "budi")
    assert not matches(Condition("sms", ("SALDO",), answered="tidak terdaftar"), told, "budi")
    assert matches(Condition("sms", ("DAFTAR",)), act("sms", kata="DAFTAR SALDO"), "budi")
    assert not matches(Condition("sms", ("SALDO",)), act("sms", kata="DAFTAR SALDO"), "budi")


def test_the_channel_can_be_asked_for():
    assert matches(open_page("saldo", via="app"), act("buka", "saldo", lewat="app"), "budi")
    assert not matches(open_page("saldo", via="app"), act("buka", "saldo", lewat="web"), "budi")


def test_several_parts_are_done_in_any_order_and_only_together():
    both = story(
        step("dua", Condition("semua", parts=(open_page("saldo"), open_page("kartu")))),
        step("akhir", open_page("profil")),
    )
    for order in (("saldo", "kartu"), ("kartu", "saldo")):
        seen = play(both, [act("buka", page) for page in order])
        assert [one.step for one in seen] == ["", "dua"]


def test_one_of_several_is_enough():
    either = story(
        step("satu", Condition("salah_satu", parts=(open_page("saldo"), open_page("kartu")))),
        step("akhir", open_page("profil")),
    )
    assert [one.step for one in play(either, [act("buka", "kartu")])] == ["satu"]


def test_so_often_means_so_often_in_this_run():
    twice = story(step("dua-kali", open_page("saldo", times=2)), step("akhir", open_page("profil")))
    assert [one.step for one in play(twice, [SALDO, RINCIAN, SALDO])] == ["", "", "dua-kali"]


def test_a_fact_is_looked_at_when_a_step_asks_for_it():
    claim = story(step("ajukan", Condition("keadaan", ("klaim-diajukan",))), step("akhir", open_page("lacak")))
    facts = frozenset({("klaim-diajukan", "budi")})
    assert facts_asked(claim, []) == facts
    seen = play(claim, [act("kirim", "klaim-konfirmasi")], facts=facts)
    assert [one.step for one in seen] == ["ajukan"]
    assert facts_asked(claim, seen) == frozenset()
    about_siti = story(step("siti", Condition("keadaan", ("terhubung",), person="siti")), step("akhir", open_page("x")))
    assert play(about_siti, [LOGIN], facts=frozenset({("terhubung", "budi")}))[0].step == ""


# --- Order, lateness, ends -----------------------------------------------------------------------------------
def test_the_earliest_step_that_is_satisfied_is_done():
    same = story(step("a", open_page("saldo")), step("b", open_page("saldo")), step("c", open_page("profil")))
    assert [one.step for one in play(same, [SALDO, SALDO, SALDO])] == ["a", "b", ""]


def test_steps_may_be_done_out_of_order():
    seen = play(THREE, [SALDO, LOGIN, RINCIAN])
    assert [one.step for one in seen] == ["saldo", "masuk", "rincian"]


def test_the_last_step_ends_the_run_and_leaves_the_others_missed():
    seen = play(THREE, [LOGIN, RINCIAN, SALDO])
    assert [one.step for one in seen] == ["masuk", "rincian"]
    result = reckon(THREE, "latih", seen, START, START, START + timedelta(minutes=1))
    assert [one.state for one in result.steps] == ["selesai", "terlewat", "selesai"]
    assert result.points == 67


def test_late_is_after_its_minutes_where_points_count():
    seen = play(THREE, [act("kirim", "login", minute=3.5), SALDO])
    result = reckon(THREE, "latih", seen, START, START, None)
    assert [one.state for one in result.steps] == ["terlambat", "selesai", "sekarang"]
    assert result.points == 90
    shown = reckon(THREE, "bimbing", seen, START, START, None)
    assert shown.steps[0].state == "selesai" and shown.points is None


# --- Wrong turns ---------------------------------------------------------------------------------------------
def test_a_wrong_turn_with_a_number_is_one_each_time_the_number_is_full():
    thrice = story(
        *THREE.steps, wrongs=(wrong("tiga", Condition("kirim", ("login",), reasons=("kata-sandi",), times=3)),)
    )
    no = act("kirim", "login", "ditolak", sebab=["kata-sandi"])
    assert [one.wrong for one in play(thrice, [no] * 7)] == ["", "", "tiga", "", "", "tiga", ""]


def test_a_wrong_turn_costs_once_however_often_it_was_taken():
    baited = story(*THREE.steps, wrongs=(wrong("umpan", Condition("umpan", ("dibuka", "diisi"))),))
    seen = play(baited, [act("umpan", umpan="dibuka"), act("umpan", umpan="diisi")])
    result = reckon(baited, "latih", seen, START, START, None)
    assert [(one.wrong.code, one.times) for one in result.wrongs] == [("umpan", 2)]
    assert result.points == 90


def test_an_answer_is_judged_for_its_own_question():
    asks = story(
        step("satu", Condition("jawab", ("b",)), question="?", choices={"a": "A", "b": "B"}),
        step("dua", Condition("jawab", ("a",)), question="?", choices={"a": "A", "b": "B"}),
        wrongs=(wrong("mengira-a", Condition("jawab", ("a",))),),
    )
    seen = play(asks, [act("jawab", jawab="a", langkah="satu"), act("jawab", jawab="b", langkah="satu"),
                       act("jawab", jawab="a", langkah="dua")])  # fmt: skip
    assert [(one.step, one.wrong) for one in seen] == [("", "mengira-a"), ("satu", ""), ("dua", "")]
    result = reckon(asks, "latih", seen, START, START, START)
    assert result.points == 90  # the wrong turn; the answer itself is not paid for twice


@pytest.mark.parametrize(("mode", "answer"), [("latih", "b"), ("bimbing", "b"), ("uji", "b"), ("uji", "a")])
def test_an_answer_before_its_time_ends_nothing_that_is_still_open(mode, answer):
    asks = story(
        step("masuk", Condition("buka", ("login",))),
        step("tanya", Condition("jawab", ("b",)), question="?", choices={"a": "A", "b": "B"}),
    )
    early = act("jawab", jawab=answer, langkah="tanya")
    assert not judge(asks, mode, [], early).ends
    before = play(asks, [early], mode)
    assert judge(asks, mode, before, act("buka", "login")).ends


def test_hints_of_the_trainer_cost_nothing():
    seen = [act("petunjuk", langkah="masuk", nomor=1, dari="pelatih"), act("petunjuk", langkah="masuk", nomor=2)]
    result = reckon(THREE, "latih", seen, START, START, None)
    assert result.steps[0].hints == ("Samar.", "Jelas.") and result.hint_count == 1
    assert result.points == 95


def test_of_a_text_only_how_it_begins_is_kept():
    assert words_of("DAFTAR SALDO#4971011503880001#15-03-1988#49000000011") == "DAFTAR SALDO"
    assert words_of("Nama saya Budi Santoso") == "LAIN"
    assert words_of("Ini kodenya: 048213") == "KODE"


# --- Whatever is done ----------------------------------------------------------------------------------------
PAGES = some.sampled_from(["login", "saldo", "rincian", "kartu", "profil"])
ACTS = some.builds(
    act,
    some.sampled_from(["buka", "kirim", "sms", "jawab", "umpan", "petunjuk", "gangguan"]),
    PAGES,
    some.sampled_from(["berhasil", "ditolak", "tidak-ada", "galat"]),
    some.floats(0, 120),
    sebagai=some.sampled_from(["budi", "siti", "kartu", "tamu"]),
    kpj=some.sampled_from(["", "budi", "siti", "lain"]),
    kata=some.sampled_from(["SALDO", "DAFTAR SALDO", "LAIN"]),
    jawab=some.sampled_from(["a", "b"]),
    langkah=some.sampled_from(["masuk", "saldo"]),
)
WITH_WRONGS = replace(
    THREE,
    wrongs=(wrong("lain", open_page("rincian", kpj="lain")), wrong("gagal", Condition("kirim", ("login",), times=2))),
)


@given(some.lists(ACTS, max_size=30), some.sampled_from(["latih", "uji", "bimbing", "tunjukkan"]))
def test_whatever_is_done_a_step_is_done_once_and_points_stay_between_0_and_100(acts, mode):
    seen = play(WITH_WRONGS, acts, mode)
    done = [one.step for one in seen if one.step]
    assert len(done) == len(set(done))
    assert "rincian" not in done[:-1]  # the last step ends the run
    result = reckon(WITH_WRONGS, mode, seen, START, START + timedelta(hours=2), None)
    assert {one.step.code for one in result.steps if one.is_done} == set(done)
    assert sum(one.state == "sekarang" for one in result.steps) <= 1
    assert (result.points is None) == (mode in ("bimbing", "tunjukkan"))
    assert result.points is None or 0 <= result.points <= 100


@given(some.lists(ACTS, max_size=20))
def test_more_acts_never_undo_a_step_or_a_wrong_turn(acts):
    seen = play(WITH_WRONGS, acts)
    for length in range(len(seen)):
        before = reckon(WITH_WRONGS, "latih", seen[:length], START, START, None)
        after = reckon(WITH_WRONGS, "latih", seen[: length + 1], START, START, None)
        assert after.done_count >= before.done_count and len(after.wrongs) >= len(before.wrongs)
