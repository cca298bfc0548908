"""Present mode: badges of the runs at the left, a visible way out, and each control in one place."""

import pytest
from fakes import FakeTraining
from idle import wait_until_idle
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QToolTip, QWidget
from shown_pages import set_mode
from trained import train
from weighted_fakes import WeightedInference

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_speed import TRAINING_SPEEDS
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.controls.spotlight import Spotlight
from cadl_gui.ui.theme.tokens import PRESENT

pytestmark = pytest.mark.gui

SOFTMAX = preset("softmax").config.replace(epochs=1)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def present(window, theme):
    def present():
        set_mode(window, theme, "present", QSize(1024, 768))

    return present


def place_of(widget):
    return QRect(widget.mapToGlobal(widget.rect().topLeft()), widget.size())


def test_a_rail_of_badges_switches_between_runs(qtbot, engine, find, present):
    """Nothing else said which network is shown: the timeline names it, on every tab."""
    first, second = train(qtbot, engine, SOFTMAX), train(qtbot, engine, SOFTMAX)
    name = find("shownRunLabel", QLabel)
    assert not name.isVisible()
    present()
    assert name.isVisible()
    engine.runs.rename(first, "a-network-with-a-long-name & more")
    runs = find("runList")
    assert runs.isVisible()
    qtbot.waitUntil(lambda: runs.width() == PRESENT.rail)
    assert engine.view.run is second
    assert name.text().endswith("B</b> softmax 2")
    badge = runs.visualRect(runs.model().index(0, 0)).center()
    qtbot.mouseMove(runs.viewport(), badge)
    qtbot.mouseClick(runs.viewport(), LEFT, pos=badge)
    assert engine.view.run is first
    assert "A</b> a-network-<br>with-a-long" in name.text()
    assert name.width() >= name.sizeHint().width()
    assert runs.width() == PRESENT.rail, "it opens over no page"
    place = runs.viewport().mapToGlobal(badge)
    QApplication.sendEvent(runs.viewport(), QHelpEvent(QEvent.Type.ToolTip, badge, place))
    assert QToolTip.text().splitlines()[0].endswith(" · says what it sees"), "one line, which covers no page"
    runs.setFocus()
    qtbot.keyClick(runs, Qt.Key.Key_Down)
    assert engine.view.run is second


def test_a_double_click_on_a_badge_renames_nothing(qtbot, window, engine, find, present):
    """A field without width had the focus, and the next key, as that of the curtain, became the name."""
    train(qtbot, engine, SOFTMAX)
    present()
    runs = find("runList")
    badge = runs.visualRect(runs.model().index(0, 0)).center()
    qtbot.mouseClick(runs.viewport(), LEFT, pos=badge)
    qtbot.mouseDClick(runs.viewport(), LEFT, pos=badge)
    assert window.findChild(QWidget, "runNameEdit") is None
    qtbot.waitUntil(lambda: not window.findChild(QAction, "renameAction").isEnabled())


def test_a_button_leaves_present_mode_and_covers_nothing(qtbot, window, theme, find, present):
    """All tabs are whole, also beside a lesson on a projector: “Inspect” was cut to “In”."""
    leave = find("leavePresentButton")
    assert not leave.isVisible()
    present()
    window.resize(1280, 720)
    window.findChild(QAction, "lesson_1_what_the_computer_seesAction").trigger()
    qtbot.waitUntil(find("lessonPanel").isVisible)
    qtbot.waitUntil(lambda: leave.isVisible() and place_of(leave).right() > 700)
    qtbot.waitUntil(lambda: place_of(window).contains(place_of(leave)))  # laid out
    bar = find("tabs").tabBar()
    tabs = [bar.tabRect(i).translated(bar.mapToGlobal(QPoint(0, 0))) for i in range(bar.count())]
    others = place_of(leave), place_of(find("lessonMenuButton"))
    assert all(place_of(bar).contains(tab) for tab in tabs)
    assert not any(other.intersects(tab) for tab in tabs for other in others)
    assert not place_of(leave).intersects(place_of(find("tabs").currentWidget()))
    qtbot.mouseClick(leave, LEFT)
    assert not theme.present
    assert not leave.isVisible()


