"""Tiles are kept as long as there is room, the ones painted last longest, inverted as all others are."""

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from cadl_gui.ui.array_image import array_image
from cadl_gui.ui.figures.tile_cache import TileCache

VIEW = QRect(0, 0, 16, 16)


def tile(*greys):
    """An image whose rows have these greys."""
    return array_image(np.broadcast_to(np.array(greys, np.uint8)[:, None, None], (len(greys),) * 2 + (1,)))


def painted(cache, *levels):
    """The greys of the upper and of the lower half, of levels of (tile, place), the finest first."""
    image = QImage(VIEW.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    with QPainter(image) as painter:
        cache.paint(painter, VIEW, levels)
    return [image.pixelColor(8, y).getRgb()[0] for y in (2, 13)]


@pytest.fixture
def cache(qapp):
    return TileCache(4 * 16, QImage.height)


def test_tiles_that_come_before_or_after_the_colours_are_inverted_look_alike(cache):
    cache.add("first", tile(10, 10, 40, 40))
    for is_inverted in (True, True, False, True):
        cache.set_inverted(is_inverted)
        cache.add("second", tile(10, 10, 40, 40))
        expected = [245, 215] if is_inverted else [10, 40]
        assert painted(cache, [("first", VIEW)]) == painted(cache, [("second", VIEW)]) == expected
    cache.clear()
    cache.add("first", tile(10, 10, 40, 40))
    assert painted(cache, [("first", VIEW)]) == [245, 215]
    assert "second" not in cache.images


def test_until_a_tile_is_there_the_part_of_a_coarser_one_that_covers_it_is_painted(cache):
    upper, lower = QRect(0, 0, 16, 8), QRect(0, 8, 16, 8)
    levels = (
        [("upper", upper), ("lower", lower)],
        [("coarse", QRect(0, -16, 32, 32))],
        [("coarsest", QRect(-(10**6), -(10**6), 2 * 10**6, 2 * 10**6 + 32))],
    )
    assert painted(cache, *levels) == [255, 255]
    cache.add("coarsest", tile(*[120] * 8))
    assert painted(cache, *levels) == [120, 120]
    cache.add("coarse", tile(0, 10, 20, 30, 40, 50, 60, 70))
    assert painted(cache, *levels) == pytest.approx([40, 70], abs=4)
    cache.add("lower", tile(200, 200))
    assert painted(cache, *levels) == pytest.approx([40, 200], abs=4)
    cache.add("upper", tile(100, 100))
    assert painted(cache, *levels) == [100, 200]


def test_what_was_not_painted_for_longest_goes_where_there_is_no_more_room_also_after_clearing(cache):
    large = tile(*range(16))  # four of them are all that there is room for
    for again in ("before", "before", 0):
        cache.add(again, large)
    cache.clear()
    for name in (0, 1, 2, 3, 3, 3):
        cache.add(name, large)
    assert list(cache.images) == [0, 1, 2, 3]
    painted(cache, [(0, VIEW)])
    cache.add(8, large)
    assert list(cache.images) == [2, 3, 0, 8]
    cache.add(9, tile(7))
    assert list(cache.images) == [3, 0, 8, 9]
