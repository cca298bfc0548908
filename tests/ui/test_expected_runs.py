"""Runs are listed at once at the start, and completed as they are read."""

import json
import threading
from dataclasses import replace

import pytest
from fakes import FakeInference, description
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from shown_view import store_view, stored_view

from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.runs.manifest import Manifest, manifest_to_json
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.tab_page import TabPage
from cadl_gui.ui.window.main_window import MainWindow
from cadl_gui.ui.work_store import key_of

pytestmark = pytest.mark.gui

LEFT = Qt.MouseButton.LeftButton
CONFIGURATION = preset("vae").config


@pytest.fixture
def made(tmp_path):
    """Creates a run folder with a manifest and, if the run has begun, an empty history."""

    def made(name, *, has_begun=True):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        manifest = Manifest(**description("", CONFIGURATION, name=name).info)
        (folder / "run.json").write_text(json.dumps(manifest_to_json(manifest)))
        if has_begun:
            (folder / "history.jsonl").write_text("{}")
        return folder

    return made


@pytest.fixture
def open_window(qtbot, qapp, theme, settings, tmp_path):
    """Opens a window whose engine is not loaded yet."""

    def open_window(engine):
        window = MainWindow(engine, theme, Settings(), "", tmp_path / "work")
        qtbot.addWidget(window)
        window.resize(1440, 900)
        window.show()
        qtbot.waitExposed(window)
        return window

    return open_window


def rows(window):
    """The accessible texts of all rows."""
    model = window.findChild(object, "runList").model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def click_row(qtbot, window, row):
    runs = window.findChild(object, "runList")
    qtbot.mouseClick(runs.viewport(), LEFT, pos=runs.visualRect(runs.model().index(row, 0)).center())


def test_runs_are_listed_by_name_and_letter_before_tensorflow_is_there(qtbot, engine, open_window, made):
    window = open_window(engine)
    engine.runs.open(made("mine"))
    engine.runs.open(made("other"))
    assert rows(window) == ["A mine, loading", "B other, loading"]
    engine.load()
    qtbot.waitUntil(lambda: len(engine.runs) == 2)
    assert [row[:2] for row in rows(window)] == ["A ", "B "]
    assert not any("loading" in row for row in rows(window))
    click_row(qtbot, window, 0)
    assert engine.view.run is engine.runs[0]


def test_runs_are_listed_before_the_window_is_complete(qtbot, engine, open_window, made):
    """They used to be painted only after the libraries of the other tabs were imported."""
    window = open_window(engine)
    listed = window.findChild(object, "runList")
    painted = Painted(listed.viewport(), lambda: len(window.findChildren(TabPage)))
    engine.runs.open(made("mine"))
    window.complete_between_frames()
    qtbot.waitUntil(lambda: len(window.findChildren(TabPage)) >= 4)
    assert painted.reported[0] <= 2, "with the first page alone or, on a busy machine, the second"


def test_tabs_that_are_built_after_a_run_was_read_show_it(qtbot, backends, open_window, made):
    """Run folders are read without TensorFlow, sooner than the tabs are built."""
    engine = Engine(*(lambda each=each: each for each in backends), None, read_early=backends[0].open)
    window = open_window(engine)
    engine.start()
    engine.runs.open(made("mine"))
    qtbot.waitUntil(lambda: engine.view.run is not None)
    window.complete()
    window.findChild(object, "tabs").setCurrentWidget(window.findChild(object, "drawTab"))
    QTest.mouseClick(window.findChild(object, "digitCanvas"), LEFT)
    qtbot.waitUntil(lambda: window.findChild(object, "drawingReconstruction").images is not None)
    assert not engine.is_ready
    window.close()
    assert engine.shut_down(60_000)


class Painted(QObject):
    """Records the result of a function during paint events."""

    def __init__(self, widget, question):
        super().__init__(widget)
        self.reported, self._question = [], question
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.reported.append(self._question())
        return False


