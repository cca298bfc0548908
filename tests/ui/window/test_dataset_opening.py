"""Datasets are opened, prepared, cancelled and trained on by turns; each time only the last one counts."""

import threading
from functools import partial

import numpy as np
import pytest
from hand import drop
from held import holding
from menus import entry
from next_settings import set_next
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from cadl_gui.datasets.sources import SOURCES
from cadl_gui.domain.dataset_source import DatasetScan, DatasetSource, PreparingProgress, Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.import_report import ImportReport
from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui


class HeldScan(DatasetScan):
    """Ten images that are prepared once they may be."""

    def __init__(self, path, options, may_prepare):
        self.path, self.options, self.preview = path, options, Preview(10, (8, 8, 3), ())
        self._may_prepare = may_prepare

    def prepare(self, workers=None):
        yield PreparingProgress(4, 10)
        while not self._may_prepare.wait(0.01):
            yield PreparingProgress(4, 10)
        return ImportReport().plus(10)


@pytest.fixture
def may():
    """What the test may hold: the look at a file, and its preparation."""
    may = {name: threading.Event() for name in ("look", "prepare")}
    for event in may.values():
        event.set()
    return may


@pytest.fixture
def dataset_sources(may):
    def recognises(path):
        # The window's own thread looks at the name alone.
        is_looked_at = threading.current_thread() is not threading.main_thread()
        assert not is_looked_at or may["look"].wait(60)
        if is_looked_at and path.name == "gone.slow":
            raise DatasetError("“gone.slow” is gone.")
        return path.suffix == ".slow"

    slow = DatasetSource(
        title="slow",
        help="Takes its time.",
        patterns=("*.slow",),
        recognises=recognises,
        preview=lambda _: Preview(10, (8, 8, 3), ()),
        scan=partial(HeldScan, may_prepare=may["prepare"]),
    )
    return (slow, *SOURCES)


@pytest.fixture
def paths(tmp_path):
    """Two datasets that have to be prepared, two that are opened as they are, and a damaged one."""
    paths = {name: tmp_path / name for name in ("a.slow", "b.slow", "c.npz", "d.npz", "bad.npz")}
    for name in ("a.slow", "b.slow", "bad.npz"):
        paths[name].write_text("damaged")
    for n, name in enumerate(("c.npz", "d.npz")):
        np.savez(paths[name], images=np.zeros((20 + n, 6, 5, 1), np.uint8), labels=np.arange(20 + n) % 2)
    return paths


@pytest.fixture
def dialog(qtbot, window):
    """Waits for the dialog that is open, once it has looked for images."""

    def dialog():
        def opened():
            return [each for each in window.findChildren(QDialog, "prepareDialog") if each.isVisible()]

        qtbot.waitUntil(lambda: len(opened()) == 1)
        (found,) = opened()
        qtbot.waitUntil(found.findChild(QWidget, "prepareStartButton").isEnabled)
        return found

    return dialog


@pytest.fixture
def next_dataset(engine):
    return lambda: engine.view.value.next["dataset"]


def press(dialog, name):
    QTest.mouseClick(dialog.findChild(QWidget, f"prepare{name}Button"), Qt.MouseButton.LeftButton)


def titles(window):
    return [
        each.findChild(QLabel, "prepareTitle").text()
        for each in window.findChildren(QDialog, "prepareDialog")
        if each.isVisible()
    ]


def test_what_is_prepared_is_shown_if_it_was_opened_to_be_looked_at_and_not_if_it_is_to_be_trained(
    qtbot, window, find, engine, paths, dialog, next_dataset
):
    """The window leapt to Data when what was to be trained on had been prepared."""
    tabs = find("tabs")
    for name, way, tab in (
        ("a.slow", "drop", "dataTab"),
        ("b.slow", "train", "trainTab"),
        ("a.slow", "drop", "dataTab"),
        ("b.slow", "race", "trainTab"),
        ("a.slow", "drop", "dataTab"),
    ):
        tabs.setCurrentWidget(find("trainTab"))
        if way == "drop":
            set_next(engine, preset("vae").config)
            assert drop(window, paths[name])
        else:
            set_next(engine, preset("vae").config.replace(dataset=str(paths[name]), batch_size=2))
            entry(window, way).trigger()
            if way == "race":
                find("raceBeginButton").click()
        press(dialog(), "Start")
        notice = f"Added “{name}”: 10 images opened."
        qtbot.waitUntil(lambda notice=notice: find("noticeStrip").message() == notice)
        assert tabs.currentWidget() is find(tab), (name, way)
        qtbot.waitUntil(lambda name=name: next_dataset() == str(paths[name]))
        assert (titles(window), len(engine.runs)) == ([], 0)


