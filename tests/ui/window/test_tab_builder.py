"""The tabs are built after the first paint, while the user may already click, draw and drag."""

from dataclasses import replace

import numpy as np
import pytest
from fakes import STEPS_PER_EPOCH, FakeInference, FakeTraining
from idle import wait_until_idle
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget, QWidget
from shown_view import store_view

from cadl_gui.engine.engine import Engine
from cadl_gui.ui.figures.plot_view import PlotView
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.tab_page import TabPage
from cadl_gui.ui.tabs import START_TAB, TABS
from cadl_gui.ui.window import tab_builder
from cadl_gui.ui.window.main_window import MainWindow
from cadl_gui.ui.window.tab_builder import TabBuilder

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
        store_view(tmp_path, tab=last_tab)
        window = MainWindow(engine, theme, Settings(), "", tmp_path / "work")
        qtbot.addWidget(window)
        window.resize(1440, 900)
        window.show()
        qtbot.waitExposed(window)
        window.complete_between_frames()
        return window, window.findChild(QTabWidget, "tabs")

    return start


def at_each_tab(window, do):
    """Call a function whenever a tab has been built."""
    window.findChild(TabBuilder).added.connect(lambda _: do())


def shown(tabs):
    return tabs.currentWidget().objectName()


def built(tabs):
    """The objectNames of the pages that are built, from left to right."""
    return [name for name in (tabs.widget(i).objectName() for i in range(tabs.count())) if name]


def places(tabs):
    """The place of each tab in the bar, by its title."""
    return {tabs.tabText(i): tabs.tabBar().tabRect(i) for i in range(tabs.count())}


def click(tabs, name):
    """Click a tab by the pointer."""
    place = tabs.tabBar().tabRect(TAB_NAMES.index(name)).center()
    QTest.mouseClick(tabs.tabBar(), LEFT, NONE, place)


@pytest.mark.parametrize("name", [name for name in TAB_NAMES if name != START_TAB])
def test_the_tab_of_the_last_session_is_built_before_the_others_and_shown_at_once(qtbot, start, name):
    window, tabs = start(name)
    until_then = []
    tabs.currentChanged.connect(lambda _: until_then.append(built(tabs)))
    with qtbot.waitSignal(window.completed):
        pass
    assert shown(tabs) == name
    assert until_then == [[each for each in TAB_NAMES if each in {START_TAB, name}]]
    assert built(tabs) == TAB_NAMES


def test_the_tab_of_the_last_session_is_not_shown_to_who_has_chosen_another(qtbot, engine, start):
    window, tabs = start("latentTab")
    click(tabs, "dataTab")
    with qtbot.waitSignal(window.completed):
        pass
    assert shown(tabs) == "dataTab"


@pytest.mark.parametrize("name", TAB_NAMES)
def test_a_tab_that_is_chosen_before_it_is_built_is_there_at_once(qtbot, start, name):
    window, tabs = start()
    assert built(tabs) == [START_TAB]
    click(tabs, name)
    assert shown(tabs) == name
    assert tabs.currentWidget().isVisible()
    assert not [page for page in tabs.findChildren(TabPage) if page.isVisible() and page.objectName() != name]
    with qtbot.waitSignal(window.completed):
        pass
    assert shown(tabs) == name
    assert built(tabs) == TAB_NAMES


@pytest.mark.parametrize("is_clicked", [True, False], ids=["clicked", "last session"])
def test_a_page_that_is_opened_has_time_to_answer_before_others_are_built(qtbot, start, is_clicked):
    """Another page was built between a click on Latent and its first image."""
    window, tabs = start("" if is_clicked else "latentTab")
    a_while_later = []
    tabs.currentChanged.connect(lambda: QTimer.singleShot(100, lambda: a_while_later.append(built(tabs))))
    if is_clicked:
        click(tabs, "latentTab")
    with qtbot.waitSignal(window.completed):
        pass
    assert a_while_later == [[START_TAB, "latentTab"]]


def test_every_tab_can_be_chosen_by_its_key_before_it_is_built(qtbot, start):
    window, tabs = start()
    window.activateWindow()
    QTest.mousePress(window.windowHandle(), LEFT, NONE, window.rect().center())  # nothing else is built
    qtbot.waitUntil(window.isActiveWindow)
    for number, name in enumerate(TAB_NAMES, 1):
        assert (name in built(tabs)) is (name == START_TAB)
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert shown(tabs) == name
    QTest.mouseRelease(window.windowHandle(), LEFT, NONE, window.rect().center())


