"""Tiles cover the view, coarse ones first, and stay valid when the view is panned or zoomed."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.imaging.latent.tiles import Tile, centres, finest_level, grid_centres, refinement, tiles_in
from cadl_gui.imaging.latent.view_box import ViewBox

BOX = ViewBox(-3.2, 3.1, -2.7, 3.6)


# A subnormal number divided by a tile's side is zero, and no user gets there.
places = st.floats(-20, 20, allow_subnormal=False)


@given(places, places, st.floats(0.1, 30), st.floats(0, 1), st.floats(0, 1))
def test_every_place_in_view_lies_on_one_tile(z0, z1, span, across, up):
    box = ViewBox(z0, z0 + span, z1, z1 + span)
    tiles = tiles_in(box, finest_level(box, 672, 64))
    point = z0 + across * span, z1 + up * span
    assert any(tile.box.contains(*point) for tile in tiles)
    assert len(set(tiles)) == len(tiles) <= 23**2


@given(st.floats(0.01, 1000), st.floats(100, 2000), st.floats(8, 64))
def test_the_finest_tiles_have_about_the_requested_size(span, width_px, tile_px):
    side = 2.0 ** -finest_level(ViewBox(0, span, 0, span), width_px, tile_px)
    assert tile_px * 0.999 <= side / span * width_px < 2.001 * tile_px


def test_refinement_goes_from_coarse_to_fine_and_from_the_middle_outwards():
    order = list(refinement(BOX, 1, set()))
    assert [tile.level for tile in order] == sorted(tile.level for tile in order)
    assert Counter(tile.level for tile in order).keys() == {-1, 0, 1}
    finest = centres([tile for tile in order if tile.level == 1])
    distances = np.linalg.norm(finest - BOX.centre, axis=1)
    assert (np.diff(distances) >= -1e-6).all()


def test_of_large_images_one_coarse_level_is_enough():
    """A fifth of the tiles less to decode, and the first ones come as soon."""
    assert {tile.level for tile in refinement(BOX, 1, set(), 48)} == {-1, 1}


def test_decoded_tiles_are_not_requested_again_after_panning():
    decoded = set(refinement(BOX, 2, set()))
    assert list(refinement(BOX, 2, decoded)) == []
    new = list(refinement(BOX.panned(0.3, 0), 2, decoded))
    assert new
    assert all(tile.box.z0_high > BOX.z0_high for tile in new)


def test_a_tile_is_decoded_at_its_middle():
    tile = Tile(level=1, column=-1, row=2)
    assert tile.box == ViewBox(-0.5, 0, 1, 1.5)
    np.testing.assert_array_equal(centres([tile]), [tile.box.centre])
    assert centres([]).shape == (0, 2)


def test_a_print_runs_from_the_upper_left_row_by_row():
    z = grid_centres(ViewBox(0, 3, 0, 2), rows=2, columns=3)
    assert z.dtype == np.float32
    assert z.tolist() == [[0.5, 1.5], [1.5, 1.5], [2.5, 1.5], [0.5, 0.5], [1.5, 0.5], [2.5, 0.5]]


@pytest.mark.parametrize("level", [-3, 0, 5])
def test_tiles_of_one_level_do_not_overlap(level):
    tiles = tiles_in(ViewBox(-1, 1, -1, 1), level)
    assert all(tile.side == 2.0**-level for tile in tiles)
    assert len({tile.centre for tile in tiles}) == len(tiles)
