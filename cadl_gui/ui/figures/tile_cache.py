"""Caches the tiles of a surface that is zoomed, and paints the finest ones that there are."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Generic, TypeVar

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from cadl_gui.ui.figures.figure_pixels import NEAREST_FROM

_Tile = TypeVar("_Tile", bound=Hashable)


class TileCache(Generic[_Tile]):
    """Holds tiles as images; those that were not painted for longest give way to others.

    Args:
        most: Limit on the weight of all tiles.
        weigh: Returns the weight of a tile; by default, each weighs 1.
    """

    def __init__(self, most: int, weigh: Callable[[QImage], int] = lambda _: 1) -> None:
        self._most, self._weigh = most, weigh
        self._tiles: OrderedDict[_Tile, QImage] = OrderedDict()
        self._weight = 0
        self._is_inverted = False
        self.images: Mapping[_Tile, QImage] = MappingProxyType(self._tiles)

    def clear(self) -> None:
        """Remove all tiles."""
        self._tiles.clear()
        self._weight = 0

    def set_inverted(self, inverted: bool) -> None:
        """Invert all tiles, black for white, or return them to what they were."""
        if inverted != self._is_inverted:
            self._is_inverted = inverted
            for image in self._tiles.values():
                image.invertPixels()

    def add(self, tile: _Tile, image: QImage) -> None:
        """Add a tile, in place of an older image of it."""
        if self._is_inverted:
            image.invertPixels()
        if (older := self._tiles.pop(tile, None)) is not None:
            self._weight -= self._weigh(older)
        self._tiles[tile] = image
        self._weight += self._weigh(image)
        while self._weight > self._most and len(self._tiles) > 1:
            self._weight -= self._weigh(self._tiles.popitem(last=False)[1])

    def paint(self, painter: QPainter, view: QRect, levels: Iterable[Sequence[tuple[_Tile, QRect]]]) -> None:
        """Paint what is in view: coarser tiles first, which show where finer ones are missing.

        Args:
            painter: Paints in device pixels.
            view: What is in view. No more of a tile is painted, since a coarse one may be far larger.
            levels: The tiles of each level that are in view, and their places, the finest level first.
        """
        chosen: list[list[tuple[_Tile, QImage, QRect]]] = []
        touch, find = self._tiles.move_to_end, self._tiles.get
        for level in levels:
            found = [(tile, image, place) for tile, place in level if (image := find(tile)) is not None]
            for tile, _, _ in found:
                touch(tile)
            chosen.append(found)
            if len(found) == len(level):
                break
        for n_finer, found in reversed(list(enumerate(chosen))):
            for _, image, place in found[:1]:
                smooth = n_finer > 0 or place.width() < NEAREST_FROM * image.width()
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            for _, image, place in found:
                if view.contains(place):
                    painter.drawImage(place, image)
                elif not (seen := place & view).isEmpty():
                    painter.drawImage(QRectF(seen), image, _part(image, place, seen))


def _part(image: QImage, place: QRect, seen: QRect) -> QRectF:
    """Return the part of an image that is seen where all of it is at a place."""
    across, down = image.width() / place.width(), image.height() / place.height()
    left, top = seen.left() - place.left(), seen.top() - place.top()
    return QRectF(across * left, down * top, across * seen.width(), down * seen.height())