@pytest.mark.parametrize("name", TAB_NAMES)
def test_all_tabs_are_there_from_the_beginning_and_none_moves(qtbot, start, name):
    window, tabs = start(name)
    seen = [places(tabs)]
    assert list(seen[0]) == [spec.title for spec in TABS]
    at_each_tab(window, lambda: seen.append(places(tabs)))
    with qtbot.waitSignal(window.completed):
        pass
    assert len(seen) == len(TABS)
    assert all(each == seen[0] for each in [*seen, places(tabs)])


def test_while_a_stroke_is_drawn_no_tab_is_built_and_tensorflow_is_not_imported(qtbot, qapp, engine, start):
    window, tabs = start()
    completed = []
    window.completed.connect(lambda: completed.append(1))
    place = window.rect().center()
    QTest.mousePress(window.windowHandle(), LEFT, NONE, place)
    wait_until_idle(engine, window)
    assert built(tabs) == [START_TAB]
    assert not completed
    releases = Releases(qapp, tabs)
    QTest.mouseRelease(window.windowHandle(), LEFT, NONE, place)
    assert releases.built == [START_TAB], "the window answers the release first"
    qtbot.waitUntil(lambda: completed == [1])
    assert built(tabs) == TAB_NAMES
    wait_until_idle(engine, window)
    assert completed == [1]


def test_a_hand_that_hardly_pauses_between_strokes_does_not_keep_tabs_away(qtbot, start):
    """None was built while it drew: after each stroke, the next one had begun."""
    window, tabs = start()
    place = window.rect().center()
    for _ in TABS[1:]:
        QTest.mousePress(window.windowHandle(), LEFT, NONE, place)
        qtbot.wait(50)  # the hand's own time: a stroke, and a pause that is shorter than between two pieces
        QTest.mouseRelease(window.windowHandle(), LEFT, NONE, place)
        qtbot.wait(5)
    assert built(tabs) == TAB_NAMES


def test_networks_answer_a_hand_before_the_plot_of_a_run_is_built(qtbot, engine, start, tmp_path):
    """Its library takes as long to import as two tabs to be built."""
    (tmp_path / "run").mkdir()
    engine.runs.open(tmp_path / "run")
    qtbot.waitUntil(lambda: engine.view.run is not None)
    window, _ = start()
    plot, was_loaded = window.findChild(PlotView, "lossPlot"), []
    at_each_tab(window, lambda: was_loaded.append(plot.is_loaded))
    QTest.mousePress(window.windowHandle(), LEFT, NONE, window.rect().center())
    wait_until_idle(engine, window)
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
        (path / "run.json").touch()
    window.open_again(paths[:-1])
    window.come_forward(paths[-1:])
    assert built(tabs) == [START_TAB]
    qtbot.waitUntil(lambda: len(engine.runs) == len(paths))
    assert engine.view.run.description.source == paths[-1]
    assert window.findChild(object, "runList").currentIndex().row() == len(paths) - 1


class FailingTab(TabPage):
    """A page that what was stored for it keeps from being built."""

    def __init__(self, context):
        super().__init__(context)
        raise OverflowError("it cannot be built")


@pytest.mark.parametrize("how", ["between frames", "at once"])
def test_a_tab_that_fails_is_reported_and_stops_none_of_the_others(
    qtbot, engine, theme, settings, tmp_path, monkeypatch, how
):
    """It was the first to be built, and the window was never complete."""
    failing = [replace(spec, where=f"{__name__}:FailingTab") if spec.id == "draw" else spec for spec in TABS]
    monkeypatch.setattr(tab_builder, "TABS", failing)
    store_view(tmp_path, tab="drawTab")
    window = MainWindow(engine, theme, Settings(), "", tmp_path / "work")
    qtbot.addWidget(window)
    window.show()
    tabs, completed = window.findChild(QTabWidget, "tabs"), []
    window.completed.connect(lambda: completed.append(built(tabs)))
    others = [name for name in TAB_NAMES if name != "drawTab"]
    if how == "at once":
        with pytest.raises(OverflowError):
            window.complete()
    else:
        with qtbot.capture_exceptions() as exceptions, qtbot.waitSignal(window.completed):
            window.complete_between_frames()
        assert {kind for kind, *_ in exceptions} == {OverflowError}
    assert completed == [others]
    click(tabs, "latentTab")
    assert shown(tabs) == "latentTab"


class Releases(QObject):
    """Records which pages are built when a widget is told that the button is released."""

    def __init__(self, application, tabs):
        super().__init__(tabs)
        self.built, self._tabs = [], tabs
        application.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.MouseButtonRelease and isinstance(watched, QWidget) and not self.built:
            self.built = built(self._tabs)
        return False
