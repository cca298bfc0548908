"""Each new run has its own folder, whatever its name."""

import re

import pytest

from cadl_gui.engine.new_folder import new_run_folder


@pytest.mark.parametrize(
    ("name", "called"), [("vae from epoch 3", "vae from epoch 3"), ('a/b:c\\"d".', "a-b-c--d-")]
)
def test_it_is_named_for_the_time_and_the_run(tmp_path, name, called):
    folder = new_run_folder(tmp_path, name)
    assert folder.parent == tmp_path
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d-\d\d-\d\d " + re.escape(called), folder.name)


def test_two_that_begin_in_the_same_second_have_two(tmp_path):
    folders = set()
    for _ in range(3):
        folder = new_run_folder(tmp_path, "vae")
        folder.mkdir()
        folders.add(folder)
    assert len(folders) == 3
