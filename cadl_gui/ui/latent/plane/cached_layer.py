"""A cached layer that moves along while the plane is panned."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPainter

from cadl_gui.ui.latent.plane.canvas import LatentCanvas

_WHOLE_PIXEL = 0.01


class CachedLayer:
    """Caches an image and repaints only the parts that changed."""

    def __init__(self) -> None:
        self._image = QImage()
        self._canvas: LatentCanvas | None = None

    def forget(self) -> None:
        """Invalidate the cache."""
        self._canvas = None

    def image(self, canvas: LatentCanvas, paint: Callable[[QPainter, LatentCanvas], None]) -> QImage:
        """Return the layer on a canvas, in device pixels.

        Args:
            paint: Paints the part of a canvas given by its `part`.
        """
        if canvas != self._canvas:
            moved = self._moved_to(canvas)
            image = QImage(canvas.rect.size(), QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(0)
            with QPainter(image) as painter:
                if moved is not None:
                    painter.drawImage(moved, self._image)
                for part in _uncovered(canvas.rect, moved):
                    painter.setClipRect(part)
                    paint(painter, replace(canvas, part=part))
            self._image, self._canvas = image, canvas
        shown = QImage(self._image)
        shown.setDevicePixelRatio(canvas.ratio)
        return shown

    def _moved_to(self, canvas: LatentCanvas) -> QPoint | None:
        """Return the offset of the old image if the only change is a pan by whole pixels, else None."""
        old = self._canvas
        if old is None or replace(old, box=canvas.box) != canvas:
            return None
        is_as_large = abs(old.box.width / canvas.box.width - 1) < 1e-9
        x, y = canvas.to_pixels((old.box.z0_low, old.box.z1_high)).tolist()
        by = QPoint(round(x), round(y))
        is_whole = abs(x - by.x()) < _WHOLE_PIXEL and abs(y - by.y()) < _WHOLE_PIXEL
        return by if is_as_large and is_whole and canvas.rect.intersects(canvas.rect.translated(by)) else None


def _uncovered(whole: QRect, moved: QPoint | None) -> list[QRect]:
    """Return the parts of the whole that are not covered by the moved image."""
    if moved is None:
        return [whole]
    covered = whole.intersected(whole.translated(moved))
    bare = [
        QRect(QPoint(whole.left(), whole.top()), QPoint(whole.right(), covered.top() - 1)),
        QRect(QPoint(whole.left(), covered.bottom() + 1), QPoint(whole.right(), whole.bottom())),
        QRect(QPoint(whole.left(), covered.top()), QPoint(covered.left() - 1, covered.bottom())),
        QRect(QPoint(covered.right() + 1, covered.top()), QPoint(whole.right(), covered.bottom())),
    ]
    return [part for part in bare if not part.isEmpty()]
