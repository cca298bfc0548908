"""The image widget shows each pixel at its place in its exact colour."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from seen import hover_texts

from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.theme.theme import Theme

pytestmark = pytest.mark.gui


@pytest.fixture
def view(show, theme):
    return show(ImageView(theme, empty_text="Press Train."), 280, 280)


def grey_at(image, x, y):
    return QColor(image.pixel(x, y)).red()


def test_enlarged_pixels_are_equal_squares(view):
    """4×4 pixels in 280: each is 70×70, with hard edges."""
    pixels = (np.arange(16, dtype=np.uint8) * 16).reshape(4, 4, 1)
    view.set_image(pixels)
    image = view.grab().toImage()
    for row in range(4):
        for column in range(4):
            for dx, dy in ((0, 0), (69, 69)):
                assert grey_at(image, 70 * column + dx, 70 * row + dy) == pixels[row, column, 0]


@given(st.integers(3, 9), st.integers(1, 9), st.integers(1, 9))
def test_whole_multiples_are_exact_for_any_shape(scale, height, width):
    view = ImageView(Theme("light"), empty_text="")
    pixels = np.random.default_rng(height * 10 + width).integers(0, 256, (height, width, 3), dtype=np.uint8)
    view.resize(scale * width, scale * height)
    view.set_image(pixels)
    image = view.render_image(1.0)
    shown = np.array(
        [
            [QColor(image.pixel(x, y)).getRgb()[:3] for x in range(image.width())]
            for y in range(image.height())
        ]
    )
    np.testing.assert_array_equal(shown, pixels.repeat(scale, 0).repeat(scale, 1))


def test_a_rendering_at_twice_the_size_has_twice_the_pixels(view):
    view.set_image(np.ones((4, 4, 1), np.float32))
    image = view.render_image(2.0)
    assert (image.width(), image.height()) == (560, 560)
    assert grey_at(image, 555, 555) == 255


def test_ink_on_paper_inverts(view, theme):
    theme.set_inverted(True)
    view.set_image(np.zeros((4, 4, 1), np.float32))
    assert grey_at(view.grab().toImage(), 10, 10) == 255


def test_the_pointer_reads_the_pixel_and_its_image(qtbot, view):
    images = np.zeros((100, 28, 28, 1), np.float32)
    images[13, 7, 12] = 0.83
    view.set_images(images)
    said = hover_texts(view)
    qtbot.mouseMove(view, QPoint(1, 1))
    qtbot.mouseMove(view, QPoint(3 * 28 + 12, 1 * 28 + 7))
    assert said[-1] == "image 14 · x 12, y 7 · 0.83"
    view.set_images((images * 255).round().astype(np.uint8))
    assert said[-1] == "image 14 · x 12, y 7 · 0.83"


def test_an_empty_view_says_what_to_do_and_a_full_one_does_not(view):
    empty = view.grab().toImage()
    view.set_image(np.zeros((4, 4, 1), np.float32))
    assert view.grab().toImage() != empty
    view.set_image(None)
    assert view.grab().toImage() == empty


@pytest.mark.parametrize("shape", [(28, 28), (3, 28, 28), (2, 28, 28, 2)])
def test_what_is_no_image_is_refused(view, shape):
    with pytest.raises(ValueError, match="Expected"):
        view.set_images(np.zeros(shape))


def test_a_rendering_holds_the_image_and_nothing_around_it(view):
    view.resize(400, 280)
    view.set_image(np.ones((4, 4, 1), np.float32))
    image = view.render_image(1.0)
    assert (image.width(), image.height()) == (280, 280)
