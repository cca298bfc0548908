"""The histogram of a unit's weights, compared with those of its layer, and its statistics."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from seen import reported_at

from cadl_gui.ui.inspect.histogram_view import HistogramView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import LIGHT

pytestmark = pytest.mark.gui

LAYER = np.array([-1, -1, 0, 0.5, 1], np.float32)


@pytest.fixture
def view(qtbot):
    view = HistogramView(Theme("light"), empty_text="Nothing here.")
    qtbot.addWidget(view)
    view.resize(410, 200)
    view.show()
    return view


def test_unit_and_layer_share_an_axis(view):
    for layer, low, high, mean in ((LAYER, 40, 20, "−0.1"), (-LAYER, 20, 40, "0.1"), (LAYER, 40, 20, "−0.1")):
        view.set_weights(LAYER[:2], layer, 1.0)
        assert reported_at(view, QPoint(3, 20)) == f"≤ −0.951 · unit 100.0 %, layer {low}.0 %"
        assert reported_at(view, QPoint(408, 20)) == f"≥ 0.951 · unit 0 %, layer {high}.0 %"
        assert reported_at(view, QPoint(15, 20)) == "−0.951 … −0.902 · unit 0 %, layer 0 %"
        assert f"layer: mean {mean} ·" in view.accessibleDescription()
    view.set_weights(LAYER[:2], LAYER, 2.0)
    assert reported_at(view, QPoint(3, 20)) == "≤ −1.9 · unit 0 %, layer 0 %"


def test_statistics_are_reported_in_words(view):
    view.set_weights(np.array([3, -1], np.float32), LAYER, 3.0, bias=0.25)
    words = view.accessibleDescription()
    assert words == (
        "mean 1 · deviation 2, from −1 to 3 · norm 3.16, 2 weights · bias 0.25, "
        "layer: mean −0.1 · deviation 0.8"
    )


def test_what_is_not_finite_is_counted(view):
    view.set_weights(np.array([np.nan, 1], np.float32), LAYER, 1.0)
    assert "2 weights, 1 not finite" in view.accessibleDescription()


@pytest.mark.parametrize(
    ("values", "bars"),
    [
        ([np.nan], []),
        ([np.inf, -np.inf], []),
        ([0.0], [200]),
        ([3e38, -3e38], [4, 406]),
    ],
)
def test_histogram_of_odd_weights_is_painted(view, values, bars):
    """Finite weights have bars; if there are none, there are no bars."""
    values = np.array(values, np.float32)
    finite = np.abs(values[np.isfinite(values)])
    view.set_weights(values, values, float(finite.max(initial=0)))
    image, bar = view.render_image(1.0), QColor(LIGHT.field_edge)
    painted = [x for x in range(image.width()) if image.pixelColor(x, 60) == bar]
    assert len(painted) <= 9 * len(bars)
    assert all(min(abs(x - middle) for x in painted) <= 6 for middle in bars)
    assert "weight" in view.accessibleDescription()


def test_histogram_can_be_cleared(view):
    empty = view.render_image(1.0)
    view.set_weights(LAYER, LAYER, 1.0)
    assert view.render_image(1.0) != empty
    view.set_weights(None)
    assert view.render_image(1.0) == empty
    assert view.accessibleDescription() == "Nothing here."
