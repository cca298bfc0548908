"""On every page and in every dialog, no text is cut off or lies over another, and nothing large is empty."""

import sys
from itertools import product

import pseudo
import pytest
from geometry import cut_off, largest_gap, overlapping, share_of_page, texts
from open_window import open_window, wait_until
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget
from shown_pages import dialogs, sections, set_mode, show_tab, use_tabs
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.system.resources import shipped_runs
from cadl_gui.system.words import _
from cadl_gui.ui.tabs import TABS

pytestmark = pytest.mark.gui

MODES = ("light", "present", "details")
"""Dark moves no text."""

SIZES = ((1024, 768), (1440, 900))
LEAST = (1024, 640)
ENOUGH_S = 5.0
"""What takes longer, such as the images that excite a unit most, is complete in the views that follow."""

VIEWS = (
    ("light", LEAST), ("light", SIZES[0]), ("light", SIZES[1]), ("details", LEAST), ("details", SIZES[0]),
    ("present", SIZES[0]), ("present", (1280, 720)),
)  # fmt: skip
"""All controls and the large type of present mode have least room in the small window, and on a projector."""

LEAST_PRESENT_PX = 18
"""Size of the type that is read from five metres."""

CUT_ON_PURPOSE = ("labelledLabel", "sectionText", "pictureSourceCombo")
"""Texts of which a longer language shows the beginning, since what is beside them keeps its room."""

LARGEST_GAP = 0.2
"""Share of a page at 1440×900."""


@pytest.fixture
def as_before(qapp):
    """Restores what the real window sets for the whole process."""
    interval = sys.getswitchinterval()
    flash = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    yield
    qapp.setCursorFlashTime(flash)
    qapp.setStyleSheet("")
    sys.setswitchinterval(interval)


@pytest.mark.tf
@pytest.mark.slow
def test_pages_with_the_shipped_runs(as_before):
    problems, seen = [], set()
    with open_window(*SIZES[0]) as (window, engine, theme):
        theme.set_reduce_motion(True)
        window.open_again(shipped_runs())
        wait_until(lambda: len(engine.runs) == len(shipped_runs()), 60)
        use_tabs(window, engine)
        for (mode, (width, height)), spec in product(VIEWS, TABS):
            set_mode(window, theme, mode)
            window.resize(width, height)
            page = show_tab(window, engine, spec.title, ENOUGH_S)
            for section in sections(window, page, engine, ENOUGH_S):
                seen.add(section)
                where = f"{spec.title} {section}, {width}×{height}, {mode}"
                problems += wrong_texts(where, window, mode)
                if (width, height) != SIZES[-1]:
                    continue
                gap = largest_gap(page, theme.colours.window)
                if share_of_page(gap, page) > LARGEST_GAP:
                    problems.append(f"{where}: empty: {gap.getRect()}")
    assert {_("Why"), _("Nearest"), _("Statistics")} <= seen
    assert not problems, "\n".join(problems)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_pages_without_runs(window, engine, theme, mode, as_before):
    window.resize(*SIZES[0])
    set_mode(window, theme, mode)
    problems = []
    for spec in TABS:
        show_tab(window, engine, spec.title)
        problems += wrong_texts(spec.title, window, mode)
    assert not problems, "\n".join(problems)


def wrong_texts(where, root, mode=""):
    """What is wrong with the texts of a window; in the pseudo-language also which are not marked."""
    shown = texts(root)
    problems = [f"cut off: {text}" for text in cut_off(shown, root)]
    problems += [f"over each other: {pair}" for pair in overlapping(shown, root)]
    problems += [f"small: {text}" for text in too_small(shown, mode)]
    if pseudo.IS_SPOKEN:
        problems = [problem for problem in problems if not any(name in problem for name in CUT_ON_PURPOSE)]
        problems += pseudo.unmarked([*(text.words for text in shown), *pseudo.told(root)])
    return [f"{where}: {problem}" for problem in problems]


def too_small(shown, mode):
    """The texts that a class cannot read."""
    return [text for text in shown if mode == "present" and text.pixels < LEAST_PRESENT_PX]


