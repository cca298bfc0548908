"""What comes out of a network: the probabilities of classes, or a reconstruction."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from cadl_gui.domain.images import to_uint8
from cadl_gui.ui.figures.pixel_image import rgba_pixels
from cadl_gui.ui.inspect.output_view import OutputView
from cadl_gui.ui.theme.theme import Theme

pytestmark = pytest.mark.gui


def test_each_output_takes_the_place_of_the_one_before(qtbot):
    view = OutputView(Theme("light"), empty_text="")
    qtbot.addWidget(view)
    image = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4, 1)
    for _ in range(2):
        view.set_logits(np.float32([0, np.log(3)]), ["cat", "dog"])
        assert view.accessibleDescription() == "dog: 75.0 %, cat: 25.0 %"
        view.set_image(image)
        assert view.accessibleDescription() == "reconstruction"
        (shown,) = (item.image for item in view.items() if item.image is not None)
        np.testing.assert_array_equal(rgba_pixels(shown)[..., :1], to_uint8(image))
    view.set_logits(None)
    assert view.items() == ()
    view.set_logits(np.float32([np.nan, 1]))
    assert view.items() == ()


@pytest.mark.parametrize("names", [tuple("0123"), ("cat", "dog", "hen", "cow")])
def test_bars_are_as_long_as_their_classes_are_probable_and_the_most_probable_name_is_first(qtbot, names):
    theme = Theme("light")
    view = OutputView(theme, empty_text="")
    qtbot.addWidget(view)
    view.resize(400, 200)
    for shares in ((0.1, 0.6, 0.05, 0.25), (0.5, 0.1, 0.3, 0.1)):
        view.set_logits(np.log(np.float32(shares)), names)
        pixels = rgba_pixels(view.render_image(1.0))[..., :3].astype(int)

        def painted(colour, pixels=pixels):
            rgb = QColor(colour).getRgb()[:3]
            return (np.abs(pixels - rgb).sum(axis=2) == 0).nonzero()

        if names[0] == "0":
            labels = theme.label_colours(theme.background)
            tops = np.array([painted(labels[label])[0].min() for label in range(4)])
            room = tops.max() / (1 - min(shares))
            np.testing.assert_allclose(1 - tops / room, shares, atol=0.03)
        else:
            rows, columns = painted(theme.colours.field_edge)
            ends = [columns[rows == row].max() for row in sorted(set(rows))]
            assert ends == sorted(ends, reverse=True)
            assert len(set(ends)) == len(set(shares))
