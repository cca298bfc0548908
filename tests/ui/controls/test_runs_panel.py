"""The list of runs opens over the page and leaves it again, each time, and says what it is for."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.ui.controls.run_delegate import COLLAPSED_WIDTH_PX, FULL_WIDTH_PX
from cadl_gui.ui.theme.tokens import PRESENT

pytestmark = pytest.mark.gui
PAGES = "seen"

SOFTMAX = preset("softmax").config.replace(epochs=1)


@pytest.fixture
def widths(find):
    """Width of the panel, and of the list that may lie over the page."""
    return lambda: (find("runsPanel").width(), find("runsDrawer").width())


FULL, NARROW, OPEN = (FULL_WIDTH_PX,) * 2, (COLLAPSED_WIDTH_PX,) * 2, (COLLAPSED_WIDTH_PX, FULL_WIDTH_PX)


def enter(panel):
    place = QPointF(panel.rect().center())
    QApplication.sendEvent(panel, QEnterEvent(place, place, QPointF(panel.mapToGlobal(place))))


def leave(find):
    QApplication.sendEvent(find("runsDrawer"), QEvent(QEvent.Type.Leave))


def test_where_it_is_narrow_the_list_opens_under_the_pointer_and_leaves_with_it_each_time(
    qtbot, window, find, engine, theme, widths
):
    panel = find("runsPanel")
    for _ in range(2):
        window.resize(1440, 900)
        qtbot.waitUntil(lambda: widths() == FULL)
        enter(panel)
        leave(find)
        assert widths() == FULL
        window.resize(1024, 768)
        qtbot.waitUntil(lambda: widths() == NARROW)
        for _ in range(2):
            enter(panel)
            assert widths() == OPEN
            assert find("runsDrawer").height() == panel.height()
            leave(find)
            assert widths() == NARROW
    for present, expected in ((True, (PRESENT.rail,) * 2), (False, NARROW)):
        theme.set_present(present)
        if present:
            enter(panel)
        assert widths() == expected


def test_a_name_that_is_edited_keeps_the_list_open_until_it_is_done(qtbot, window, find, engine, widths):
    train(qtbot, engine, SOFTMAX)
    window.resize(1024, 768)
    qtbot.waitUntil(lambda: widths() == NARROW)
    QCursor.setPos(-1000, -1000)
    for name, key in (
        ("first", Qt.Key.Key_Return),
        ("never", Qt.Key.Key_Escape),
        ("second", Qt.Key.Key_Return),
    ):
        find("runsPanel").rename_current()
        assert widths() == OPEN
        leave(find)
        assert widths() == OPEN, "a name is being edited"
        editor = find("runList").findChild(QLineEdit)
        editor.selectAll()
        QTest.keyClicks(editor, name)
        QTest.keyClick(editor, key)
        qtbot.waitUntil(lambda: widths() == NARROW)
        assert engine.runs[0].description.name == ("first" if name == "never" else name)
        qtbot.waitUntil(lambda: find("runList").findChild(QLineEdit) is None)


def test_an_empty_list_says_what_will_be_there_and_a_full_one_what_its_boxes_are_for(
    qtbot, window, find, engine, widths, tmp_path
):
    def said():
        texts = [label.text() for label in find("runsDrawer").findChildren(QLabel) if not label.isHidden()]
        return {text.split(".")[0] for text in texts if text}

    qtbot.waitUntil(lambda: widths() == FULL)
    assert said() == {"Runs", "No run yet"}
    for _ in range(2):
        run = train(qtbot, engine, SOFTMAX)
        assert said() == {"Runs", "Compare with"}
        window.resize(1024, 768)
        qtbot.waitUntil(lambda: widths() == NARROW)
        assert said() == {"Runs"}
        enter(find("runsPanel"))
        assert said() == {"Runs", "Compare with"}
        leave(find)
        engine.runs.remove(run)
        assert said() == {"Runs"}
        window.resize(1440, 900)
        qtbot.waitUntil(lambda: widths() == FULL)
        assert said() == {"Runs", "No run yet"}
    (tmp_path / "x.keras").touch()
    engine.runs.open(tmp_path / "x.keras")
    assert said() == {"Runs", "Compare with"}, "also while it is read"
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
