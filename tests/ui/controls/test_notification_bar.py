"""The bar shows one message at a time until it is dismissed, and never widens the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from cadl_gui.system.glossary import explained, glossary
from cadl_gui.ui.controls.notification_bar import NotificationBar
from cadl_gui.ui.theme.theme import Theme

pytestmark = pytest.mark.gui


@pytest.fixture
def page(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.addWidget(NotificationBar(Theme("light")))
    column.addWidget(QLineEdit())
    page.resize(700, 400)
    page.show()
    page.activateWindow()
    qtbot.waitExposed(page)
    return page


@pytest.fixture
def strip(page):
    return page.findChild(NotificationBar)


def part(strip, kind, name):
    return strip.findChild(kind, name)


def click(strip, name):
    QTest.mouseClick(part(strip, QPushButton, name), Qt.MouseButton.LeftButton)


def test_information_caution_and_error_differ_by_more_than_their_colour(strip):
    shapes = set()
    for kind in ("information", "caution", "error"):
        strip.show_message(kind, "Something happened.")
        assert strip.property("notice") == kind
        assert strip.accessibleName() == f"{kind.capitalize()}: Something happened."
        symbol = strip.findChildren(QLabel)[0].pixmap().toImage()
        shapes.add(tuple(symbol.pixelColor(x, y).alpha() > 127 for x in range(20) for y in range(20)))
    assert len(shapes) == 3


def test_details_and_action_are_those_of_the_newest_notice(strip, qtbot):
    details = part(strip, QPlainTextEdit, "noticeDetails")
    for text in ("Traceback\nValueError: 1", "Traceback\nValueError: 2"):
        strip.show_message("error", "It failed.", text, action="Set β to 0.5")
        assert part(strip, QPushButton, "noticeAction").text() == "Set β to 0.5"
        with qtbot.waitSignal(strip.action_triggered):
            click(strip, "noticeAction")
        assert not details.isVisible()
        click(strip, "noticeDetailsButton")
        QTest.keyClicks(details, "x")
        assert (details.isVisible(), details.toPlainText()) == (True, text), "which cannot be edited"
        click(strip, "noticeDetailsButton")
        assert (details.isVisible(), strip.isVisible()) == (False, True)
        click(strip, "noticeDetailsButton")
        strip.show_message("caution", "Second.")
        assert strip.message() == "Second."
        for name in ("noticeAction", "noticeDetailsButton"):
            assert not part(strip, QPushButton, name).isVisible()
        assert not details.isVisible()


def test_an_action_explains_its_words(strip):
    for action, word in (
        ("Set weight decay to 0.1", "weight decay"),
        ("Set β to 1", ""),
        ("Set dropout to 0.2", "dropout"),
    ):
        strip.show_message("caution", "The network learns its images by heart.", action=action)
        assert part(strip, QPushButton, "noticeAction").toolTip() == (explained("", word) if word else "")
        assert glossary().get(word, "") in explained("", word)


def test_dismiss_takes_it_away_and_so_does_escape_from_anywhere_in_the_window(page, strip):
    assert (strip.isVisible(), strip.message()) == (False, ""), "it takes no room before"
    strip.show_message("error", "It failed.")
    click(strip, "noticeDismiss")
    assert not strip.isVisible()
    field = page.findChild(QLineEdit)
    field.setFocus()
    strip.show_message("error", "It failed.")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not strip.isVisible()


def test_a_name_in_a_message_is_no_markup(strip):
    """Names come from files; as markup they would be shown as such, and could make Qt fetch images."""
    strip.show_message("error", "“<h1>b</h1>” was removed.")
    assert strip.findChild(QLabel, "noticeSentence").textFormat() is Qt.TextFormat.PlainText


def test_a_long_message_wraps_instead_of_widening_the_window(page, strip):
    narrow = page.minimumSizeHint().width()
    strip.show_message("error", "A sentence that goes on and on. " * 20)
    assert page.minimumSizeHint().width() <= max(narrow, 400)
    assert strip.findChild(QLabel, "noticeSentence").heightForWidth(300) > 60
