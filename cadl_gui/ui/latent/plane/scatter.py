"""Encoded images on the plane, as dots or thumbnails, with a glyph or a name at the centre of each class."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from cadl_gui.imaging.latent.points import LatentPoints, pushed_apart
from cadl_gui.pictures.label_colours import Background
from cadl_gui.ui.latent.plane.canvas import LatentCanvas
from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.latent.plane.thumbnails import LatentThumbnails
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import SEMIBOLD

_UNLABELLED = {"light": "#5B5E63", "dark": "#A9ADB3"}
_RING = {"light": "#828283", "dark": "#000000"}
_GLYPH_SIZE, _GLYPH_DISC_ALPHA = 1.4, 0.8
_DISC_SHARE = 0.72
"""A disc's radius, as a share of the digit's size."""

_WIDEST_NAME = 6.0
"""Largest width of a class name, as a multiple of its height."""

_APART_RADII = 1.6
"""Minimum distance of two discs, in radii, so that their digits do not touch."""

_GRID_SHARE = 0.45
"""Largest radius of a dot on a grid, as a share of a cell."""
_THUMBNAIL_RADII = 7
"""A thumbnail's side, in radii of a point."""


class LatentScatter:
    """Holds the points and paints the visible ones.

    Args:
        theme: Colours, type and the points' radius.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._points = LatentPoints(np.empty((0, 2)))
        self._centres: dict[int, tuple[float, float]] = {}
        self._thumbnails = LatentThumbnails()
        self._names: tuple[str, ...] = ()

    @property
    def points(self) -> LatentPoints:
        """The points shown."""
        return self._points

    def set_points(self, points: LatentPoints) -> None:
        """Replace the points."""
        self._points = points
        self._centres = points.class_centres()

    def set_class_names(self, names: Sequence[str]) -> None:
        """Set the class names by label; () shows the numbers."""
        self._names = tuple(names)

    def _colours(self, background: Background) -> tuple[str, ...]:
        """Return the label colours for a background, or a single colour without labels."""
        if self._points.labels is None:
            return (_UNLABELLED[background],)
        return self._theme.label_colours(background)

    def _colour(self, label: int | None, background: Background) -> str:
        colours = self._colours(background)
        return colours[(label or 0) % len(colours)]

    def paint_hovered(self, painter: QPainter, canvas: LatentCanvas, index: int) -> None:
        """Paint the glyph of the hovered point over everything."""
        if self._points.labels is not None:
            centre = QPointF(*canvas.to_pixels(self._points.places[index]))
            self._paint_glyph(painter, canvas, centre, int(self._points.labels[index]))

    def nearest(self, position: QPointF, places_px: NDArray[np.float64]) -> int | None:
        """Return the index of the point under the pointer, or None if none is near.

        Args:
            position: The pointer, in pixels.
            places_px: (n, 2) positions of all points, in pixels.
        """
        if len(places_px) == 0:
            return None
        squares = ((places_px - (position.x(), position.y())) ** 2).sum(1)
        index = int(squares.argmin())
        return index if squares[index] <= (2 * self._theme.sizes.point_radius) ** 2 else None

    def paint(self, painter: QPainter, canvas: LatentCanvas, layers: AbstractSet[LatentLayer]) -> None:
        """Paint those of the layers that are held here."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if LatentLayer.POINTS in layers:
            self._paint_dots(painter, canvas)
        if LatentLayer.THUMBNAILS in layers and self._points.images is not None:
            side = round(_THUMBNAIL_RADII * self._theme.sizes.point_radius * canvas.ratio)
            colours = self._colours(canvas.background)
            self._thumbnails.paint(painter, canvas, self._points, self._points.images, colours, side)
        if LatentLayer.GLYPHS in layers:
            self._paint_glyphs(painter, canvas)

    def _paint_glyphs(self, painter: QPainter, canvas: LatentCanvas) -> None:
        """Paint the glyphs of all classes, moved apart where centres are close."""
        radius = _DISC_SHARE * self._glyph_font(canvas).pixelSize()
        places = np.array([canvas.to_pixels(centre) for centre in self._centres.values()]).reshape(-1, 2)
        apart = pushed_apart(places, _APART_RADII * radius, radius).tolist()
        for label, place in zip(self._centres, apart, strict=True):
            self._paint_glyph(painter, canvas, QPointF(*place), label)

    def _glyph_font(self, canvas: LatentCanvas) -> QFont:
        font = self._theme.font("section", SEMIBOLD)
        font.setPixelSize(round(font.pixelSize() * _GLYPH_SIZE * canvas.ratio))
        return font

    def _paint_glyph(self, painter: QPainter, canvas: LatentCanvas, centre: QPointF, label: int) -> None:
        """Paint a label's digit on a disc, or the name of its class on a longer one."""
        name = self._names[label] if label < len(self._names) else str(label)
        font = self._glyph_font(canvas)
        radius = _DISC_SHARE * font.pixelSize()
        half_width = radius
        if len(name) > len("10"):
            font.setPixelSize(round(font.pixelSize() / _GLYPH_SIZE))
            metrics = QFontMetricsF(font)
            name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _WIDEST_NAME * metrics.height())
            radius = _DISC_SHARE * font.pixelSize()
            half_width = metrics.horizontalAdvance(name) / 2 + radius
        disc = QColor(canvas.background_colour)
        disc.setAlphaF(_GLYPH_DISC_ALPHA)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(disc)
        disc_place = QRectF(centre.x() - half_width, centre.y() - radius, 2 * half_width, 2 * radius)
        painter.drawRoundedRect(disc_place, radius, radius)
        painter.setPen(QColor(self._colour(label, canvas.background)))
        painter.setFont(font)
        painter.drawText(disc_place, Qt.AlignmentFlag.AlignCenter, name)

    def _paint_dots(self, painter: QPainter, canvas: LatentCanvas) -> None:
        """Paint a prepared pixmap per label at each of its points: 10,000 take a few milliseconds."""
        cell_px = self._points.room * canvas.width / canvas.box.width
        radius = min(self._theme.sizes.point_radius * canvas.ratio, _GRID_SHARE * cell_px)
        sprites: dict[int | None, QPixmap] = {}
        place = painter.drawPixmap
        for x, y, label in self._visible(canvas, radius + 1):
            if label not in sprites:
                sprites[label] = _dot(
                    self._colour(label, canvas.background), _RING[canvas.background], radius, canvas.ratio
                )
            # At integer positions Qt copies pixels without a transformation.
            place(x, y, sprites[label])

    def _visible(self, canvas: LatentCanvas, half: float) -> Iterator[tuple[int, int, int | None]]:
        """Return the top left corners of the visible marks, with their labels.

        An iterator: retaining thousands of tuples would trigger a garbage collection, which costs a frame.
        """
        places = canvas.to_pixels(self._points.places)
        shown = canvas.near(places, half + 1)
        x, y = np.rint(places[shown] - half).astype(np.int64).T.tolist()
        labels = self._points.labels
        return zip(x, y, [None] * len(x) if labels is None else labels[shown].tolist(), strict=True)


def _dot(colour: str, ring: str, radius: float, ratio: float) -> QPixmap:
    side = 2 * round(radius + 1)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(ring), ratio))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QPointF(side / 2, side / 2), radius, radius)
    painter.end()
    return pixmap
