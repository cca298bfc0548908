"""The names by which lessons call things are those of the window."""

from PySide6.QtWidgets import QApplication

from cadl_gui.runs.reader import read_run
from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.shell.lesson_names import names_beside


def test_a_lesson_may_name_every_action_of_the_window(window, tmp_path):
    (tmp_path / "four.json").touch()
    (tmp_path / "folder").mkdir()
    names = names_beside(tmp_path / "own.lesson.md")
    in_window = {action.objectName() for widget in QApplication.allWidgets() for action in widget.actions()}
    row_of_ten = {"teachAction"}  # a key for each class
    assert {f"{key}Action" for key in names.actions} - in_window == row_of_ten
    assert {"eraser", "drawTab", "curtain", "pin", "back", "present"} <= set(names.actions)
    assert names.tabs["Latent"] == "latentTab"
    assert (names.files, [*names.runs]) == (["four.json"], [run.name for run in shipped_runs()])
    for run in shipped_runs():
        assert {*names.runs[run.name]} == {*read_run(run).recorded}
