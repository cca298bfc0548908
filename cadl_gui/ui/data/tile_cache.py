"""Caches rendered tiles of a montage, and paints the finest ones that there are."""

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from cadl_gui.domain.dataset_requests import MontageTile
from cadl_gui.imaging.montage.grid import MontageGrid
from cadl_gui.imaging.montage.tiles import TILE_PX
from cadl_gui.ui.figures.figure_pixels import NEAREST_FROM

_MOST_BYTES = 2**27
"""Limit on all tiles: four times what a view of 2560×1440 device pixels needs."""


class TileCache:
    """Holds the tiles of one grid as images."""

    def __init__(self) -> None:
        self._tiles: OrderedDict[MontageTile, QImage] = OrderedDict()
        self._n_bytes = 0
        self._is_inverted = False

    def __contains__(self, tile: MontageTile) -> bool:
        return tile in self._tiles

    def clear(self) -> None:
        """Remove all tiles."""
        self._tiles.clear()
        self._n_bytes = 0

    def set_inverted(self, inverted: bool) -> None:
        """Invert all tiles, black for white, or return them to what they were."""
        if inverted != self._is_inverted:
            self._is_inverted = inverted
            for image in self._tiles.values():
                image.invertPixels()

    def add(self, tile: MontageTile, pixels: NDArray[np.uint8]) -> None:
        """Add a tile, (height, width, 4) RGBA; those that were not used for longest give way to it."""
        image = _image_of(pixels)
        if self._is_inverted:
            image.invertPixels()
        self._tiles[tile] = image
        self._n_bytes += image.sizeInBytes()
        while self._n_bytes > _MOST_BYTES and len(self._tiles) > 1:
            self._n_bytes -= self._tiles.popitem(last=False)[1].sizeInBytes()

    def image(self, tile: MontageTile) -> QImage | None:
        """Return the image of a tile, or None if it is not there."""
        return self._tiles.get(tile)

    def paint(self, painter: QPainter, tile: MontageTile, grid: MontageGrid, target: QRect) -> None:
        """Paint a tile, or the part of the finest coarser tile that covers it.

        Args:
            painter: Paints in device pixels.
        """
        found: MontageTile | None = tile
        while found is not None and found not in self._tiles:
            found = found.parent if found.span < TILE_PX else None
        if found is None:
            return
        image = self._tiles[found]
        self._tiles.move_to_end(found)
        source = _part_of(image, found, tile, grid)
        smooth = found != tile or target.width() < NEAREST_FROM * source.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(QRectF(target), image, source)


def cells_in(tile: MontageTile, grid: MontageGrid) -> tuple[range, range]:
    """Return the rows and columns of the grid that a tile covers."""
    top, left = tile.row * tile.span, tile.column * tile.span
    return (
        range(top, min(grid.n_rows, top + tile.span)),
        range(left, min(grid.n_columns, left + tile.span)),
    )


def _part_of(image: QImage, found: MontageTile, tile: MontageTile, grid: MontageGrid) -> QRectF:
    """Return the rectangle of a tile in the image of the tile that was found in its place."""
    (rows, columns), (all_rows, all_columns) = cells_in(tile, grid), cells_in(found, grid)
    across, down = image.width() / len(all_columns), image.height() / len(all_rows)
    left, top = columns.start - all_columns.start, rows.start - all_rows.start
    return QRectF(across * left, down * top, across * len(columns), down * len(rows))


def _image_of(pixels: NDArray[np.uint8]) -> QImage:
    height, width, _ = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    # What has no gaps is painted faster without an alpha channel. Converting copies the pixels.
    is_full = bool((pixels[..., 3] == 255).all())
    formats = QImage.Format
    return image.convertToFormat(formats.Format_RGB32 if is_full else formats.Format_ARGB32_Premultiplied)