def test_a_click_on_a_run_that_is_still_loading_says_so(qtbot, engine, open_window, made):
    window = open_window(engine)
    engine.runs.open(made("mine"))
    window.findChild(object, "runList").setFocus()
    assert window.statusBar().currentMessage() == ""
    click_row(qtbot, window, 0)
    assert window.statusBar().currentMessage() == "A mine can be shown once TensorFlow has loaded."
    assert engine.view.run is None
    assert not window.findChild(object, "runList").currentIndex().isValid()


def test_without_tensorflow_runs_stay_listed_and_are_not_forgotten(qtbot, open_window, made, tmp_path):
    def missing():
        raise ImportError("no TensorFlow here")

    folder = made("mine")
    store_view(tmp_path, runs=(str(folder),))
    engine = Engine(missing, FakeInference, runs_folder=None)
    window = open_window(engine)
    window.open_again([])
    engine.load()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.UNAVAILABLE)
    assert rows(window) == ["A mine, not loaded"]
    click_row(qtbot, window, 0)
    assert "cannot be shown: TensorFlow could not be loaded" in window.statusBar().currentMessage()
    window.close()
    assert stored_view(tmp_path).runs == (str(folder),)
    assert engine.shut_down(60_000)


def test_what_could_not_be_read_leaves_the_list_and_the_others_keep_their_letters(
    qtbot, engine, open_window, made, tmp_path
):
    window = open_window(engine)
    engine.runs.open(tmp_path / "gone.keras")
    engine.runs.open(made("mine"))
    assert rows(window) == ["A gone, loading", "B mine, loading"]
    with qtbot.waitSignal(engine.notifications.failed):
        engine.load()
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
    assert [run.letter for run in engine.runs] == ["B"]
    assert len(rows(window)) == 1


def test_a_training_that_was_closed_before_it_had_begun_is_not_listed_next_time(
    open_window, made, tmp_path, engine
):
    """It is removed once TensorFlow is loaded; opening it would be an error."""
    store_view(tmp_path, runs=(str(made("runs/begun", has_begun=False)), str(made("runs/kept"))))
    window = open_window(engine)
    window.open_again([])
    assert [run.path.name for run in engine.runs.listed] == ["kept"]


def test_a_training_that_was_starting_when_the_window_closed_is_listed_next_time(
    qtbot, backends, open_window, made, settings, tmp_path
):
    engines = [Engine(*(lambda each=each: each for each in backends), tmp_path / "runs") for _ in range(2)]
    first = open_window(engines[0])
    engines[0].load()
    qtbot.waitUntil(lambda: engines[0].is_ready)
    engines[0].view.change(at=UNTRAINED)  # of the run that was shown before
    first.findChild(object, "trainButton").click()
    assert engines[0].training.state is TrainingState.STARTING
    first.close()
    assert engines[0].shut_down(60_000)
    assert stored_view(tmp_path).at is None
    made(f"runs/{backends[0].requests[0].folder.name}")  # as the training had made it
    second = open_window(engines[1])
    second.open_again([])
    assert len(rows(second)) == 1


def test_a_run_that_was_clicked_meanwhile_stays(qtbot, engine, open_window, made):
    """The run of the last session took its place as soon as it was read, up to seconds later."""
    window = open_window(engine)
    engine.load()
    engine.runs.open(made("first"))
    engine.runs.open(made("second"))
    qtbot.waitUntil(lambda: len(engine.runs) == 2 and engine.view.run is engine.runs[1])
    engine.runs.open(made("later"))
    click_row(qtbot, window, 0)
    qtbot.waitUntil(lambda: len(engine.runs) == 3)
    assert engine.view.run is engine.runs[0]
    engine.runs.open(engine.runs[2].description.source)
    assert engine.view.run is engine.runs[2], "it is asked for again"


