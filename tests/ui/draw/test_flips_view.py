"""The drawing before and after pixels were inverted, which are framed."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QRegion

from cadl_gui.ui.draw.flips_view import FlipsView

pytestmark = pytest.mark.gui


def area_of(image, colour):
    """The rectangle around all pixels of a colour."""
    found = QRegion()
    for y in range(image.height()):
        for x in range(image.width()):
            if image.pixelColor(x, y).name() == colour:
                found += QRect(QPoint(x, y), QPoint(x, y))
    return found.boundingRect()


def test_the_frame_is_around_the_pixel_that_was_inverted(qtbot, theme):
    view = FlipsView(theme, empty_text="Nothing yet.")
    qtbot.addWidget(view)
    view.resize(500, 140)
    before = np.zeros((20, 28, 1), np.float32)
    for row, column in ((2, 15), (11, 4)):
        after = before.copy()
        after[row, column] = 1
        view.set_images(before, after, frozenset({(row, column)}))
        image = view.grab().toImage()
        frame, pixel = area_of(image, theme.label_colours("dark")[2].lower()), area_of(image, "#ffffff")
        assert frame.contains(pixel)
        assert frame.width() <= pixel.width() + 4


@pytest.mark.parametrize(("size", "side"), [((418, 188), 140), ((900, 188), 168), ((418, 100), 64)])
def test_the_texts_are_where_they_leave_larger_images(qtbot, theme, size, side):
    """Beside a lesson on a projector, the images were of 40 pixels."""
    view = FlipsView(theme, empty_text="Nothing yet.")
    qtbot.addWidget(view)
    theme.set_present(True)
    view.resize(*size)
    white = np.ones((28, 28, 1), np.float32)
    view.set_images(white, 0 * white, frozenset())
    view.set_texts(("4", "100.0 %"), ("9", "52.0 %"))
    assert area_of(view.grab().toImage(), "#ffffff").width() == pytest.approx(side, abs=3)
