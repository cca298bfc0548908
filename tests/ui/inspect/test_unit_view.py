"""One enlarged image of weights, with its numbers."""

from itertools import groupby

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from seen import colours_of, reported_at

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.colour_map import NOT_A_NUMBER_COLOUR, colour_map
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.weight_images import weight_images
from cadl_gui.ui.inspect.unit_view import UnitView
from cadl_gui.ui.theme.theme import Theme

pytestmark = pytest.mark.gui


def dense(input_shape, kernel):
    layer = LayerSpec(name="layer", kind="dense", input_shape=input_shape, output_shape=(kernel.shape[1],))
    return weight_images(LayerWeights(layer, kernel.astype(np.float32), None))


IMAGES = dense((2, 3, 1), np.array([[0, 1], [0, -0.5], [0, 0.25], [0, 0], [0, 0.125], [0, -1]]))


@pytest.fixture
def view(qtbot):
    view = UnitView(Theme("light"), empty_text="Nothing here.")
    qtbot.addWidget(view)
    view.resize(300, 260)
    view.show()
    return view


def test_a_low_view_leaves_the_scale_out_and_gives_its_room_to_the_image(qtbot, view):
    """On a laptop whose screen is scaled, the ends of the scale were all that was left."""
    view.set_unit(IMAGES, 1, 1.0)
    view.resize(300, 60)
    below = view.grab().toImage().copy(0, 56, 300, 4)
    assert colours_of(below) - {view.palette().window().color().name()}, "the image goes down to here"
    assert reported_at(view, QPoint(150, 55)) == "x 1, y 1 · 0.125"


def test_weights_of_more_inputs_than_the_view_has_pixels_are_all_shown(qtbot, view):
    side = 400
    view.set_unit(dense((side, side, 1), np.zeros((side * side, 1))), 0, 1.0)
    for y in (1, 10):
        assert reported_at(view, QPoint(view.width() // 2, y)).endswith(" · 0")


def test_the_squares_of_weights_are_of_equal_size(view):
    """Which 300 pixels for 7 weights are not, unless a margin remains."""
    view.set_unit(dense((1, 7, 1), np.tile([1, -1], 4)[:7, None]), 0, 1.0)
    image = view.render_image(1.0)
    colours = [image.pixelColor(x, 10).name() for x in range(image.width())]
    assert [len(list(square)) for _, square in groupby(colours)] == [300 // 7] * 7


def test_empty_cells_hold_no_number(qtbot, view):
    view.set_unit(dense((13,), np.ones((13, 1))), 0, 1.0)
    image = view.render_image(1.0)
    left = (view.width() - image.width()) // 2
    assert reported_at(view, QPoint(left + 10, 10)) == "input 0 · 1"
    assert reported_at(view, QPoint(left + image.width() - 10, image.width() - 10)) == ""


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        (np.nan, NOT_A_NUMBER_COLOUR),
        (np.inf, NOT_A_NUMBER_COLOUR),
        (3e38, tuple(colour_map("coolwarm")[256])),
        (0.0, tuple(colour_map("coolwarm")[128])),
    ],
)
def test_odd_weights_have_their_colour_too(view, value, colour):
    view.set_unit(dense((2, 2, 1), np.full((4, 1), value)), 0, 0.0 if not np.isfinite(value) else value)
    image = view.render_image(2.0)
    assert image.pixelColor(4, 4).getRgb()[:3] == image.pixelColor(380, 4).getRgb()[:3] == colour


def test_a_unit_that_sees_colours_is_one_image_of_them(qtbot, view):
    layer = LayerSpec(name="layer", kind="dense", input_shape=(2, 3, 3), output_shape=(1,))
    kernel = np.zeros((18, 1), np.float32)
    kernel[3:6, 0] = 0.5, -1, 0.25
    view.set_unit(weight_images(LayerWeights(layer, kernel, None), in_colour=True), 0, 1.0)
    assert view.values.shape == (2, 3, 3)
    assert reported_at(view, QPoint(150, 50)) == "x 1, y 0 · R 0.5, G −1, B 0.25"
    assert view.grab().toImage().pixelColor(150, 50).getRgb()[:3] == (191, 0, 159)