def press_in(window, name):
    """Click in the middle of a widget as the window system does: the window is told, not the widget."""
    widget = window.findChild(QWidget, name)
    middle = widget.mapTo(window, widget.rect().center())
    QTest.mouseClick(window.windowHandle(), LEFT, Qt.KeyboardModifier.NoModifier, middle)


ACTS = {
    "the page": lambda window: press_in(window, "inputMontage"),
    "the timeline": lambda window: press_in(window, "epochSlider"),
    "a tab's key": lambda window: QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier),
    "a key": lambda window: QTest.keyClick(window.windowHandle(), Qt.Key.Key_Right),
    "a page's action": lambda window: window.findChild(QWidget, "latentTab").actions()[0].trigger(),
}
OTHERS = {
    "nothing": lambda _: None,
    "present mode": lambda window: QTest.keyClick(window, Qt.Key.Key_F5),
    "a modifier": lambda window: QTest.keyClick(window.windowHandle(), Qt.Key.Key_Control),
}


@pytest.mark.parametrize("act", [*ACTS, *OTHERS])
def test_the_run_of_the_last_session_leaves_the_view_to_a_user_who_has_acted(
    qtbot, theme, engine, backends, open_window, made, tmp_path, monkeypatch, act
):
    """It was selected as soon as it was read, up to 25 seconds later, whatever was being looked at."""
    last = made("last")
    store_view(tmp_path, run=key_of(last), runs=(str(last),))
    read, may_read = backends[0].open, threading.Event()

    def read_later(request):
        assert request.path != last or may_read.wait(60)
        return read(request)

    monkeypatch.setattr(backends[0], "open", read_later)
    window = open_window(engine)
    window.complete()
    window.open_again([made("first")])
    engine.load()
    qtbot.waitUntil(lambda: engine.view.run is not None)
    assert len(engine.runs.listed) == 2
    (ACTS | OTHERS)[act](window)
    may_read.set()
    qtbot.waitUntil(lambda: len(engine.runs) == 2)
    assert engine.view.run is engine.runs[act in OTHERS]
    assert [run.description.source.name for run in engine.runs] == ["first", "last"]


@pytest.mark.parametrize("act", ["nothing", "the timeline", "a tab's key", "a key"])
def test_twelve_runs_of_the_last_session_that_load_slowly_move_nothing_once_somebody_has_acted(
    qtbot, theme, engine, backends, open_window, made, tmp_path, monkeypatch, request, act
):
    """Each is read only when the one before is listed; without an act, what was shown comes in the end."""
    keys = [key_of(made(f"run {n}")) for n in range(12)]
    compared = keys[9], keys[2]
    store_view(tmp_path, runs=tuple(keys), run=keys[6], at=Position(1), compared=compared, tab="drawTab")
    read, may_read = backends[0].open, threading.Semaphore(0)
    request.addfinalizer(lambda: may_read.release(12))  # else a failure would leave the thread waiting

    def read_later(asked):
        assert may_read.acquire(timeout=60)
        return replace(read(asked), recorded=(Position(1), Position(2)))

    monkeypatch.setattr(backends[0], "open", read_later)
    window = open_window(engine)
    window.complete()
    window.open_again([])
    engine.load()

    def shown():
        view = engine.view
        return view.run, view.is_live, view.position, window.findChild(QWidget, "tabs").currentWidget()

    for n in range(1, 13):
        may_read.release()
        qtbot.waitUntil(lambda n=n: len(engine.runs) == n)
        if n == 3:
            (ACTS | OTHERS)[act](window)
            here = shown()
        if n >= 3 and act in ACTS:
            assert shown() == here, f"run {n} moved it"
    by_name = {run.description.source.name: run for run in engine.runs}
    assert [run.description.source.name for run in engine.runs] == [f"run {n}" for n in range(12)]
    assert engine.view.compared == (by_name["run 9"], by_name["run 2"])
    if act in OTHERS:
        assert shown() == (by_name["run 6"], False, Position(1), window.findChild(QWidget, "drawTab"))
    else:
        assert engine.view.run is not by_name["run 6"]
