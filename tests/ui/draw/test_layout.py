"""The page of Draw follows its parts, also when they change their size after it was arranged."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from cadl_gui.ui.draw.drawing_answer import DrawingAnswer
from cadl_gui.ui.draw.layout import DrawLayout, DrawParts
from cadl_gui.ui.draw.sections import Sections

pytestmark = pytest.mark.gui

PARTS = ("canvas", "bar", "details", "networks")
NAMES = ("seen", "evidence", "history", "nearest", "fool")


@pytest.fixture
def sections(theme):
    return Sections({name: QLabel(name) for name in NAMES}, QLabel("beside"), theme)


@pytest.fixture
def page(qtbot, theme, sections):
    parts = {part: QWidget(objectName=part) for part in PARTS}
    page = DrawLayout(DrawParts(**parts, answer=DrawingAnswer(theme), sections=sections), theme)
    qtbot.addWidget(page)
    page.resize(900, 400)  # wide enough in any type that a test before left to the application
    theme.set_present(True)
    page.show()
    return page


def test_a_button_of_present_mode_stays_where_it_is_whatever_section_is_open(qtbot, page, sections):
    """It jumped to the middle of the page, and the next click hit what it had opened.

    In a lesson, those after the first moved when another section took its place.
    """
    button = sections.findChild(QPushButton, "evidencePanelButton")
    qtbot.waitUntil(lambda: button.width() > 0 and not is_cut_off(button))
    place = button.mapTo(page, QPoint())
    for is_open in (True, False, True, False):
        button.click()
        QApplication.processEvents()  # lays out
        assert sections.shows("evidence") is is_open
        assert button.mapTo(page, QPoint()) == place
    for name in ("nearest", "evidence", "nearest", ""):
        sections.open(name)
        QApplication.processEvents()
        other = sections.findChild(QPushButton, "nearestPanelButton")
        assert (button.mapTo(page, QPoint()), other.isVisible()) == (place, name == "nearest")


def is_cut_off(button):
    return button.width() < button.sizeHint().width()


def test_the_buttons_of_present_mode_get_the_room_that_they_need_later(qtbot, page, sections):
    """They were cut off if their type had its size only after the page was arranged."""
    button = sections.findChild(QPushButton, "foolPanelButton")
    qtbot.waitUntil(lambda: button.width() > 0 and not is_cut_off(button))
    for n in (30_000_000, 4, 50_000_000_000_000):
        sections.set_count("fool", n)
        qtbot.waitUntil(lambda: not is_cut_off(button) and sections.geometry().right() < page.width())
    page.hide()
    sections.set_count("fool", 10**16)
    page.show()
    qtbot.waitUntil(lambda: not is_cut_off(button))


def test_the_bars_are_beside_an_answer_that_has_become_too_high_and_below_it_again(qtbot, page):
    answer, bars = page.findChild(DrawingAnswer), page.findChild(QWidget, "details")
    page.resize(1200, 400)
    for names, is_beside in ((("dog", "horse"), False), (("4", "9"), True), (("dog", "horse"), False)):
        answer.set_answer(np.float32((0.2, 0.8)), names, is_doubtful=False)
        qtbot.waitUntil(lambda: (bars.x() > answer.x()) is is_beside)  # noqa: B023
        assert (bars.y() > answer.y()) is not is_beside


def test_where_the_bars_have_no_room_beside_the_answer_it_says_only_what_they_do_not(
    qtbot, theme, page, sections
):
    """Beside a lesson on a projector, a third of the bars was left, and the run’s name lay over them."""
    answer, bars = page.findChild(DrawingAnswer), page.findChild(QWidget, "details")
    answer.set_answer(np.float32((0.2, 0.8)), ("4", "9"), is_doubtful=False)
    answer.set_source("A", "softmax · epoch 44 · 4 pixels changed")
    said = {name: answer.findChild(QLabel, name) for name in ("runnerUpLabel", "answeringRunLabel")}
    page.resize(740, 560)
    for is_open in (True, False, True):
        sections.open("evidence" if is_open else "")
        qtbot.waitUntil(lambda: all(each.isVisible() is not is_open for each in said.values()))  # noqa: B023
        qtbot.waitUntil(lambda: bars.geometry().top() > answer.geometry().bottom())
        assert bars.height() > 10 * 15
        least = 5 * theme.sizes.control
        assert page.findChild(QWidget, "bar").width() >= least, "a button clears a small canvas, too"
