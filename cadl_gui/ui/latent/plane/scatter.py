"""Encoded images on the plane, as dots or thumbnails, with a glyph or a name at the centre of each class."""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap

from cadl_gui.domain.class_names import are_short
from cadl_gui.imaging.latent.points import LatentPoints, pushed_apart
from cadl_gui.pictures.label_colours import Background, Outline, outline_of
from cadl_gui.ui.latent.plane.canvas import LatentCanvas
from cadl_gui.ui.latent.plane.class_pills import ClassPill, apart, paint_pill, whole
from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.latent.plane.thumbnails import LatentThumbnails
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import SEMIBOLD

_UNLABELLED = {"light": "#5B5E63", "dark": "#A9ADB3"}
_RING = {"light": "#828283", "dark": "#000000"}
_GLYPH_SIZE, _GLYPH_DISC_ALPHA = 1.4, 0.8
_DISC_SHARE = 0.72
"""A disc's radius, as a share of the digit's size."""

_POLYGON_SHARE = 0.8
"""Size of marks with corners, so that these stay within a dot's pixels."""

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
        self._sizes: Counter[int] = Counter()
        self._thumbnails = LatentThumbnails()
        self._names: tuple[str, ...] = ()

    @property
    def points(self) -> LatentPoints:
        """The points shown."""
        return self._points

    def set_points(self, points: LatentPoints) -> None:
        """Replace the points."""
        self._points = points
        labels = () if points.labels is None else points.labels.tolist()
        self._sizes = Counter(labels)
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
            label = int(self._points.labels[index])
            if are_short((self._name(label),)):
                self._paint_glyph(painter, canvas, centre, label)
                return
            font = self._name_font(canvas)
            pill = whole(self._pill(canvas, centre, label), font, canvas.rect.size())
            paint_pill(painter, pill, font, canvas.background_colour, elided=False)

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
        """Paint the glyphs or names of all classes, moved apart where centres are close."""
        if not are_short([self._name(label) for label in self._centres]):
            pills = {label: self._pill(canvas, QPointF(*canvas.to_pixels(centre)), label)
                     for label, centre in self._centres.items()}  # fmt: skip
            font = self._name_font(canvas)
            for pill in apart(pills, self._sizes, font, canvas.rect.size()).values():
                paint_pill(painter, pill, font, canvas.background_colour)
            return
        radius = _DISC_SHARE * self._glyph_font(canvas).pixelSize()
        places = np.array([canvas.to_pixels(centre) for centre in self._centres.values()]).reshape(-1, 2)
        moved = pushed_apart(places, _APART_RADII * radius, radius).tolist()
        for label, place in zip(self._centres, moved, strict=True):
            self._paint_glyph(painter, canvas, QPointF(*place), label)

    def _name(self, label: int) -> str:
        return self._names[label] if label < len(self._names) else str(label)

    def _pill(self, canvas: LatentCanvas, centre: QPointF, label: int) -> ClassPill:
        """Return the name of a class, with its mark if classes share colours."""
        colours = self._theme.label_colours(canvas.background)
        mark = self._mark(label, canvas, canvas.ratio * self._theme.sizes.point_radius)
        return ClassPill(
            centre,
            self._name(label),
            self._colour(label, canvas.background),
            mark if len(self._names) > len(colours) else None,
        )

    def _glyph_font(self, canvas: LatentCanvas) -> QFont:
        font = self._theme.font("section", SEMIBOLD)
        font.setPixelSize(round(font.pixelSize() * _GLYPH_SIZE * canvas.ratio))
        return font

    def _name_font(self, canvas: LatentCanvas) -> QFont:
        """Return the type of names: small where there are many."""
        many = len(self._names) > len(self._theme.label_colours(canvas.background))
        font = self._theme.font("caption" if many else "section", SEMIBOLD)
        font.setPixelSize(round(font.pixelSize() * canvas.ratio))
        return font

    def _paint_glyph(self, painter: QPainter, canvas: LatentCanvas, centre: QPointF, label: int) -> None:
        """Paint a label's digit on a disc."""
        font = self._glyph_font(canvas)
        radius = _DISC_SHARE * font.pixelSize()
        disc = QColor(canvas.background_colour)
        disc.setAlphaF(_GLYPH_DISC_ALPHA)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(disc)
        disc_place = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        painter.drawRoundedRect(disc_place, radius, radius)
        painter.setPen(QColor(self._colour(label, canvas.background)))
        painter.setFont(font)
        painter.drawText(disc_place, Qt.AlignmentFlag.AlignCenter, self._name(label))

    def _paint_dots(self, painter: QPainter, canvas: LatentCanvas) -> None:
        """Paint a prepared pixmap per label at each of its points: 10,000 take a few milliseconds."""
        cell_px = self._points.room * canvas.width / canvas.box.width
        radius = min(self._theme.sizes.point_radius * canvas.ratio, _GRID_SHARE * cell_px)
        sprites: dict[int | None, QPixmap] = {}
        place = painter.drawPixmap
        for x, y, label in self._visible(canvas, radius + 1):
            if label not in sprites:
                sprites[label] = self._mark(label, canvas, radius)
            # At integer positions Qt copies pixels without a transformation.
            place(x, y, sprites[label])

    def _mark(self, label: int | None, canvas: LatentCanvas, radius: float) -> QPixmap:
        colour, ring = self._colour(label, canvas.background), _RING[canvas.background]
        return _mark(colour, ring, radius, canvas.ratio, outline_of(label or 0))

    def _visible(self, canvas: LatentCanvas, half: float) -> Iterator[tuple[int, int, int | None]]:
        """Return the top left corners of the visible marks, with their labels.

        An iterator: retaining thousands of tuples would trigger a garbage collection, which costs a frame.
        """
        places = canvas.to_pixels(self._points.places)
        shown = canvas.near(places, half + 1)
        x, y = np.rint(places[shown] - half).astype(np.int64).T.tolist()
        labels = self._points.labels
        return zip(x, y, [None] * len(x) if labels is None else labels[shown].tolist(), strict=True)


def _mark(colour: str, ring: str, radius: float, ratio: float, outline: Outline) -> QPixmap:
    side = 2 * round(radius + 1)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(ring), ratio))
    painter.setBrush(QColor(colour))
    middle = QPointF(side / 2, side / 2)
    if outline:
        size = _POLYGON_SHARE * radius
        painter.drawPolygon([middle + QPointF(size * x, size * y) for x, y in outline])
    else:
        painter.drawEllipse(middle, radius, radius)
    painter.end()
    return pixmap
