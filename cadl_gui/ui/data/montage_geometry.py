"""Where the images of a montage are on the screen."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QPointF, QRect, QRectF

from cadl_gui.domain.dataset_requests import MontageTile
from cadl_gui.imaging.montage.grid import MontageGrid
from cadl_gui.imaging.montage.tiles import TILE_PX, span_for, tiles_in
from cadl_gui.ui.figures.zoom import Frame, Zoom

_RECOGNISABLE_PX = 28
"""Size of an image that is recognised; smaller ones are, in their own size."""

_WORTH_CUTTING = 1.5
"""Smallest magnification for which some columns are not in view."""

_COARSER = 4
"""Tiles of so many times the span are shown before those that suit the zoom."""


@dataclass(frozen=True)
class MontageGeometry:
    """A grid of images in an area of the screen, zoomed and panned.

    Attributes:
        grid: The grid.
        height: Height of an image, in its pixels.
        width: Width of an image.
        area: The area for the montage.
        ratio: Device pixels per pixel of the area.
        zoom: The zoom.
    """

    grid: MontageGrid
    height: int
    width: int
    area: QRectF
    ratio: float
    zoom: Zoom

    @property
    def frame(self) -> Frame:
        """The whole montage as an image, and its area."""
        return Frame(self.area, self.grid.n_columns * self.width, self.grid.n_rows * self.height, self.ratio)

    @cached_property
    def place(self) -> QRectF:
        """Rectangle of the whole montage."""
        return self.zoom.place(self.frame)

    @property
    def seen(self) -> QRectF:
        """The visible part of the montage."""
        return self.place & self.area

    @property
    def cell_width(self) -> float:
        """Width of an image on the screen."""
        return self.place.width() / self.grid.n_columns

    @property
    def cell_height(self) -> float:
        """Height of an image on the screen."""
        return self.place.height() / self.grid.n_rows

    @property
    def pixel_side(self) -> float:
        """Side of a pixel of an image on the screen."""
        return self.cell_width / self.width

    def recognisable_factor(self, least_px: int = 0) -> float:
        """Zoom factor at which an image is recognised: tens of thousands at once look like noise.

        If that is not much more than fits, everything is shown; otherwise as many columns as fit whole.

        Args:
            least_px: Least size of an image, also of one that is smaller.
        """
        longest = max(self.height, self.width)
        wanted = max(min(1.0, _RECOGNISABLE_PX / longest), least_px / longest) / self.pixel_side
        if wanted <= _WORTH_CUTTING:
            return 1.0
        return self.area.width() / self.cell_width / max(1, int(self.area.width() / self.cell_width / wanted))

    def pixel_in(self, part: QRectF, at: QPointF) -> tuple[int, int]:
        """Return the column and row, in a part of the montage, of the image pixel at a point."""
        return int((at.x() - part.left()) / self.pixel_side), int((at.y() - part.top()) / self.pixel_side)

    def part(self, row: int, column: int) -> QRectF:
        """Return the rectangle of an image in the whole montage, in pixels of the images."""
        return QRectF(column * self.width, row * self.height, self.width, self.height)

    def cell(self, row: int, column: int) -> QRectF:
        """Return the rectangle of an image."""
        left, top = self.place.left() + column * self.cell_width, self.place.top() + row * self.cell_height
        return QRectF(left, top, self.cell_width, self.cell_height)

    def cells(self, rows: range, columns: range) -> QRectF:
        """Return the rectangle of some rows and columns."""
        last = self.cell(rows.stop - 1, columns.stop - 1)
        return QRectF(self.cell(rows.start, columns.start).topLeft(), last.bottomRight())

    def pixels(self, rows: range, columns: range) -> QRect:
        """Return the rectangle of some rows and columns in whole device pixels, without seams."""
        place = self.cells(rows, columns)
        edges = place.left(), place.top(), place.right(), place.bottom()
        left, top, right, bottom = (round(self.ratio * edge) for edge in edges)
        return QRect(left, top, right - left, bottom - top)

    def cell_at(self, at: QPointF) -> tuple[int, int] | None:
        """Return the row and column of the image at a point, or None if there is none."""
        if not self.area.contains(at):
            return None
        row = math.floor((at.y() - self.place.top()) / self.cell_height)
        column = math.floor((at.x() - self.place.left()) / self.cell_width)
        return None if self.grid.number_at(row, column) is None else (row, column)

    def visible(self) -> tuple[range, range]:
        """Return the rows and columns that are in view."""
        seen, place = self.seen, self.place
        top, bottom = ((edge - place.top()) / self.cell_height for edge in (seen.top(), seen.bottom()))
        left, right = ((edge - place.left()) / self.cell_width for edge in (seen.left(), seen.right()))
        # Half a pixel less, so that no row is counted that only touches the edge.
        down, across = 0.5 / self.cell_height, 0.5 / self.cell_width
        return (
            range(max(0, int(top + down)), min(self.grid.n_rows, math.ceil(bottom - down))),
            range(max(0, int(left + across)), min(self.grid.n_columns, math.ceil(right - across))),
        )

    def tile_of(self, cell: tuple[int, int]) -> MontageTile:
        """Return the tile with the image at a row and column that suits the zoom."""
        return MontageTile(self._span, cell[0] // self._span, cell[1] // self._span)

    def tiles(self) -> list[MontageTile]:
        """Return the visible tiles that suit the zoom, those in the middle first."""
        return tiles_in(*self.visible(), self._span)

    def levels(self) -> Iterator[list[tuple[MontageTile, QRect]]]:
        """Return the visible tiles and their places, those that suit the zoom, then coarser ones."""
        span = self._span
        while span <= TILE_PX:
            tiles = tiles_in(*self.visible(), span)
            yield [(tile, self.pixels(*self.cells_of(tile))) for tile in tiles]
            span *= 2

    def tiles_and_coarser(self) -> list[MontageTile]:
        """Return all tiles that a view needs, the most urgent first."""
        # All images at once first: something is then there wherever the user zooms out or pans to.
        everything = tiles_in(range(self.grid.n_rows), range(self.grid.n_columns), TILE_PX)
        coarser = tiles_in(*self.visible(), min(TILE_PX, _COARSER * self._span))
        return list(dict.fromkeys([*everything, *coarser, *self.tiles()]))

    def cells_of(self, tile: MontageTile) -> tuple[range, range]:
        """Return the rows and columns of a tile."""
        top, left = tile.row * tile.span, tile.column * tile.span
        return (
            range(top, min(self.grid.n_rows, top + tile.span)),
            range(left, min(self.grid.n_columns, left + tile.span)),
        )

    @property
    def _span(self) -> int:
        longest = max(self.cell_width, self.cell_height) * self.ratio
        return span_for(longest, max(self.height, self.width))
