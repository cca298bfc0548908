"""The montage of a layer, exact to the pixel."""

import numpy as np
import pytest

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.tile_grid import tile_grid
from cadl_gui.imaging.weights.weight_images import weight_images


def images(inputs, units, kernel_size=2):
    layer = LayerSpec(
        name="layer",
        kind="convolution",
        input_shape=(9, 9, inputs),
        output_shape=(9, 9, units),
        kernel_size=kernel_size,
    )
    kernel = np.random.default_rng(3).normal(size=layer.kernel_shape).astype(np.float32)
    return weight_images(LayerWeights(layer, kernel, None))


def montage(shown, grid):
    return grid.montage(shown.tiles().reshape(-1, grid.tile_height, grid.tile_width), 99.0)


def test_kernels_of_one_input_lie_on_the_lectures_grid():
    """Lecture: `montage_filters`, but without an outer border."""
    shown = images(1, 32, kernel_size=5)
    side = int(np.ceil(np.sqrt(32)))
    expected = np.full((6 * side - 1, 6 * side - 1), 99.0, np.float32)
    for i in range(32):
        row, column = divmod(i, side)
        expected[6 * row : 6 * row + 5, 6 * column : 6 * column + 5] = shown.tiles()[0, i]
    grid = tile_grid(shown)
    np.testing.assert_array_equal(montage(shown, grid), expected)
    assert (grid.height, grid.width) == expected.shape


def test_other_kernels_lie_in_the_row_of_their_input_and_the_column_of_their_unit():
    shown = images(3, 4)
    grid = tile_grid(shown)
    pixels = montage(shown, grid)
    assert pixels.shape == (8, 11) == (grid.height, grid.width)
    np.testing.assert_array_equal(pixels[3:5, 9:11], shown.tiles()[1, 3])
    assert (pixels[:, 2] == 99).all()


def test_units_are_sorted_by_norm_and_keep_their_numbers():
    shown = images(3, 4)
    grid = tile_grid(shown, norms=shown.norms())
    norms = np.linalg.norm(shown.tiles().reshape(3, 4, -1), axis=2)
    units = grid.order.reshape(3, 4)[0]
    assert (np.diff(np.linalg.norm(norms, axis=0)[units]) <= 0).all()
    np.testing.assert_array_equal(grid.order.reshape(3, 4)[2], units + 8)


def test_images_of_one_input_are_sorted_by_norm():
    shown = images(1, 7)
    order = tile_grid(shown, norms=shown.norms()).order
    norms = np.linalg.norm(shown.tiles()[0].reshape(7, -1), axis=1)
    np.testing.assert_array_equal(order, np.argsort(-norms))


@pytest.mark.parametrize("by_norm", [False, True])
def test_every_pixel_is_found_again(by_norm):
    shown = images(3, 4)
    grid = tile_grid(shown, norms=shown.norms() if by_norm else None)
    pixels, tiles = montage(shown, grid), shown.tiles().reshape(12, 2, 2)
    for y in range(grid.height):
        for x in range(grid.width):
            found = grid.at(x + 0.5, y + 0.5)
            value = 99 if found is None else tiles[found.tile, found.y, found.x]
            assert pixels[y, x] == value
    for tile in range(12):
        x, y, width, height = grid.rect_of(tile)
        np.testing.assert_array_equal(pixels[y : y + height, x : x + width], tiles[tile])


@pytest.mark.parametrize("point", [(-1, 0), (0, -1), (11.5, 0), (0, 8.5)])
def test_outside_there_is_nothing(point):
    assert tile_grid(images(3, 4)).at(*point) is None


def test_free_positions_are_empty():
    grid = tile_grid(images(1, 3))
    assert grid.at(1, 1).tile == 0
    assert grid.at(4, 4) is None


def test_neighbours_lie_where_they_are_seen():
    grid = tile_grid(images(3, 4))
    assert grid.neighbour(5, 1, 0) == 6
    assert grid.neighbour(5, 0, 1) == 9
    assert grid.neighbour(5, 0, -1) == 1
    assert grid.neighbour(0, -1, 0) == 0
    assert grid.neighbour(11, 0, 1) == 11


@pytest.mark.parametrize(("inputs", "units"), [(3, 32), (32, 3), (2, 23)])
def test_a_long_matrix_is_folded_and_every_kernel_stays_where_it_can_be_found(inputs, units):
    """Not a strip of a tenth of the page; the kernels of one unit stay together, in the order of inputs."""
    shown = images(inputs, units)
    grid = tile_grid(shown)
    assert grid.is_folded
    assert max(grid.width, grid.height) <= 3 * min(grid.width, grid.height) or units == 23
    assert sorted(grid.order.tolist()) == list(range(inputs * units))
    for tile in range(inputs * units):
        place = grid.rect_of(tile)
        assert grid.at(place.x, place.y).tile == tile
        source, unit = divmod(tile, units)
        one_on = (source + 1) * units + unit if inputs < units else tile + 1
        if (source + 1 < inputs) if inputs < units else (unit + 1 < units):
            after = grid.rect_of(one_on)
            moved = (after.x - place.x, after.y - place.y)
            assert moved == ((0, 3) if inputs < units else (3, 0))


def test_a_matrix_that_fits_is_not_folded():
    assert not tile_grid(images(3, 12)).is_folded
    assert tile_grid(images(3, 12)).columns == 12
