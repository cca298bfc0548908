"""Tiles of a montage: which a view needs, and what is on them."""

import numpy as np
import pytest

from cadl_gui.domain.dataset_requests import MontageTile
from cadl_gui.imaging.montage.tiles import (
    TILE_PX,
    cell_side,
    cells_of,
    finest_span,
    rendered_tile,
    span_for,
    tiles_in,
)


@pytest.mark.parametrize(("longest", "span"), [(28, 8), (64, 4), (256, 1), (1000, 1), (1, 256), (8, 32)])
def test_the_finest_tiles_show_images_in_full(longest, span):
    assert finest_span(longest) == span
    assert cell_side(span, longest) == longest
    assert span == 1 or span * longest <= TILE_PX


@pytest.mark.parametrize(
    ("side_px", "span"), [(0.1, 256), (1, 256), (2, 128), (7.9, 32), (16, 16), (28, 8), (500, 8)]
)
def test_the_span_suits_the_size_on_the_screen(side_px, span):
    assert span_for(side_px, 28) == span


def test_a_view_needs_the_tiles_that_it_touches_the_middle_ones_first():
    tiles = tiles_in(range(10, 50), range(3, 17), 16)
    assert {(tile.row, tile.column) for tile in tiles} == {(r, c) for r in range(4) for c in range(2)}
    assert tiles[0].row in {1, 2}
    assert tiles[-1].row in {0, 3}
    assert all(tile.span == 16 for tile in tiles)


def test_a_tile_is_cut_at_the_edge():
    cells = np.arange(20, dtype=np.int32).reshape(4, 5)
    assert cells_of(MontageTile(4, 0, 1), cells).tolist() == [[4], [9], [14], [19]]


@pytest.mark.parametrize("channels", [1, 3])
def test_each_image_is_in_its_cell_and_nothing_where_there_is_none(channels):
    images = np.random.default_rng(0).integers(0, 256, (9, 2, 3, channels), np.uint8)
    cells = np.array([[4, 0, -1], [8, -1, -1]], np.int32)
    tile = rendered_tile(cells, lambda numbers: images[numbers])
    assert (tile.shape, tile.flags.writeable) == ((4, 9, 4), False)
    for (row, column), number in np.ndenumerate(cells):
        cell = tile[2 * row : 2 * row + 2, 3 * column : 3 * column + 3]
        if number < 0:
            assert not cell.any()
        else:
            np.testing.assert_array_equal(cell[..., :3], np.broadcast_to(images[number], (2, 3, 3)))
            assert (cell[..., 3] == 255).all()
