"""The activation of one unit for one image."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from cadl_gui.ui.inspect.activation_view import ActivationView

pytestmark = pytest.mark.gui

IMAGE = np.zeros((8, 8, 1), np.float32)


@pytest.fixture
def view(qtbot, theme):
    view = ActivationView(theme, empty_text="Nothing here.")
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    return view


def test_a_map_reports_its_numbers(qtbot, view):
    view.set_activation(IMAGE, np.array([[1, -2], [3, 4]], np.float32), 4.0)
    texts = []
    view.hover_text.connect(texts.append)
    qtbot.mouseMove(view, QPoint(160 + 100, 30))
    qtbot.mouseMove(view, QPoint(20, 30))
    assert texts == ["x 1, y 0 · −2", ""]


def test_a_dense_units_one_number_is_written(view):
    view.set_activation(IMAGE, np.array([[0.0]], np.float32), 1.0)
    without = view.render_image(1.0)
    view.set_activation(IMAGE, np.array([[-0.0004]], np.float32), 1.0)
    assert view.render_image(1.0) != without
    assert view.values.shape == (1, 1)


def test_ink_on_paper_inverts_the_image(view, theme):
    view.set_activation(IMAGE, np.array([[1.0]], np.float32), 1.0)
    assert view.render_image(1.0).pixelColor(5, 5).red() == 0
    theme.display.set_inverted(True)
    assert view.render_image(1.0).pixelColor(5, 5).red() == 255


def test_nothing_can_be_shown(view):
    empty = view.render_image(1.0)
    view.set_activation(IMAGE, np.array([[1.0]], np.float32), 1.0)
    assert view.render_image(1.0) != empty
    view.set_activation(None)
    assert view.values is None
    assert view.render_image(1.0) == empty
