"""The band below the strip of a path: a name stands inside the part of its class, or not at all."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from cadl_gui.ui.latent.path_strip import PathStrip

pytestmark = pytest.mark.gui


def test_a_name_keeps_clear_of_the_edges_of_its_part_of_the_band(qtbot, theme):
    """A “6” lay over both edges of a narrow part."""
    strip = PathStrip(theme)
    qtbot.addWidget(strip)
    strip.resize(900, 100)
    strip.set_images(np.zeros((9, 28, 28, 1), np.float32))
    named = []

    def picture(name):
        strip.set_answers(probabilities, ("0", name, "2"))
        image = strip.render_image(1.0)
        return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()).copy()

    for width in range(4, 40):
        probabilities = np.full((1001, 3), 0.01)
        probabilities[:400, 0] = probabilities[400 : 400 + width, 1] = probabilities[400 + width :, 2] = 0.98
        six, eight = picture("6"), picture("8")
        differs = (six != eight).any(0).nonzero()[0]
        if len(differs):
            edges = (six[-3, 1:] != six[-3, :-1]).nonzero()[0]
            left, right = edges[edges < differs[0]].max(), edges[edges > differs[-1]].min()
            assert min(differs[0] - left, right - differs[-1]) > 1
            named.append(width)
    assert named
    assert named == [*range(named[0], 40)]


def test_each_part_of_the_band_has_the_colour_of_its_class(qtbot, theme):
    strip = PathStrip(theme)
    qtbot.addWidget(strip)
    strip.resize(900, 100)
    strip.set_images(np.zeros((9, 28, 28, 1), np.float32))
    for labels in ((4, 1, 7), (1, 7, 1)):
        probabilities = np.full((99, 10), 0.01)
        probabilities[np.arange(99), np.repeat(labels, 33)] = 0.91
        strip.set_answers(probabilities, tuple("0123456789"))
        image = strip.render_image(1.0)
        painted = [image.pixelColor(round(x * image.width()), image.height() - 3) for x in (0.2, 0.4, 0.8)]
        assert painted == [QColor(theme.label_colours(theme.background)[label]) for label in labels]
