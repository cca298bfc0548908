"""Zooming keeps the point under the pointer, and stays inside the image."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF

from cadl_gui.ui.figures.zoom import Frame, Zoom

FRAME = Frame(QRectF(4, 4, 300, 200), 1000, 800, 1.0)


def test_at_first_the_whole_image_fits_at_the_top_left():
    assert Zoom().place(FRAME) == QRectF(4, 4, 250, 200)


@given(st.floats(4, 254), st.floats(4, 204), st.floats(2, 6))
def test_the_point_under_the_pointer_stays(x, y, factor):
    before = Zoom().place(FRAME)
    share = (x - before.left()) / before.width(), (y - before.top()) / before.height()
    after = Zoom().zoomed(factor, QPointF(x, y), FRAME).place(FRAME)
    moved = after.left() + share[0] * after.width(), after.top() + share[1] * after.height()
    if (
        after.left() > 4 - 1e-6
        or after.right() < 304 + 1e-6
        or after.top() > 4 - 1e-6
        or after.bottom() < 204 + 1e-6
    ):
        return  # an edge of the image holds it
    assert moved == pytest.approx((x, y), abs=1e-6)


@given(st.floats(1, 8), st.floats(-5000, 5000), st.floats(-5000, 5000))
def test_no_move_shows_anything_beyond_the_image(factor, x, y):
    zoom = Zoom().zoomed(factor, QPointF(100, 100), FRAME).moved(QPointF(x, y), FRAME)
    place = zoom.place(FRAME)
    assert 0 <= zoom.x <= 1
    assert 0 <= zoom.y <= 1
    if place.width() > FRAME.area.width():
        assert place.left() <= 4 + 1e-6
        assert place.right() >= 304 - 1e-6
    if place.height() > FRAME.area.height():
        assert place.top() <= 4 + 1e-6
        assert place.bottom() >= 204 - 1e-6


def test_a_move_against_the_edge_is_forgotten():
    """Dragging back has an effect at once."""
    zoom = Zoom().zoomed(4, QPointF(150, 100), FRAME).moved(QPointF(10_000, 0), FRAME)
    assert zoom.moved(QPointF(-10, 0), FRAME).place(FRAME).left() == pytest.approx(4 - 10)


def test_a_part_comes_into_sight_by_the_shortest_way():
    zoom = Zoom().zoomed(4, QPointF(4, 4), FRAME).showing(QRectF(940, 700, 60, 100), FRAME)
    place = zoom.place(FRAME)
    assert (place.right(), place.bottom()) == pytest.approx((304, 204))
    assert zoom.showing(QRectF(880, 690, 50, 40), FRAME).place(FRAME) == place


def test_large_pixels_are_whole_device_pixels():
    zoom, frame = Zoom(), Frame(QRectF(0, 0, 100, 100), 13, 13, 1.5)
    assert (zoom.place(frame).width() / 13 * 1.5) % 1 == pytest.approx(0)


def test_zooming_has_an_end_and_zero_shows_everything_again():
    zoom = Zoom().zoomed(1e9, QPointF(50, 50), FRAME)
    assert zoom.place(FRAME).width() / 1000 <= 64
    assert Zoom(1e6, 0.25, 0.75).place(FRAME).width() / 1000 <= 64, "as a file may have it"
    assert zoom.zoomed(0, QPointF(50, 50), FRAME).place(FRAME) == QRectF(4, 4, 250, 200)
