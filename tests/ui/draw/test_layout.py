"""The page of Draw follows its parts, also when they change their size after it was arranged."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QStackedWidget, QWidget

from cadl_gui.ui.draw.drawing_answer import DrawingAnswer
from cadl_gui.ui.draw.layout import DrawLayout, DrawParts
from cadl_gui.ui.draw.sections import Sections

pytestmark = pytest.mark.gui

PARTS = ("canvas", "bar", "networks")
NAMES = ("seen", "evidence", "history", "nearest", "fool")


@pytest.fixture
def sections(theme):
    return Sections({name: QLabel(name) for name in NAMES}, QLabel("beside"), theme)


@pytest.fixture
def page(qtbot, theme, sections):
    parts = {part: QWidget(objectName=part) for part in PARTS}
    details, bars = QStackedWidget(objectName="details"), QWidget(objectName="bars")
    for each in (bars, QLabel("a reconstruction")):
        details.addWidget(each)
    answers = {"answer": DrawingAnswer(theme), "details": details, "bars": bars}
    page = DrawLayout(DrawParts(**parts, **answers, sections=sections), theme)
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


def lie_over_another(page, widgets):
    """Return what reaches out of the page, and pairs of widgets that lie over one another."""
    places = {widget: QRect(widget.mapTo(page, QPoint()), widget.size()) for widget in widgets}
    outside = [widget for widget in widgets if not page.rect().contains(places[widget])]
    return outside + [(a, b) for a, b in combinations(widgets, 2) if places[a].intersects(places[b])]


def test_a_section_leaves_the_canvas_as_it_is_and_takes_the_place_of_bars_that_would_be_too_small(
    qtbot, theme, page, sections
):
    """The canvas shrank to a quarter of its area as soon as a section was opened, and the bars with it."""
    details, canvas = (page.findChild(QWidget, name) for name in ("details", "canvas"))
    answer = page.findChild(DrawingAnswer)
    answer.set_answer(np.float32((0.2, 0.8)), ("4", "9"), is_doubtful=False)
    for width, height, has_bars in ((760, 560, False), (1900, 620, True), (760, 560, False)):
        page.resize(width, height)
        side = None
        for is_open, is_image in ((True, False), (False, False), (True, True), (True, False), (False, True)):
            details.setCurrentIndex(int(is_image))
            sections.open("evidence" if is_open else "")
            shows = has_bars or is_image or not is_open
            qtbot.waitUntil(lambda: details.isVisible() is shows)  # noqa: B023
            assert sections.pages.isVisible() is is_open
            side = side or canvas.width()
            assert (canvas.width(), canvas.height()) == (side, side)
            shown = [answer, sections, canvas, *[details] * shows, *[sections.pages] * is_open]
            qtbot.waitUntil(lambda: not lie_over_another(page, shown))  # noqa: B023
    sections.open("evidence")
    sections.is_covered = True
    sections.hide()  # as while the class guesses
    qtbot.waitUntil(lambda: not sections.pages.isVisible() and details.isVisible())


def test_where_the_bars_have_no_room_beside_the_answer_it_says_only_what_they_do_not(qtbot, theme, page):
    """Beside a lesson on a projector, a third of the bars was left, and the run’s name lay over them."""
    answer, bars = page.findChild(DrawingAnswer), page.findChild(QWidget, "details")
    answer.set_answer(np.float32((0.2, 0.8)), ("4", "9"), is_doubtful=False)
    answer.set_source("A", "softmax · epoch 44 · 4 pixels changed")
    said = {name: answer.findChild(QLabel, name) for name in ("runnerUpLabel", "answeringRunLabel")}
    for height, says_all in ((400, False), (560, True), (400, False)):
        page.resize(740, height)
        qtbot.waitUntil(lambda: all(each.isVisible() is says_all for each in said.values()))  # noqa: B023
        qtbot.waitUntil(lambda: bars.geometry().top() > answer.geometry().bottom())
        least = 5 * theme.sizes.control
        assert page.findChild(QWidget, "bar").width() >= least, "a button clears a small canvas, too"
