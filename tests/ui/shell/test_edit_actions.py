"""Clear for next class: what a class has left goes at once, comes back at once, and runs only if asked."""

from dataclasses import replace

import pytest
from menus import entry
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from trained import train

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import DataView

pytestmark = pytest.mark.gui

VAE = preset("vae").config.replace(epochs=1)


@pytest.fixture
def runs_folder(tmp_path):
    """Runs are stored in folders here."""
    return tmp_path / "runs"


@pytest.fixture
def class_over(qtbot, engine, window, tmp_path):
    """Three runs, the second of which lies elsewhere, and what a class has left; returns the parts of it."""
    (tmp_path / "home" / "data").mkdir(parents=True)  # where the system keeps the trash
    runs = [train(qtbot, engine, VAE) for _ in range(3)]
    for run in runs:
        run.description.source.mkdir(parents=True)
        (run.description.source / "run.json").write_bytes(bytes(2_000_000))
    elsewhere = runs[1].description.source.rename(tmp_path / "elsewhere")
    runs[1].description = replace(runs[1].description, source=elsewhere)
    view, (first, second, third) = engine.view, map(engine.runs.key, runs)
    stroke = Stroke((Point(0.25, 0.5),), 0.1)
    sheets = {"28x28x1-dark": Drawing((stroke,)), "9x7x3-light": Drawing((stroke, stroke))}
    view.change(draw=replace(view.value.draw, sheets=sheets, noise=30))
    view.change(of_run=view.value.with_run(first, pins=((0.5, 1.0, 1),), z=(0.25, -1.0)))
    view.change(of_run=view.value.with_run(third, bends=scaled((), Part("encoder_1", 3), 0.5)))
    view.change(compared=(third, second), run=second)
    return runs


def left(view):
    """What a class has left: drawings, pins, bends and compared runs."""
    value = view.value
    of_runs = [
        (key, chosen.pins, chosen.bends) for key, chosen in value.of_run.items() if chosen.pins + chosen.bends
    ]
    return len(value.draw.sheets), value.draw.labelled, sorted(of_runs), value.compared


def answer(qtbot, window, text, *, with_runs=False):
    """Answer the question by one of its buttons; returns what its box offers."""
    question = window.findChild(QMessageBox, "clearQuestion")
    box = question.checkBox()
    box.setChecked(with_runs)
    (button,) = (button for button in question.findChildren(QPushButton) if button.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "clearQuestion") is None)


def test_what_a_class_has_left_is_cleared_once_confirmed_comes_back_and_its_runs_go_only_if_ticked(
    qtbot, window, find, engine, class_over
):
    view, (first, second, third), before = engine.view, class_over, left(engine.view)
    view.change(data=DataView(search="4"))
    for text, is_cleared in (("Cancel", False), ("Clear", True)):
        entry(window, "clearForNextClass").trigger()
        assert (
            window.findChild(QMessageBox, "clearQuestion").checkBox().text()
            == "Also move your 2 runs to the trash"
        )
        assert left(view) == before
        answer(qtbot, window, text)
        assert left(view) == ((0, (), [], ()) if is_cleared else before)
        assert view.value.data.search == ("" if is_cleared else "4")
    assert find("bentStrip").isHidden()
    assert (view.run, tuple(engine.runs)) == (second, (first, second, third))
    entry(window, "undo").trigger()
    assert (left(view), view.value.data.search) == (before, "4")
    entry(window, "clearForNextClass").trigger()
    answer(qtbot, window, "Clear", with_runs=True)
    qtbot.waitUntil(lambda: tuple(engine.runs) == (second,))
    said = "The files of your 2 runs are in the trash, where you can restore them."
    qtbot.waitUntil(lambda: find("noticeSentence").text() == said)
    assert not first.description.source.exists()
    assert second.description.source.is_dir()
    entry(window, "undo").trigger()
    assert left(view)[0] == 2, "the drawings come back, also after the runs have gone"
