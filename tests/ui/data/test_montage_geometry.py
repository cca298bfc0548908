"""Where images that are no squares lie in a montage, whole and zoomed into, at any density of the screen."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from cadl_gui.imaging.montage.grid import MontageGrid
from cadl_gui.imaging.montage.tiles import TILE_PX
from cadl_gui.ui.data.montage_geometry import MontageGeometry
from cadl_gui.ui.figures.zoom import Zoom

AREA = QRectF(10, 20, 400, 300)


def geometry(height, width, n=70, columns=10, zoom=None, ratio=1.0):
    """Seventy images, ten in a row, the last row of which is not full."""
    numbers = np.arange(n - 3, dtype=np.int32)
    grid = MontageGrid.of(numbers, 1.0, None, columns)
    return MontageGeometry(grid, height, width, AREA, ratio, zoom or Zoom())


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize(("height", "width"), [(6, 30), (40, 8), (5, 5)])
def test_each_image_is_found_where_it_lies_and_nothing_where_there_is_none(height, width, ratio):
    at = geometry(height, width, ratio=ratio)
    assert at.place.width() / at.place.height() == pytest.approx(10 * width / (7 * height))
    assert at.place.topLeft() == AREA.topLeft()
    assert AREA.united(at.place) == AREA
    assert at.pixel_side == pytest.approx(at.cell_width / width) == pytest.approx(at.cell_height / height)
    for row, column in ((0, 0), (0, 9), (6, 0), (6, 6), (3, 7)):
        cell = at.cell(row, column)
        assert at.cell_at(cell.center()) == (row, column)
        assert cell.width() / cell.height() == pytest.approx(width / height)
        corner = cell.bottomRight() - QPointF(0.4, 0.4) * at.pixel_side
        assert at.pixel_in(cell, corner) == (width - 1, height - 1)
        assert at.pixel_in(cell, cell.topLeft() + QPointF(2.5, 1.5) * at.pixel_side) == (2, 1)
    assert at.cell_at(at.cell(6, 7).center()) is None
    assert at.cell_at(QPointF(5, 25)) is None
    block = at.cells(range(1, 4), range(2, 9))
    assert block == at.cell(1, 2).united(at.cell(3, 8))
    device = at.pixels(range(1, 4), range(2, 9))
    assert (device.x(), device.width()) == (
        round(ratio * block.left()),
        round(ratio * block.right()) - round(ratio * block.left()),
    )
    assert at.visible() == (range(7), range(10))


@pytest.mark.parametrize(("height", "width"), [(6, 30), (40, 8)])
def test_zoomed_into_only_what_is_in_view_is_wanted_first_the_whole_then_coarse_then_fine(height, width):
    whole = geometry(height, width)
    zoom = Zoom().zoomed(12, whole.cell(6, 6).bottomRight(), whole.frame)
    at = geometry(height, width, zoom=zoom)
    rows, columns = at.visible()
    assert (rows.stop, 6 in rows, 6 in columns, 0 in rows, 0 in columns) == (7, True, True, False, False)
    for row in rows:
        for column in columns:
            assert at.cell(row, column).intersects(AREA)
    for beside in (AREA.topLeft() - QPointF(3, -9), AREA.topLeft() + QPointF(9, -3)):
        assert at.place.contains(beside)
        assert at.cell_at(beside) is None, "it is out of view"
    tiles = at.tiles_and_coarser()
    assert tiles[0].span == TILE_PX
    assert {*at.tiles()} <= {*tiles}
    assert tiles[-1].span == at.tiles()[0].span == at.tile_of((6, 6)).span < TILE_PX
    span = at.tile_of((6, 6)).span
    assert (at.tile_of((6, 6)).row, at.tile_of((6, 6)).column) == (6 // span, 6 // span)
    of_it = at.cells_of(at.tile_of((6, 6)))
    assert all(6 in each for each in of_it)


@pytest.mark.parametrize("is_wide", [True, False])
def test_the_span_and_what_is_recognised_go_by_the_longer_side(is_wide):
    """Images of 8×64 were shown as small as if they had eight pixels."""
    wide, high = geometry(8, 64, n=1003, columns=25), geometry(64, 8, n=1003, columns=200)
    at = wide if is_wide else high
    longest = max(at.cell_width, at.cell_height)
    zoomed = [replace(at, zoom=Zoom(at.recognisable_factor(least))) for least in (0, 90)]
    sides = [max(each.cell_width, each.cell_height) for each in zoomed]
    assert 28 <= sides[0] < 32
    assert 90 <= sides[1] < (120 if is_wide else 90 + 90 / 8)
    for each in zoomed:
        n = AREA.width() / each.cell_width
        assert n == pytest.approx(round(n)), "no column is cut off"
    assert at.tiles()[0].span == pytest.approx(TILE_PX / 2 ** round(np.log2(longest)))
    small = geometry(12, 9, n=5003, columns=80)
    assert small.recognisable_factor() == pytest.approx(1 / small.pixel_side, rel=0.05), "in their own size"
    assert geometry(6, 30).recognisable_factor() == 1, "everything, rather than some columns"
