"""Marks on the latent plane, as they are painted."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from cadl_gui.ui.latent.plane.overlay_layer import OverlayLayer
from cadl_gui.ui.theme.theme import Theme

pytestmark = pytest.mark.gui


@pytest.mark.parametrize("n", [5, 12, 40])
def test_a_trail_fades_from_the_newest_place_towards_the_oldest(qapp, n):
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#808080"))
    painter = QPainter(image)
    places = [QPointF(10 + 180 * i / (n - 1), 20) for i in range(n)]
    OverlayLayer(Theme("light")).paint_trail(painter, places)
    painter.end()
    oldest, newest = (image.pixelColor(x, 20).red() for x in (30, 180))
    assert oldest + 20 < newest


def test_the_dots_of_a_trajectory_are_larger_the_later(qapp):
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#808080"))
    painter = QPainter(image)
    places = [QPointF(x, 20) for x in (30, 100, 170)]
    OverlayLayer(Theme("light", present=True)).paint_trajectory(painter, places)
    painter.end()
    white = [
        sum(image.pixelColor(round(place.x()), y).lightness() > 250 for y in range(40)) for place in places
    ]
    assert 0 < white[0] < white[1] < white[2]
