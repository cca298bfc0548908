"""The names by which lessons call things are those of the window."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from cadl_gui.domain.drawing_form import INK
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.session import Kept
from cadl_gui.domain.view import View
from cadl_gui.engine.sessions import Sessions
from cadl_gui.runs import session
from cadl_gui.runs.reader import read_run
from cadl_gui.system.resources import shipped_run, shipped_runs
from cadl_gui.ui.window.lesson_names import names_beside


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


def test_a_session_beside_a_lesson_is_unpacked_where_asked_and_its_paths_are_not_believed(tmp_path):
    secret = str(tmp_path / "secret.npz")
    view = replace(View(run="id:2"), next=View().next.replace(dataset=secret))
    vae, gone = shipped_run("vae"), "shipped:gone"
    runs = {"id:1": ("a", vae), "id:2": ("b", vae), "id:3": ("b", vae), gone: ("c", None)}
    parts = {"view": view.to_json()}
    session.write_session(tmp_path / "own.cadl", parts, runs, Kept.LAST)
    bad = parts | {f"drawing-{INK.key}": {"strokes": 1}}
    session.write_session(tmp_path / "bad.cadl", bad, runs, Kept.LAST)
    opened = []

    def open_session(path):
        opened.append(path)
        return Sessions(session).open(path, tmp_path / "to")

    names = names_beside(tmp_path / "own.lesson.md", open_session)
    assert opened == [], "a session that no step names is not opened"
    for _ in range(2):
        beside = names.session("own.cadl")
        assert {name: run.key for name, run in beside.runs.items()} == {"a": "id:1", "b": "id:2"}
        assert {run.path.parent for run in beside.runs.values()} == {tmp_path / "to"}
        assert [*beside.runs["a"].kept] == [read_run(vae).recorded[-1]]
        assert (beside.shown, beside.view) == ("b", View(run="id:2"))
    assert opened == [tmp_path / "own.cadl"]
    with pytest.raises(UserError, match=r"“bad\.cadl” holds no drawing-\S+ that can be read\."):
        names.session("bad.cadl")
    with pytest.raises(UserError, match=r"“own\.cadl” cannot be opened here\."):
        names_beside(tmp_path / "own.lesson.md").session("own.cadl")