def test_lessons_can_be_reached_without_the_menu_bar(qtbot, window, theme, find, present):
    button = find("lessonMenuButton")
    for is_on in (False, True, False, True):
        assert button.isVisible() is is_on
        window.findChild(QAction, "presentAction").trigger()
    assert not button.isVisible()
    present()
    bar, leave = find("tabs").tabBar(), find("leavePresentButton")
    last = bar.tabRect(bar.count() - 1).translated(bar.mapToGlobal(QPoint(0, 0)))
    qtbot.waitUntil(lambda: last.right() < place_of(button).left() < place_of(leave).left())
    assert window.findChild(QAction, "openLessonAction") in button.menu().actions()
    button.menu().popup(QPoint())
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # as Qt leaves it once the lesson has moved it away
    button.menu().close()
    assert not button.underMouse(), "it stayed grey, as if pressed"


def test_escape_leaves_full_screen_but_not_present_mode(qtbot, window, theme, find):
    """A full screen has no button that leaves it, and not everyone remembers F11."""
    action = window.findChild(QAction, "full_screenAction")
    action.trigger()
    qtbot.waitUntil(window.isFullScreen)
    for _ in range(2):  # in present mode and out
        window.findChild(QAction, "presentAction").trigger()
        is_on = theme.present
        QTest.keyClick(find("epochSlider"), Qt.Key.Key_Escape)
        assert theme.present is is_on
        qtbot.waitUntil(lambda: window.isFullScreen() is theme.present)


@pytest.mark.parametrize("focus", ["confusionView", "runList", "mainWindow"])
def test_escape_closes_the_spotlight_and_never_leaves_present_mode(
    qtbot, engine, window, theme, find, present, focus
):
    """Pressed once too often, it threw a teacher out of the lesson."""
    train(qtbot, engine, SOFTMAX)
    present()
    matrix, has_focus = find("confusionView"), window if focus == "mainWindow" else find(focus)
    matrix.setFocus()
    qtbot.keyClick(matrix, Qt.Key.Key_Space)
    (spotlight,) = window.findChildren(Spotlight)
    has_focus.setFocus()
    for _ in range(3):
        qtbot.keyClick(has_focus, Qt.Key.Key_Escape)
        assert not spotlight.isVisible()
        assert theme.present


def test_the_row_of_a_training_is_as_before_after_present_mode(qtbot, window, engine, theme, find):
    """Pause kept the 48 pixels of present mode: the button behind it was not styled again."""
    engine.training.set_speed(TRAINING_SPEEDS[2])
    engine.training.train(SOFTMAX.replace(epochs=10_000))
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    names = ("pauseButton", "stepButton", "stopButton")
    qtbot.waitUntil(lambda: find("pauseButton").isVisible())
    QApplication.processEvents()  # lays out
    before = {name: place_of(find(name)) for name in names}
    for is_on in (True, False, True, False):
        with qtbot.waitSignal(theme.changed):  # in turns, between which it is laid out
            QTest.keyClick(find("epochSlider"), Qt.Key.Key_F5)
        assert theme.present is is_on
        if is_on:
            assert place_of(find("pauseButton")).height() > before["pauseButton"].height()
    qtbot.waitUntil(lambda: {name: place_of(find(name)) for name in names} == before)


@pytest.mark.parametrize("is_presented", [False, True])
def test_pause_step_and_stop_are_in_one_place_on_every_tab(
    qtbot, window, engine, theme, find, present, is_presented
):
    """On Train they were both in its row and beside the timeline."""
    if is_presented:
        present()
    engine.training.train(SOFTMAX.replace(epochs=500), paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    for tab in range(find("tabs").count()):
        find("tabs").setCurrentIndex(tab)
        QCoreApplication.sendPostedEvents()
        buttons = [button for button in window.findChildren(QAbstractButton) if button.isVisible()]
        for what in ("pauseButton", "stepButton", "stopButton"):
            named = [button for button in buttons if button.objectName().lower().endswith(what.lower())]
            n = 0 if is_presented and what == "stepButton" else 1
            assert len(named) == n, (find("tabs").tabText(tab), what)
    engine.training.stop()
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)


def places(window):
    """The places of all visible widgets in the window."""
    return {widget: place_of(widget) for widget in window.findChildren(QWidget) if widget.isVisible()}


