"""Each new run has its own folder, whatever its name."""

import re

import pytest

from cadl_gui.engine.new_folder import as_file_name, new_run_folder


@pytest.mark.parametrize(
    ("name", "called"), [("vae from epoch 3", "vae from epoch 3"), ('a/b:c\\"d".', "a-b-c--d-")]
)
def test_folder_is_named_for_the_time_and_the_run(tmp_path, name, called):
    folder = new_run_folder(tmp_path, name)
    assert folder.parent == tmp_path
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d-\d\d-\d\d " + re.escape(called), folder.name)


@pytest.mark.parametrize("letter", ["é", "字", "🂡"])
def test_a_long_name_in_any_script_is_one_that_can_be_created(tmp_path, letter):
    """File systems count bytes, of which such letters take up to four."""
    folder = new_run_folder(tmp_path, letter * 80)
    folder.mkdir()
    assert set(folder.name.split()[-1]) == {letter}
    (tmp_path / f".part-01234567-{as_file_name(letter * 80)} 2.keras").touch()


def test_two_that_begin_in_the_same_second_have_two(tmp_path):
    folders = set()
    for _ in range(3):
        folder = new_run_folder(tmp_path, "vae")
        folder.mkdir()
        folders.add(folder)
    assert len(folders) == 3
