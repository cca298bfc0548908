"""Clear for next class: what a class has left goes at once, comes back at once, and runs only if asked."""

from dataclasses import replace

import pytest
from idle import wait_until_idle
from menus import entry
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QComboBox,
    QMessageBox,
    QPushButton,
    QScrollBar,
    QWidget,
)
from trained import train

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.position import UNTRAINED
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import DataView, DrawView, InspectView, LatentView, TrainView, View

pytestmark = pytest.mark.gui
RUNS_FOLDER = "runs"

VAE = preset("vae").config.replace(epochs=1)


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
    told, cleared = [], "Cleared for the next class."
    view.turned.connect(told.append)
    view.change(data=DataView(search="4"), train=TrainView(smoothing=3), inspect=InspectView(view="steps"))
    view.change(next=view.value.next.replace(epochs="7"), at=UNTRAINED, latent=LatentView(path_kind="spline"))
    whole = view.value
    for text, is_cleared in (("Cancel", False), ("Clear", True)):
        entry(window, "clearForNextClass").trigger()
        question = window.findChild(QMessageBox, "clearQuestion")
        assert question.checkBox().text() == "Also move your 2 runs to the trash"
        assert "Undo restores them. Runs stay in the trash." in question.informativeText()
        assert left(view) == before
        answer(qtbot, window, text)
        assert left(view) == ((0, (), [], ()) if is_cleared else before)
        anew = View(runs=whole.runs, run=whole.run, at=whole.at, tab=whole.tab, recent=whole.recent)
        assert view.value == (anew if is_cleared else whole)
    assert find("bentStrip").isHidden()
    assert (view.run, tuple(engine.runs)) == (second, (first, second, third))
    entry(window, "undo").trigger()
    assert view.value == whole
    entry(window, "clearForNextClass").trigger()
    answer(qtbot, window, "Clear", with_runs=True)
    qtbot.waitUntil(lambda: tuple(engine.runs) == (second,))
    said = "The files of 2 runs are in the trash, where you can restore them."
    qtbot.waitUntil(lambda: find("noticeSentence").text() == said)
    assert find("noticeStrip").property("notice") == "information", "it was asked for, and has succeeded"
    assert not first.description.source.exists()
    assert second.description.source.is_dir()
    assert told == [cleared, "Undone: clearing for the next class.", cleared]
    entry(window, "undo").trigger()
    assert left(view)[0] == 2, "the drawings come back, also after the runs have gone"
    assert not find("noticeStrip").isVisible(), "it has been read"
    entry(window, "clearForNextClass").trigger()
    question = window.findChild(QMessageBox, "clearQuestion")
    assert question.checkBox() is None
    question.reject()


CHOSEN = {
    "data": DataView("brightness", 1, True, "duplicates", "mnist", 3),
    "train": TrainView(form=False, log=False, smoothing=5),
    "draw": DrawView("fool", is_logarithmic=True, is_normalised=False, noise=40, has_all_evidence=True),
    "inspect": InspectView(
        "activations", "decoder_1", number=3, colour_map="vik", range="unit", is_sorted=True,
        has_own_scale=True, is_paired=False, speed=1,
    ),
    "latent": LatentView(layers=("points",), path_kind="circle"),
}  # fmt: skip


def controls(window):
    """What the controls of all tabs show, by name."""
    values = {}
    for each in window.findChildren(QWidget):
        match each:
            case QComboBox():
                values[each.objectName()] = each.currentText()
            case QAbstractButton() if each.isCheckable():
                values[each.objectName()] = each.isChecked()
            case QAbstractSlider() if not isinstance(each, QScrollBar):
                values[each.objectName()] = each.value()
    return values


@pytest.mark.slow
def test_after_clearing_the_controls_of_all_tabs_are_as_before_a_class(qtbot, window, engine, find):
    """Draw was left on the section that the class before had opened."""
    train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    train(qtbot, engine, VAE)
    tabs, seen = find("tabs"), []
    for chosen in ({}, CHOSEN, None):
        if chosen is None:
            entry(window, "clearForNextClass").trigger()
            answer(qtbot, window, "Clear")
        else:
            engine.view.change(**chosen, next=engine.view.value.next.replace(epochs=str(len(chosen) + 5)))
        for tab in range(tabs.count()):
            tabs.setCurrentIndex(tab)
            wait_until_idle(engine, window)
        seen.append(controls(window))
    changed = {name for name, value in seen[0].items() if seen[1].get(name) != value}
    assert len(changed) > 12
    assert {name: seen[2].get(name) for name in changed} == {name: seen[0][name] for name in changed}