@pytest.mark.slow
def test_dialogs(qtbot, window, engine, theme, as_before):
    window.resize(*SIZES[0])
    for name in ("conv-classifier", "vae"):
        train(qtbot, engine, preset(name).config.replace(epochs=2))
    use_tabs(window, engine)
    problems = []
    for mode in MODES:
        set_mode(window, theme, mode)
        seen = []
        for dialog in dialogs(window, engine):
            seen.append(dialog.objectName())
            where = f"{dialog.objectName()}, {mode}"
            problems += wrong_texts(where, dialog)
        expected = {"raceDialog", "exportDialog", "shareDialog", "branchDialog", "keysDialog", "aboutDialog"}
        assert expected <= set(seen)
    assert not problems, "\n".join(problems)


class Painted(QWidget):
    """Paints a text into a rectangle."""

    def __init__(self, parent, width):
        super().__init__(parent)
        self.resize(200, 40)
        self.width_px = width

    def paintEvent(self, event):
        QPainter(self).drawText(0, 0, self.width_px, 40, Qt.AlignmentFlag.AlignCenter, "painted text")


@pytest.fixture
def page(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(400, 300)
    page.show()
    return page


def placed(widget, x, y, width, height):
    widget.setGeometry(x, y, width, height)
    widget.show()
    return widget


def test_a_label_or_button_made_too_narrow_is_found(page):
    label = placed(QLabel("A sentence of many words", page), 10, 10, 300, 30)
    button = placed(QPushButton("A button of some words", page), 10, 60, 300, 30)
    assert cut_off(texts(page), page) == []
    label.resize(60, 30)
    assert ["A sentence" in text for text in cut_off(texts(page), page)] == [True]
    label.setWordWrap(True)
    assert ["A sentence" in text for text in cut_off(texts(page), page)] == [True]
    label.resize(60, 200)
    button.move(200, 60)
    button.resize(150, 30)
    label.raise_()
    assert cut_off(texts(page), page) == []
    button.resize(70, 30)
    assert ["A button" in text for text in cut_off(texts(page), page)] == [True]


def test_a_text_outside_of_its_parent_or_beneath_another_widget_is_found(page):
    label = placed(QLabel("A sentence", page), 10, 10, 100, 30)
    label.move(360, 10)
    assert len(cut_off(texts(page), page)) == 1
    label.move(10, 10)
    placed(QWidget(page), 0, 0, 200, 60)
    assert len(cut_off(texts(page), page)) == 1


def test_the_size_of_type_is_measured_of_labels_and_of_what_is_painted(page):
    label, painted = (
        placed(QLabel("A label", page), 10, 10, 150, 30),
        placed(Painted(page, 200), 10, 50, 200, 40),
    )
    for widget, pixels in ((label, 17), (painted, 18), (label, 19), (painted, 16)):
        font = widget.font()
        font.setPixelSize(pixels)
        widget.setFont(font)
        sizes = {text.words: text.pixels for text in texts(page)}
        assert sizes["A label" if widget is label else "painted text"] == pixels
    assert [text.words for text in too_small(texts(page), "present")] == ["painted text"]
    assert too_small(texts(page), "light") == []


def test_what_can_be_scrolled_to_is_not_cut_off(page):
    area = QScrollArea(page)
    content = QWidget()
    content.resize(300, 1000)
    QLabel("Far below", content).move(10, 900)
    area.setWidget(content)
    placed(area, 0, 0, 350, 200)
    assert cut_off(texts(page), page) == []


def test_two_texts_over_each_other_are_found(page):
    placed(QLabel("One sentence", page), 10, 10, 150, 30)
    other = placed(QLabel("Another sentence", page), 20, 12, 150, 30)
    assert len(overlapping(texts(page), page)) == 1
    other.move(20, 50)
    assert overlapping(texts(page), page) == []


def test_a_painted_text_that_does_not_fit_is_found(page):
    painted = placed(Painted(page, 200), 10, 10, 200, 40)
    assert cut_off(texts(page), page) == []
    painted.width_px = 20
    painted.update()
    assert len(cut_off(texts(page), page)) == 1


def test_the_largest_gap_is_found(page):
    page.setStyleSheet("background: #102030")
    figure = placed(QLabel(page), 0, 0, 400, 100)
    figure.setStyleSheet("background: #FFFFFF")
    gap = largest_gap(page, "#102030")
    assert (gap.width(), gap.top()) == (400, 104)
    assert share_of_page(gap, page) == pytest.approx(0.64, abs=0.02)
    figure.resize(400, 300)
    assert QColor(page.grab().toImage().pixel(5, 200)) == QColor("#FFFFFF")
    assert largest_gap(page, "#102030").isEmpty()
