"""The buttons of the column: none is cut off, however narrow it is and however large the text."""

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QPushButton

from cadl_gui.ui.data.page_buttons import PageButtons

pytestmark = pytest.mark.gui

TITLES = ("Image", "Statistics", "Duplicates", "Reinterpret")


@pytest.fixture
def buttons(show):
    return show(PageButtons({title.lower(): title for title in TITLES}), width=600, height=100)


def rows_of(buttons):
    """Titles in the order of the screen, by row."""
    rows = {}
    for button in filter(QPushButton.isVisible, buttons.findChildren(QPushButton)):
        rows.setdefault(button.y(), []).append((button.x(), button.text()))
    return [[text for _, text in sorted(row)] for _, row in sorted(rows.items())]


def are_whole(buttons):
    return all(
        button.width() >= button.sizeHint().width() and button.geometry().right() < buttons.width()
        for button in buttons.findChildren(QPushButton)
    )


def test_where_there_is_room_they_are_in_one_row(buttons):
    assert rows_of(buttons) == [list(TITLES)]
    assert are_whole(buttons)


@pytest.mark.parametrize("how", ["narrow", "large text"])
def test_where_there_is_none_they_are_in_two(qtbot, buttons, how):
    two = [list(TITLES[:2]), list(TITLES[2:])]
    if how == "narrow":
        buttons.resize(260, 100)
    else:
        font = buttons.font()
        font.setPixelSize(32)
        buttons.setFont(font)
    qtbot.waitUntil(lambda: rows_of(buttons) == two)
    assert are_whole(buttons)
    buttons.findChild(QPushButton, "duplicatesPanelButton").hide()
    buttons.resize(230, 100)
    QApplication.processEvents()
    assert rows_of(buttons) == [list(TITLES[:2]), [TITLES[3]]]
    buttons.findChild(QPushButton, "duplicatesPanelButton").show()
    buttons.setFont(QFont())
    buttons.resize(600, 100)
    qtbot.waitUntil(lambda: rows_of(buttons) == [list(TITLES)])


def test_a_click_chooses_a_page_and_checking_does_not(qtbot, buttons):
    chosen = []
    buttons.chosen.connect(chosen.append)
    buttons.check(2)
    assert chosen == []
    buttons.findChild(QPushButton, "reinterpretPanelButton").click()
    assert chosen == [3]
    checked = [button.text() for button in buttons.findChildren(QPushButton) if button.isChecked()]
    assert checked == ["Reinterpret"]
