"""The handbook says what the room does: its generated parts are those that the data make."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from portal.training.scripts import handbook
from portal.training.trouble.faults import FAULTS

TEXT = (settings.BASE_DIR / "docs" / "pelatih.md").read_text("utf-8")


@pytest.fixture
def copy(tmp_path):
    """A copy of the handbook with one line of it put wrong."""
    path = tmp_path / "pelatih.md"
    path.write_text(TEXT.replace("Surat terlambat", "Surat entah ke mana"), "utf-8")
    return path


def test_the_handbook_is_up_to_date():
    call_command("handbook", "--check")


def test_a_stale_part_is_named(copy):
    with pytest.raises(CommandError, match="gangguan"):
        call_command("handbook", "--check", f"--file={copy}")


def test_a_stale_part_is_written_anew_and_the_rest_stays(copy):
    call_command("handbook", f"--file={copy}")
    assert copy.read_text("utf-8") == TEXT


def test_a_missing_place_is_told_in_a_sentence(copy):
    copy.write_text(TEXT.replace("<!-- dihasilkan: jam -->", ""), "utf-8")
    with pytest.raises(CommandError, match="tepat sekali: jam"):
        call_command("handbook", f"--file={copy}")


def test_every_scenario_fault_and_magic_value_is_in_it():
    for scenario in handbook.scenarios():
        assert f'<a id="{scenario.slug}"></a>{scenario.title}' in TEXT
        assert all(wrong.meaning in TEXT for wrong in scenario.wrongs)
    for fault in FAULTS.values():
        assert f"`{fault.id}`" in TEXT
        assert all(value.replace("|", "\\|") in TEXT for value in fault.magic)


def test_no_placeholder_is_left_in_it():
    assert not [name for name in handbook.values.PLACEHOLDER.findall(TEXT) if name]


def test_no_picture_is_missing():
    shown = handbook.re.findall(r"\]\((gambar/[^)]+)\)", TEXT)
    assert shown
    assert all((settings.BASE_DIR / "docs" / name).is_file() for name in shown)
