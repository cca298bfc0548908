"""The decoded manifold: tiles of several sizes."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from cadl_gui.imaging.latent.tiles import Tile, smallest_tile_px, tile_ranges
from cadl_gui.ui.latent.plane.canvas import LatentCanvas
from cadl_gui.ui.latent.plane.pixels import rgb_images, set_smoothing, squared

_MOST_TILES = 8_192


class TileCache:
    """Caches decoded images, and paints the finest available for the view."""

    def __init__(self) -> None:
        self._tiles: dict[Tile, QImage] = {}
        self._in_colour = False

    @property
    def in_colour(self) -> bool:
        """Whether the latest images have three channels."""
        return self._in_colour

    @property
    def tiles(self) -> AbstractSet[Tile]:
        """The tiles available."""
        return self._tiles.keys()

    @property
    def is_empty(self) -> bool:
        """Whether there are no images."""
        return not self._tiles

    def add(self, tiles: Sequence[Tile], images: NDArray[Any]) -> None:
        """Add decoded images, (n, height, width, 1 or 3); the oldest are evicted above 8,192 tiles."""
        self._in_colour = images.shape[-1] == 3
        for tile, image in zip(tiles, rgb_images(squared(images)), strict=True):
            self._tiles.pop(tile, None)
            self._tiles[tile] = image
        for tile in list(islice(self._tiles, max(0, len(self._tiles) - _MOST_TILES))):
            del self._tiles[tile]

    def clear(self) -> None:
        """Remove all images."""
        self._tiles.clear()

    def paint(self, painter: QPainter, canvas: LatentCanvas) -> None:
        """Paint the visible tiles, coarse ones first, which show where a finer one is missing."""
        for level in self._levels(canvas):
            self._paint_level(painter, canvas, level)

    def _levels(self, canvas: LatentCanvas) -> list[int]:
        """Return the levels to paint, coarse to fine, without those too fine for the view or hidden."""
        px_per_unit = canvas.width / canvas.box.width
        least = smallest_tile_px(next((image.width() for image in self._tiles.values()), 0))
        large = {tile.level for tile in self._tiles if tile.side * px_per_unit >= least}
        chosen: list[int] = []
        for level in sorted(large, reverse=True):
            chosen.insert(0, level)
            columns, rows = tile_ranges(canvas.box, level)
            if all(Tile(level, column, row) in self._tiles for column in columns for row in rows):
                break
        return chosen

    def _paint_level(self, painter: QPainter, canvas: LatentCanvas, level: int) -> None:
        columns, rows = tile_ranges(canvas.clipped_box, level)
        # Edges on whole pixels, so that neighbours meet without a seam.
        side = 2.0**-level
        edges0 = [(side * column, 0.0) for column in (*columns, columns.stop)]
        edges1 = [(0.0, side * row) for row in (*rows, rows.stop)]
        x = np.rint(canvas.to_pixels(edges0)[:, 0]).astype(int).tolist()
        y = np.rint(canvas.to_pixels(edges1)[:, 1]).astype(int).tolist()
        paint, found = painter.drawImage, self._tiles.get
        first = next((image for tile, image in self._tiles.items() if tile.level == level), None)
        if first is not None:
            set_smoothing(painter, side * canvas.width / canvas.box.width, first)
        for i, column in enumerate(columns):
            for j, row in enumerate(rows):
                image = found(Tile(level, column, row))
                if image is not None:
                    paint(QRect(x[i], y[j + 1], x[i + 1] - x[i], y[j] - y[j + 1]), image)
