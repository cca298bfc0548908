"""The activation of one unit for one image."""

import numpy as np
import pytest

from cadl_gui.ui.inspect.activation_view import ActivationView

pytestmark = pytest.mark.gui


@pytest.fixture
def view(qtbot, theme):
    view = ActivationView(theme, empty_text="Nothing here.")
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    return view


def test_a_dense_units_one_number_is_written(view):
    view.set_activation(np.array([[0.0]], np.float32), 1.0)
    without = view.render_image(1.0)
    view.set_activation(np.array([[0.0004]], np.float32), 1.0)
    assert view.render_image(1.0) != without
    assert view.values.shape == (1, 1)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_where_nothing_is_negative_zero_is_the_background(view, theme, mode):
    """And what is active stands out from it, in either theme."""
    theme.set_mode(mode)
    view.set_activation(np.array([[0, 0.5]], np.float32), 1.0)
    image = view.render_image(1.0)
    zero, half = (image.pixelColor(x, 5).lightness() for x in (5, image.width() - 5))
    assert (zero > 200) == (mode == "light")
    assert abs(zero - half) > 60


def test_units_of_a_layer_have_the_same_colours(view):
    view.set_activation(np.array([[0.5]], np.float32), 1.0)
    alone = view.render_image(1.0).pixelColor(2, 2)
    view.set_activation(np.array([[0.5]], np.float32), 1.0, has_negative=True)
    assert view.render_image(1.0).pixelColor(2, 2) != alone
