"""A run's name is determined without reading the run, and always exists."""

import os

import pytest

from cadl_gui.domain.run_name import has_begun, is_run_folder, name_of_run


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"name": "my vae"}', "my vae"),
        ('{"name": "' + 500 * "x" + '"}', 80 * "x"),
        ('{"name": 3}', "folder"),
        ('{"name": ""}', "folder"),
        ("{}", "folder"),
        ("[]", "folder"),
        ("{", "folder"),
        ("[" * 100_000, "folder"),
        ("\xff", "folder"),
    ],
)
def test_a_run_is_named_after_its_manifest_or_its_folder(tmp_path, text, name):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "run.json").write_text(text, encoding="latin-1")
    assert is_run_folder(folder)
    assert name_of_run(folder) == name


def test_other_files_are_named_after_themselves(tmp_path):
    assert name_of_run(tmp_path / "mine.keras") == "mine"
    assert name_of_run(tmp_path / ("x" * 300)) == "x" * 300  # which the system refuses to look for
    tmp_path.joinpath("empty").mkdir()
    assert name_of_run(tmp_path / "empty") == "empty"
    assert not is_run_folder(tmp_path / "empty")
    assert not has_begun(tmp_path / "empty")


@pytest.mark.parametrize(("history", "begun"), [(None, False), ("", False), ('{"kind": "epoch"}', True)])
def test_a_run_has_begun_once_its_history_reports_something(tmp_path, history, begun):
    if history is not None:
        (tmp_path / "history.jsonl").write_text(history)
    assert has_begun(tmp_path) == begun


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in its file system")
def test_a_pipe_does_not_keep_the_window_waiting(tmp_path):
    os.mkfifo(tmp_path / "run.json")
    assert name_of_run(tmp_path) == tmp_path.name
