"""The lecture's montage of kernels shows weights as hover text, and has a scale."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor
from seen import colours_of, part_told, reported_at

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.colour_map import colour_map
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.ui.figures.colour_legend import stretched_legend
from cadl_gui.ui.inspect.lecture_view import LectureView

pytestmark = pytest.mark.gui

LAYER = LayerSpec(name="a", kind="convolution", input_shape=(9, 9, 2), output_shape=(9, 9, 2), kernel_size=3)
KERNEL = np.linspace(-1, 3, 36, dtype=np.float32).reshape(LAYER.kernel_shape)


def image_of(view):
    """From the first to the last kernel, and the gap around them, which is as wide as a weight."""
    first = part_told(view, "unit 0 · input 0 · x 0, y 0")
    last = part_told(view, "unit 1 · input 1 · x 2, y 2")
    gap = first.width()
    return first.united(last).adjusted(-gap, -gap, gap, gap)


@pytest.fixture
def view(qtbot, theme):
    view = LectureView(theme, empty_text="Nothing here.")
    qtbot.addWidget(view)
    view.resize(240, 300)
    view.show()
    view.set_kernels(LayerWeights(LAYER, KERNEL, None), is_first=True)
    return view


def test_the_number_under_the_pointer_is_that_of_the_weight(view):
    side = image_of(view).width() / 9
    weight, gap = (reported_at(view, QPointF(x * side, 1.5 * side)) for x in (6.5, 4.5))
    assert weight == f"unit 1 · input 0 · x 1, y 0 · {KERNEL[0, 1, 0, 1]:.3g}".replace("-", "−")
    assert gap == "", "a gap is no weight"


@pytest.mark.parametrize("name", ["coolwarm", "grey"])
def test_the_scale_below_goes_from_the_lowest_to_the_highest(view, name, theme):
    theme.set_colour_map(name)
    image = view.render_image(1.0)
    y = image_of(view).bottom() + 13
    ends = image.pixelColor(0, y), image.pixelColor(image_of(view).right(), y)
    for end, colour in zip(ends, colour_map(name)[[0, -1]].tolist(), strict=True):
        assert np.abs(np.subtract(end.getRgb()[:3], colour)).max() < 6
    assert image.height() > y, "the scale is saved with the image"
    assert stretched_legend(QRectF(), -1.0, 3.0).zero == 0.25, "nearer to the end that is nearer"


def test_weights_that_are_no_numbers_have_a_scale_that_says_so(view):
    def legend(value):
        view.set_kernels(LayerWeights(LAYER, np.full_like(KERNEL, value), None), is_first=True)
        image, top = view.render_image(1.0), image_of(view).bottom() + 1
        return image.copy(0, top, image.width(), image.height() - top)

    assert legend(np.nan) != legend(0.0), "“not a number” stands at its ends"
    both_ends = {QColor(*colour_map("coolwarm")[end].tolist()).name() for end in (0, -1)}
    assert both_ends <= colours_of(legend(np.nan))