def test_of_datasets_opened_one_after_the_other_the_last_one_counts(
    qtbot, window, find, engine, paths, may, dialog, next_dataset
):
    for first, last in (("c.npz", "d.npz"), ("a.slow", "c.npz"), ("d.npz", "mnist"), ("a.slow", "b.slow")):
        n_opened = engine.opened_datasets.n_opened
        with holding(may["look"]):
            assert drop(window, paths[first])
            open_last(window, find, paths, last)
        if last == "b.slow":
            dialog()
            assert titles(window) == ["b.slow"]
            assert drop(window, paths["a.slow"])
            qtbot.waitUntil(lambda: titles(window) == ["a.slow"])
            assert engine.opened_datasets.n_opened == n_opened
            continue
        wanted = str(paths.get(last, last))
        qtbot.waitUntil(lambda wanted=wanted: next_dataset() == wanted)
        qtbot.waitUntil(lambda: engine.jobs.is_idle)
        assert (next_dataset(), engine.opened_datasets.n_opened) == (wanted, n_opened + 1)
        assert titles(window) == []
        assert window.statusBar().currentMessage() == ""


def open_last(window, find, paths, name):
    if name != "mnist":
        assert drop(window, paths[name])
        return
    menu = find("openSourceButton").menu()
    next(action for action in menu.actions() if action.data() == "mnist").trigger()


def test_a_look_gives_way_to_train_and_train_to_a_look(
    qtbot, window, find, engine, backends, paths, may, dialog, next_dataset
):
    set_next(engine, preset("softmax").config.replace(epochs=1))
    for n in (1, 2):
        with holding(may["look"]):
            assert drop(window, paths["a.slow"])
            entry(window, "train").trigger()
            qtbot.waitUntil(lambda n=n: len(engine.runs) == n and engine.is_ready)
        qtbot.waitUntil(lambda: engine.jobs.is_idle and not engine.training.n_under_way)
        assert (titles(window), next_dataset()) == ([], "mnist")
    set_next(engine, dataset=str(paths["b.slow"]), batch_size="2")
    with holding(may["look"]):
        entry(window, "train").trigger()
        assert drop(window, paths["c.npz"])
    qtbot.waitUntil(lambda: next_dataset() == str(paths["c.npz"]))
    qtbot.waitUntil(lambda: engine.jobs.is_idle)
    assert (titles(window), len(engine.runs)) == ([], 2)


def test_what_was_cancelled_is_neither_opened_nor_in_the_way_of_the_next(
    qtbot, window, find, engine, paths, may, dialog, next_dataset
):
    status = find("prepareStatusButton")
    with holding(may["prepare"]):
        for name in ("a.slow", "b.slow"):
            assert drop(window, paths[name])
            press(dialog(), "Cancel")
            assert drop(window, paths[name])
            press(dialog(), "Start")
            qtbot.waitUntil(status.isVisible)
            press(window.findChildren(QDialog, "prepareDialog")[-1], "Cancel")
            qtbot.waitUntil(lambda: not status.isVisible())
            press(dialog(), "Cancel")
            assert (titles(window), next_dataset()) == ([], "mnist")
            status.click()
            assert titles(window) == [], "it was closed"
        assert drop(window, paths["bad.npz"])
        qtbot.waitUntil(lambda: "bad.npz" in find("noticeStrip").message())
        assert (next_dataset(), engine.opened_datasets.n_opened) == ("mnist", 0)
        assert window.statusBar().currentMessage() == ""
    assert drop(window, paths["a.slow"])
    press(dialog(), "Start")
    qtbot.waitUntil(lambda: next_dataset() == str(paths["a.slow"]))


def test_what_cannot_be_looked_at_is_said_unless_it_is_wanted_no_more_and_left_to_train(
    qtbot, window, find, engine, backends, paths, may, next_dataset, tmp_path
):
    gone, notice = tmp_path / "gone.slow", find("noticeStrip")
    gone.touch()
    for name in ("c.npz", "d.npz"):
        with holding(may["look"]):
            assert drop(window, gone)
            assert drop(window, paths[name])
        qtbot.waitUntil(lambda name=name: next_dataset() == str(paths[name]))
        qtbot.waitUntil(lambda: engine.jobs.is_idle)
        assert notice.message() == ""
    assert drop(window, gone)
    qtbot.waitUntil(lambda: notice.message() == "“gone.slow” is gone.")
    assert next_dataset() == str(paths["d.npz"])
    set_next(engine, preset("softmax").config.replace(dataset=str(gone)))
    entry(window, "train").trigger()
    qtbot.waitUntil(lambda: len(backends[0].requests) == 1)
    assert backends[0].requests[0].config.data.dataset == str(gone)
