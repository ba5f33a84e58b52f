"""What is written down of a Simulasi klaim: what it told, never what was typed."""

from jht.models import Reason, Regulation
from portal.training.runs import simulated
from portal.training.scripts import vocabulary
from tests.portal.training.conftest import TODAY, play
from tests.portal.training.test_recording import last, told
from tests.portal.training.test_running import kpj_of


def simulate(browser, **asked) -> dict:
    form = {"tanggal": f"{TODAY:%d-%m-%Y}", "alasan": "", "kpj": kpj_of(browser, "hendra")}
    browser.get("/jht/simulasi/klaim/", form | asked)
    assert told(browser) == ("kirim", "simulasi-klaim", "berhasil")
    return last(browser).detail


def test_a_simulation_is_told_with_whose_it_is_its_regulations_and_what_they_allow(real_clock, sit):
    browser = play(sit(), "hendra")

    today = simulate(browser)
    assert (today["kpj"], today["menurut"]) == ("hendra", ["permenaker-4-2022"])
    assert "usia-56" not in today["boleh"] and "sebagian-10" in today["boleh"]
    assert simulate(browser, tanggal="18-04-2026")["boleh"] == []  # a day that has not come here
    then = simulate(browser, tanggal="15-03-2022", banding_peraturan="permenaker-2-2022")
    assert then["menurut"] == ["permenaker-19-2015", "permenaker-2-2022"]
    assert simulate(browser, peraturan="permenaker-19-2015")["menurut"] == []  # no longer in force today

    browser.post("/kelas/jam/", {"ke": "umur-hendra"})
    play(browser, "hendra")
    assert "usia-56" in simulate(browser, tanggal="17-04-2026")["boleh"]


def test_every_reason_and_regulation_of_the_law_has_its_word(room):
    assert {*simulated.WORDS} == {*Reason} and {*simulated.WORDS.values()} == {*vocabulary.CLAIM_REASONS}
    assert {*Regulation.objects.values_list("code", flat=True)} == {*vocabulary.REGULATIONS}
