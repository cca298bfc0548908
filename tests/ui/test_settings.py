"""Settings that are set several times: each keeps what was set last, and leaves the others alone."""

import pytest
from menus import recent_files

from cadl_gui.ui.settings import FileKind, Settings

pytestmark = pytest.mark.gui


def test_the_ten_files_used_last_are_the_recent_ones_newest_first(settings):
    """Once ten were listed, a file that was opened never appeared among them."""
    for n in range(13):
        settings.add_recent(f"/f{n}")
    assert settings.recent == [f"/f{n}" for n in range(12, 2, -1)]
    for again in ("/f3", "/f12", "/f12", "/f7"):
        settings.add_recent(again)
    assert settings.recent == [f"/f{n}" for n in (7, 12, 3, 11, 10, 9, 8, 6, 5, 4)]
    settings.add_recent("/f13")
    assert Settings().recent == [f"/f{n}" for n in (13, 7, 12, 3, 11, 10, 9, 8, 6, 5)]


def test_the_menu_lists_those_recent_files_that_are_there_by_now(window, settings, tmp_path):
    paths = [tmp_path / f"{n}.keras" for n in range(3)]

    def listed():
        return [entry.text().partition(".keras")[0][-1] for entry in recent_files(window)]

    for path in paths:
        path.touch()
        settings.add_recent(str(path))
    assert listed() == ["2", "1", "0"]
    paths[1].unlink()
    assert listed() == ["2", "0"]
    paths[1].touch()
    settings.add_recent(str(paths[0]))
    assert listed() == ["0", "2", "1"]


def test_each_kind_of_file_has_a_folder_of_its_own_as_long_as_it_is_there(settings, tmp_path):
    folders = {kind: tmp_path / kind for kind in FileKind}
    assert [settings.folder_of(kind) for kind in FileKind] == len(FileKind) * [None]
    for kind, folder in folders.items():
        folder.mkdir()
        settings.remember_folder(kind, tmp_path)
        settings.remember_folder(kind, folder)
    assert {kind: Settings().folder_of(kind) for kind in FileKind} == folders
    folders[FileKind.IMAGE].rmdir()
    folders[FileKind.IMAGE].touch()
    assert settings.folder_of(FileKind.IMAGE) is None
    folders[FileKind.IMAGE].unlink()
    assert settings.folder_of(FileKind.IMAGE) is None
    folders[FileKind.IMAGE].mkdir()
    assert {kind: settings.folder_of(kind) for kind in FileKind} == folders


def test_a_setting_is_what_was_set_last_here_and_at_the_next_start(settings):
    names = "theme_mode", "reduce_motion", "details", "brush", "replay_rate"
    assert [getattr(settings, name) for name in names] == ["system", False, False, None, 2]
    for values in (
        ["dark", True, False, 1, 60], ["light", False, True, 100, 1], ["system", True, False, 7, 12]
    ):  # fmt: skip
        for name, value in zip(names, values, strict=True):
            setattr(settings, name, value)
        for each in (settings, Settings()):
            assert [getattr(each, name) for name in names] == values
