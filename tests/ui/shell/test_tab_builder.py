"""The tabs are built after the first paint, while the user may already click, draw and drag."""

from itertools import pairwise

import numpy as np
import pytest
from fakes import STEPS_PER_EPOCH, FakeInference, FakeTraining
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.shell.main_window import MainWindow
from cadl_gui.ui.tabs import START_TAB, TABS
from cadl_gui.ui.widgets.plot_view import PlotView

pytestmark = pytest.mark.gui

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
TAB_NAMES = [spec.name for spec in TABS]


class Opening(FakeTraining):
    """Each run that it opens has a curve."""

    def open(self, request):
        opened = super().open(request)
        opened.history.add_steps({"loss": np.ones(2 * STEPS_PER_EPOCH, np.float32)})
        return opened


@pytest.fixture
def backends():
    return Opening(), FakeInference()


@pytest.fixture
def engine(backends):
    """An engine that reads runs before TensorFlow is loaded."""
    engine = Engine(*(lambda each=each: each for each in backends), None, read_early=backends[0].open)
    engine.start()
    yield engine
    assert engine.shut_down(60_000)


@pytest.fixture
def start(qtbot, engine, theme, settings, tmp_path):
    """Opens the window, whose tabs are about to be built."""

    def start(last_tab=""):
        settings.tab = last_tab
        window = MainWindow(engine, theme, Settings(), "", tmp_path / "work")
        qtbot.addWidget(window)
        window.resize(1440, 900)
        window.show()
        qtbot.waitExposed(window)
        window.complete_between_frames()
        return window, window.findChild(QTabWidget, "tabs")

    return start


def at_each_tab(engine, do):
    """Call a function whenever a tab has been built: the window tells it then what is shown."""
    engine.view.run_changed.connect(do)


def shown(tabs):
    return tabs.currentWidget().objectName()


def places(tabs):
    """The place of each tab in the bar, by its objectName, from left to right."""
    return {tabs.widget(i).objectName(): tabs.tabBar().tabRect(i).left() for i in range(tabs.count())}


@pytest.mark.parametrize("name", [name for name in TAB_NAMES if name != START_TAB])
def test_the_tab_of_the_last_session_is_shown_as_soon_as_it_is_built(qtbot, start, name):
    """It used to be shown when all tabs were built."""
    window, tabs = start(name)
    built = []
    tabs.currentChanged.connect(lambda _: built.append(list(places(tabs))) if shown(tabs) == name else None)
    with qtbot.waitSignal(window.completed):
        pass
    assert shown(tabs) == name
    until_then = {START_TAB, *TAB_NAMES[: TAB_NAMES.index(name) + 1]}
    assert built == [[each for each in TAB_NAMES if each in until_then]]


def test_the_tab_of_the_last_session_is_not_shown_to_who_has_chosen_another(qtbot, engine, start):
    def choose_data():
        if tabs.count() == 2:
            qtbot.mouseClick(tabs.tabBar(), LEFT, pos=tabs.tabBar().tabRect(0).center())

    window, tabs = start("latentTab")
    at_each_tab(engine, choose_data)
    with qtbot.waitSignal(window.completed):
        pass
    assert shown(tabs) == "dataTab"


@pytest.mark.parametrize("name", TAB_NAMES)
def test_no_tab_moves_under_the_pointer_once_the_first_one_is_there(qtbot, engine, start, name):
    window, tabs = start(name)
    seen = []
    at_each_tab(engine, lambda: seen.append(places(tabs)))
    with qtbot.waitSignal(window.completed):
        pass
    assert len(seen) == len(TABS) - 1
    for before, now in pairwise([*seen, places(tabs)]):
        assert {each: now[each] for each in before} == before
        assert list(now) == [each for each in TAB_NAMES if each in now]


def test_while_a_stroke_is_drawn_no_tab_is_built_and_tensorflow_is_not_imported(qtbot, qapp, start):
    window, tabs = start()
    completed = []
    window.completed.connect(lambda: completed.append(1))
    place = window.rect().center()
    QTest.mousePress(window.windowHandle(), LEFT, NONE, place)
    qtbot.wait(200)
    assert tabs.count() == 1
    assert not completed
    releases = Releases(qapp, tabs)
    QTest.mouseRelease(window.windowHandle(), LEFT, NONE, place)
    assert releases.n_tabs == 1, "the window answers the release first"
    qtbot.waitUntil(lambda: completed == [1])
    assert tabs.count() == len(TABS)
    qtbot.wait(50)
    assert completed == [1]


def test_a_hand_that_hardly_pauses_between_strokes_does_not_keep_tabs_away(qtbot, start):
    """None was built while it drew: after each stroke, the next one had begun."""
    window, tabs = start()
    place = window.rect().center()
    for _ in TABS[1:]:
        QTest.mousePress(window.windowHandle(), LEFT, NONE, place)
        qtbot.wait(50)
        QTest.mouseRelease(window.windowHandle(), LEFT, NONE, place)
        qtbot.wait(5)
    assert tabs.count() == len(TABS)


def test_networks_answer_a_hand_before_the_plot_of_a_run_is_built(qtbot, engine, start, tmp_path):
    """Its library takes as long to import as two tabs to be built."""
    (tmp_path / "run").mkdir()
    engine.runs.open(tmp_path / "run")
    qtbot.waitUntil(lambda: engine.view.run is not None)
    window, _ = start()
    plot, was_loaded = window.findChild(PlotView, "lossPlot"), []
    at_each_tab(engine, lambda: was_loaded.append(plot.is_loaded))
    QTest.mousePress(window.windowHandle(), LEFT, NONE, window.rect().center())
    qtbot.wait(200)  # long enough for Train to draw the curves
    QTest.mouseRelease(window.windowHandle(), LEFT, NONE, window.rect().center())
    with qtbot.waitSignal(window.completed):
        pass
    assert was_loaded == [False] * (len(TABS) - 1)
    assert plot.is_loaded


def test_a_file_of_a_second_start_is_shown_whatever_is_still_to_be_built_or_read(
    qtbot, engine, start, tmp_path
):
    window, tabs = start()
    window.completed.connect(engine.load)
    paths = [tmp_path / str(number) for number in range(5)]
    for path in paths:
        path.mkdir()
    window.open_when_ready(paths[:-1], show=False)
    window.come_forward(paths[-1:])
    assert tabs.count() == 1
    qtbot.waitUntil(lambda: len(engine.runs) == len(paths))
    assert engine.view.run.description.source == paths[-1]
    assert window.findChild(object, "runList").currentIndex().row() == len(paths) - 1


class Releases(QObject):
    """Records how many tabs there are when a widget is told that the button is released."""

    def __init__(self, application, tabs):
        super().__init__(tabs)
        self.n_tabs, self._tabs = 0, tabs
        application.installEventFilter(self)

    def eventFilter(self, watched, event):
        if (
            event.type() is QEvent.Type.MouseButtonRelease
            and isinstance(watched, QWidget)
            and not self.n_tabs
        ):
            self.n_tabs = self._tabs.count()
        return False
