"""A new figure is one class with its content; it then supports everything that figures do."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from seen import colours_of, hover_texts, on_screen, painted_anew

from cadl_gui.domain.images import to_uint8
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.imaging.weights.colour_map import colour_indices, colour_map
from cadl_gui.ui.controls.spotlight import Spotlight
from cadl_gui.ui.figures.colour_legend import symmetric_legend
from cadl_gui.ui.figures.curtain import Curtain
from cadl_gui.ui.figures.figure_item import Item
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.figure_view import FigureView

pytestmark = pytest.mark.gui

MESSAGE = "Choose two numbers."
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


class TwoHalves(FigureView):
    """A white image at the left, one signed number in its colour at the right, and the scale below."""

    def __init__(self, theme):
        super().__init__(theme, empty_text=MESSAGE)
        self._number = None

    def set_number(self, number):
        self._number = number
        self._refresh()

    def _items(self, ratio):
        if self._number is None:
            return
        left = self._grey_or_rgb_image(to_uint8(np.ones((1, 1, 1), np.float32)))
        right = self._coloured_image(colour_indices(np.full((1, 1), self._number), 1.0))
        width, height = self.width() / 2, self.height() - self._legend_height
        for i, (image, tip) in enumerate(((left, "left"), (right, f"number {self._number}"))):
            place = QRectF(i * width, 0, width, height)
            words = f"White beside {self._number}" if i else ""
            yield Item(place, lambda pen, place=place, image=image: pen.pixels(place, image), tip, words)
        yield self._legend_item(symmetric_legend(QRectF(0, height, 2 * width, self._legend_height), 1.0))


@pytest.fixture
def figure(qtbot, theme):
    return TwoHalves(theme)


@pytest.fixture
def page(qtbot, theme, figure):
    """A page of a window with the figure and something beside it; the focus is on the figure."""
    jobs, page = BackgroundJobs(), QWidget()
    qtbot.addWidget(page)
    page.setProperty("spotlightHost", True)
    page.panel = FigurePanel(figure, theme, jobs, "Halves")
    row = QHBoxLayout(page)
    row.addWidget(page.panel)
    beside = QLabel("Beside")
    beside.setFixedWidth(300)
    row.addWidget(beside)
    page.resize(700, 400)
    page.show()
    page.activateWindow()
    qtbot.waitExposed(page)
    page.panel.setFocus()
    qtbot.waitUntil(figure.hasFocus)
    figure.set_number(1.0)
    yield page
    assert jobs.join(60)


def colour(image, x_share):
    return image.pixelColor(int(x_share * image.width()), image.height() // 4).getRgb()[:3]


def colours(image):
    """The colours of both halves."""
    return colour(image, 0.25), colour(image, 0.75)


def seen(page, figure):
    """The colours of both halves on the screen."""
    return colours(on_screen(page).copy(QRect(figure.mapTo(page, QPoint(0, 0)), figure.size())))


def of(number, name="coolwarm"):
    return tuple(colour_map(name)[round(128 * number) + 128].tolist())


def test_figure_reports_what_is_under_the_pointer_as_long_as_it_is_there(qtbot, page, figure):
    reported = hover_texts(page.panel)
    qtbot.mouseMove(figure, QPoint(30, 30))
    qtbot.mouseMove(figure, QPoint(figure.width() - 30, 30))
    figure.set_number(-0.5)
    qtbot.mouseMove(page, QPoint(690, 390))
    assert reported == ["left", "number 1.0", "number -0.5", ""]


def test_figure_is_copied_as_it_is_seen(page, figure):
    QTest.keyClick(figure, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().image()
    assert copied.size() == figure.size() * 2
    assert colours(copied) == colours(painted_anew(figure)) == (WHITE, of(1))
    left_edge = {copied.pixelColor(0, y).getRgb()[:3] for y in range(copied.height())}
    assert of(-1) in left_edge, "the scale begins there"


def test_figure_is_saved_as_it_is_seen(qtbot, page, figure, file_dialogs, tmp_path):
    path = tmp_path / "halves.png"
    file_dialogs.answer(path)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(figure, Qt.Key.Key_S, modifiers)
    qtbot.waitUntil(path.exists)
    assert colours(QImage(str(path))) == (WHITE, of(1))


def test_in_the_spotlight_it_fills_the_page(page, figure):
    before = figure.width()
    QTest.keyClick(figure, Qt.Key.Key_Space)
    QApplication.processEvents()
    assert figure.width() > 500 > before  # with a button beside it
    assert page.findChild(Spotlight).geometry() == page.rect()
    QTest.keyClick(figure, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert figure.width() == before


def test_a_held_copy_stays_while_it_changes(page, figure):
    QTest.keyClick(figure, Qt.Key.Key_H)
    figure.set_number(-1.0)
    QApplication.processEvents()
    area = painted_anew(figure.parentWidget())
    held, live = (colour(area, share) for share in (0.35, 0.9))
    assert (held, live) == (of(1), of(-1))


def test_the_curtain_covers_it_and_what_it_reports(qtbot, page, figure):
    qtbot.mouseMove(figure, QPoint(30, 30))
    reported = hover_texts(page.panel)
    QTest.keyClick(figure, Qt.Key.Key_C)
    figure.set_number(-1.0)
    assert set(reported) == {""}
    curtain = page.panel.findChild(Curtain)
    assert of(-1) not in colours(painted_anew(figure.parentWidget()))
    QTest.mouseClick(curtain, Qt.MouseButton.LeftButton)
    assert of(-1) in colours(painted_anew(figure.parentWidget()))


def test_ink_on_paper_turns_the_image_around_at_once_and_numbers_never(qtbot, page, figure, theme):
    qtbot.waitUntil(lambda: seen(page, figure) == (WHITE, of(1)))
    theme.set_inverted(True)
    qtbot.waitUntil(lambda: seen(page, figure) == (BLACK, of(1)))
    theme.set_inverted(False)
    qtbot.waitUntil(lambda: seen(page, figure) == (WHITE, of(1)))


def test_another_colour_map_is_seen_at_once(qtbot, page, figure, theme):
    theme.set_colour_map("berlin")
    qtbot.waitUntil(lambda: seen(page, figure) == (WHITE, of(1, "berlin")))


def test_figure_built_later_shows_the_options_at_once(qtbot, theme):
    theme.set_inverted(True)
    theme.set_colour_map("grey")
    later = TwoHalves(theme)
    qtbot.addWidget(later)
    later.resize(300, 300)
    later.set_number(1.0)
    assert colours(later.render_image(1.0)) == (BLACK, of(1, "grey"))


def test_without_anything_to_show_it_says_what_to_do(page, figure, theme):
    assert figure.accessibleDescription() == "White beside 1.0"
    figure.set_number(None)
    assert figure.accessibleDescription() == MESSAGE
    assert theme.colours.secondary.lower() in colours_of(figure.render_image(1.0))


def test_accessible_name_of_a_figure_is_its_title(page, figure):
    assert figure.accessibleName() == "Halves"
