"""Tiles are kept as long as there is room, the ones painted last longest, inverted as all others are."""

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from cadl_gui.domain.dataset_requests import MontageTile
from cadl_gui.imaging.montage.grid import MontageGrid
from cadl_gui.imaging.montage.tiles import TILE_PX
from cadl_gui.ui.data.tile_cache import TileCache

GRID = MontageGrid.of(np.arange(64, dtype=np.int32), 1.0, None, 8)


def pixels(*greys):
    """A tile whose rows have these greys."""
    rgba = np.full((len(greys), len(greys), 4), 255, np.uint8)
    rgba[..., :3] = np.array(greys, np.uint8)[:, None, None]
    return rgba


def painted(cache, tile, side=16):
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    painter = QPainter(image)
    cache.paint(painter, tile, GRID, QRect(0, 0, side, side))
    painter.end()
    return [image.pixelColor(side // 2, y).getRgb()[0] for y in (side // 8, side - side // 8 - 1)]


@pytest.fixture
def cache(qapp):
    return TileCache()


def test_tiles_that_come_before_or_after_the_colours_are_inverted_look_alike(cache):
    first, second = MontageTile(4, 0, 0), MontageTile(4, 0, 1)
    cache.add(first, pixels(10, 10, 40, 40))
    for is_inverted in (True, True, False, True):
        cache.set_inverted(is_inverted)
        cache.add(second, pixels(10, 10, 40, 40))
        expected = [245, 215] if is_inverted else [10, 40]
        assert painted(cache, first) == painted(cache, second) == expected
    cache.clear()
    cache.add(first, pixels(10, 10, 40, 40))
    assert painted(cache, first) == [245, 215]
    assert second not in cache


def test_until_a_tile_is_there_the_part_of_a_coarser_one_that_covers_it_is_painted(cache):
    fine = MontageTile(2, 3, 0)
    assert painted(cache, fine) == [255, 255]
    cache.add(MontageTile(TILE_PX, 0, 0), pixels(0, 10, 20, 30, 40, 50, 60, 70))
    assert painted(cache, fine) == pytest.approx([60, 70], abs=3)
    cache.add(MontageTile(4, 1, 0), pixels(140, 150, 160, 170))
    assert painted(cache, fine) == pytest.approx([160, 170], abs=3)
    assert painted(cache, MontageTile(2, 2, 1)) == pytest.approx([140, 150], abs=3)
    cache.add(fine, pixels(200, 210))
    assert painted(cache, fine) == [200, 210]


def test_what_was_not_painted_for_longest_goes_where_there_is_no_more_room_also_after_clearing(cache):
    large = np.full((4096, 2048, 4), 255, np.uint8)  # four of them are all that there is room for
    cache.add(MontageTile(4, 0, 1), large)
    cache.clear()
    tiles = [MontageTile(4, row, 0) for row in range(4)]
    for tile in tiles:
        cache.add(tile, large)
    assert all(tile in cache for tile in tiles)
    painted(cache, tiles[0])
    cache.add(MontageTile(4, 8, 0), large)
    assert [tile in cache for tile in tiles] == [True, False, True, True]
    cache.add(MontageTile(4, 9, 0), large[:64])
    assert [tile in cache for tile in tiles] == [True, False, False, True]