def settled(engine, window):
    """The places of all visible widgets, once nothing moves any more."""
    wait_until_idle(engine, window)
    return places(window)


def moved(before, after):
    """The widgets whose places differ."""
    return {
        widget.objectName() or type(widget).__name__: (before.get(widget), after.get(widget))
        for widget in before | after
        if before.get(widget) != after.get(widget)
    }


@pytest.mark.parametrize("state", ["normal", "maximised", "full"])
def test_present_mode_fills_the_screen_until_it_is_left(window, theme, find, state):
    """It kept title bar and taskbar, which a class looks at, too."""
    window.setGeometry(0, 40, 800, 650)
    if state != "normal":
        (window.showMaximized if state == "maximised" else window.showFullScreen)()
    before = window.windowState(), window.geometry()
    for _ in range(2):
        QTest.keyClick(find("epochSlider"), Qt.Key.Key_F5)
        assert theme.present
        assert window.isFullScreen()
        assert window.findChild(QAction, "full_screenAction").isChecked()
        QTest.keyClick(find("epochSlider"), Qt.Key.Key_F5)
        assert not theme.present
        assert (window.windowState(), window.geometry()) == before
        assert window.findChild(QAction, "full_screenAction").isChecked() is (state == "full")


@pytest.mark.parametrize("state", ["normal", "maximised", "full", "left"])
def test_window_closed_in_present_mode_opens_next_time_as_before_it(window, theme, find, next_start, state):
    """Once that was left, it opens as it was closed."""
    window.setGeometry(0, 40, 900, 700)
    if state == "left":
        for _ in range(2):
            QTest.keyClick(find("epochSlider"), Qt.Key.Key_F5)
    window.setGeometry(0, 40, 800, 650)
    if state in {"maximised", "full"}:
        (window.showMaximized if state == "maximised" else window.showFullScreen)()
    before = window.windowState() & ~Qt.WindowState.WindowActive
    if state != "left":
        QTest.keyClick(find("epochSlider"), Qt.Key.Key_F5)
    window.close()
    theme.set_present(False)
    again, _ = next_start()
    assert again.windowState() & ~Qt.WindowState.WindowActive == before
    if state in {"normal", "left"}:
        assert again.size() == QSize(800, 650)


@pytest.mark.slow
class TestLeavingIt:
    @pytest.fixture
    def backends(self):
        return FakeTraining(), WeightedInference()

    @pytest.mark.parametrize("tab", ["data", "train", "draw", "latent", "inspect"])
    def test_every_widget_is_where_it_was(self, qtbot, window, engine, theme, find, tab):
        """The status bar stayed as high as in large type, if something was reported meanwhile."""
        train(qtbot, engine, SOFTMAX)
        present = window.findChild(QAction, "presentAction")
        find("tabs").setCurrentWidget(find(f"{tab}Tab"))
        engine.view.show(Position(0))
        if tab == "data":
            qtbot.waitUntil(find("statisticsLabel").isVisible)
        before = settled(engine, window)
        present.trigger()
        engine.view.show(Position(1))
        find("statusLabel").setText("Epoch 1 was reported meanwhile.")
        QCoreApplication.sendPostedEvents()
        engine.view.show(Position(0))
        present.trigger()
        after = settled(engine, window)
        assert not moved(before, after)

    @pytest.mark.parametrize("tab", ["data", "train", "draw", "latent", "inspect"])
    def test_a_page_that_was_hidden_meanwhile_is_laid_out_as_before(
        self, qtbot, window, engine, theme, find, tab
    ):
        """In Inspect, a sentence kept the room that it had taken in large type."""
        train(qtbot, engine, SOFTMAX)
        tabs, page = find("tabs"), find(f"{tab}Tab")
        tabs.setCurrentWidget(page)
        if tab == "data":
            qtbot.waitUntil(find("statisticsLabel").isVisible)
        before = settled(engine, window)
        window.findChild(QAction, "presentAction").trigger()
        settled(engine, window)
        tabs.setCurrentWidget(find("dataTab" if tab == "train" else "trainTab"))
        window.findChild(QAction, "presentAction").trigger()
        tabs.setCurrentWidget(page)
        assert not moved(before, settled(engine, window))
