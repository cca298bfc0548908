"""The layers behind the points of the latent plane: manifold, classifier map, density and prior."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from cadl_gui.imaging.latent.borders import border_lines
from cadl_gui.imaging.latent.tiles import Tile, smallest_tile_px, tile_ranges
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.ui.array_image import rgb
from cadl_gui.ui.figures.tile_cache import TileCache
from cadl_gui.ui.latent.plane.canvas import LatentCanvas
from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.latent.plane.pixels import paint_smoothed, rgb_images, squared, tinted_image
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX

_DIMMED_TO, _COLOURS_DIMMED_TO = 0.4, 0.75
"""What is left of images beneath points: strokes would outshine them, and colours would be lost."""

_MOST_TILES = 8_192
_CLASSIFIER_SHARE = 0.45
_DENSITY_SHARE = 0.5
_SIGMAS = (1, 2, 3)
_DIMMING = {LatentLayer.CLASSIFIER, LatentLayer.POINTS, LatentLayer.THUMBNAILS}


@dataclass(frozen=True, eq=False)
class _ClassifierMap:
    labels: NDArray[np.integer[Any]]
    confidence: NDArray[Any]
    box: ViewBox

    @cached_property
    def borders(self) -> list[QLineF]:
        """The lines between the classes, in cells."""
        return [QLineF(*start, *end) for start, end in border_lines(self.labels).tolist()]


class BackgroundLayer:
    """Holds these layers and paints the visible part.

    Args:
        theme: Colours and type.

    Attributes:
        tile_cache: The manifold.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.tile_cache: TileCache[Tile] = TileCache(_MOST_TILES)
        self._in_colour = False
        self._classifier: _ClassifierMap | None = None
        self._classifier_image: tuple[Sequence[str], QImage] | None = None
        self._density: tuple[NDArray[Any], ViewBox] | None = None
        self._prior = (0.0, 0.0)

    def add_tiles(self, tiles: Sequence[Tile], images: NDArray[Any]) -> None:
        """Add decoded images of the manifold, (n, height, width, 1 or 3)."""
        self._in_colour = images.shape[-1] == 3
        for tile, image in zip(tiles, rgb_images(squared(images)), strict=True):
            self.tile_cache.add(tile, image)

    def set_classifier_map(
        self, labels: NDArray[np.integer[Any]], confidence: NDArray[Any], box: ViewBox
    ) -> None:
        """Set a classifier's labels and confidences in [0, 1], each (rows, columns), the upper row first."""
        self._classifier = _ClassifierMap(labels, confidence, box)
        self._classifier_image = None

    def clear_classifier_map(self) -> None:
        """Remove the map."""
        self._classifier = None

    def set_density(self, density: NDArray[Any], box: ViewBox) -> None:
        """Set how much empty regions are faded: (rows, columns) in [0, 1], upper row first."""
        self._density = density, box

    def set_prior(self, z0: float, z1: float) -> None:
        """Set the centre of the prior."""
        self._prior = z0, z1

    def shows_images(self, layers: AbstractSet[LatentLayer]) -> bool:
        """Return whether there are images, and so their background, beneath the points."""
        return LatentLayer.MANIFOLD in layers and bool(self.tile_cache.images)

    def paint(self, painter: QPainter, canvas: LatentCanvas, layers: AbstractSet[LatentLayer]) -> None:
        """Paint the background colour and those of the layers that are held here."""
        painter.fillRect(canvas.rect, QColor(canvas.background_colour))
        if self.shows_images(layers):
            self.tile_cache.paint(painter, canvas.clip, self._tile_levels(canvas))
            if layers & _DIMMING:
                veil = QColor(canvas.background_colour)
                veil.setAlphaF(1 - (_COLOURS_DIMMED_TO if self._in_colour else _DIMMED_TO))
                painter.fillRect(canvas.rect, veil)
        if LatentLayer.CLASSIFIER in layers and self._classifier is not None:
            self._paint_classifier(painter, canvas, self._classifier)
        if LatentLayer.DENSITY in layers and self._density is not None:
            self._paint_density(painter, canvas, *self._density)
        if LatentLayer.PRIOR in layers:
            self._paint_prior(painter, canvas)

    def _tile_levels(self, canvas: LatentCanvas) -> Iterator[list[tuple[Tile, QRect]]]:
        """Return the tiles in view and their places, without levels that are too fine for it."""
        px_per_unit = canvas.width / canvas.box.width
        images = self.tile_cache.images
        least = smallest_tile_px(next((image.width() for image in images.values()), 0))
        levels = {tile.level for tile in images if tile.side * px_per_unit >= least}
        for level in sorted(levels, reverse=True):
            columns, rows = tile_ranges(canvas.clipped_box, level)
            # Edges on whole pixels, so that neighbours meet without a seam.
            side = 2.0**-level
            edges0 = [(side * column, 0.0) for column in (*columns, columns.stop)]
            edges1 = [(0.0, side * row) for row in (*rows, rows.stop)]
            x = np.rint(canvas.to_pixels(edges0)[:, 0]).astype(int).tolist()
            y = np.rint(canvas.to_pixels(edges1)[:, 1]).astype(int).tolist()
            yield [
                (Tile(level, column, row), QRect(x[i], y[j + 1], x[i + 1] - x[i], y[j] - y[j + 1]))
                for i, column in enumerate(columns)
                for j, row in enumerate(rows)
            ]

    def _paint_density(
        self, painter: QPainter, canvas: LatentCanvas, density: NDArray[Any], box: ViewBox
    ) -> None:
        fog = tinted_image(rgb(self._theme.colours.field_edge), density * _DENSITY_SHARE)
        paint_smoothed(painter, canvas.rectangle(box), fog)

    def _paint_classifier(self, painter: QPainter, canvas: LatentCanvas, answers: _ClassifierMap) -> None:
        """Paint the map; its image is kept, since the view moves more often than the map changes."""
        names = self._theme.label_colours(canvas.background)
        if self._classifier_image is None or self._classifier_image[0] != names:
            colours = np.stack([rgb(name) for name in names])
            tints = colours[answers.labels % len(colours)]
            self._classifier_image = names, tinted_image(tints, answers.confidence * _CLASSIFIER_SHARE)
        place = canvas.rectangle(answers.box)
        paint_smoothed(painter, place, self._classifier_image[1])
        self._paint_borders(painter, canvas, answers, place)

    def _paint_borders(
        self, painter: QPainter, canvas: LatentCanvas, answers: _ClassifierMap, place: QRect
    ) -> None:
        """Paint a line wherever the answer changes."""
        rows, columns = answers.labels.shape
        pen = QPen(QColor(canvas.ink))
        pen.setWidthF(self._theme.sizes.train_line * canvas.ratio)
        pen.setCosmetic(True)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)  # square ones take half as long again
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.translate(place.topLeft())
        painter.scale(place.width() / columns, place.height() / rows)
        painter.drawLines(answers.borders)
        painter.restore()

    def _paint_prior(self, painter: QPainter, canvas: LatentCanvas) -> None:
        """Paint circles of the unit normal, each labelled at its top."""
        colour = QColor(canvas.ink)
        colour.setAlphaF(0.7)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 1.5 * canvas.ratio, Qt.PenStyle.DashLine))
        painter.setFont(_scaled_font(self._theme.font("caption"), canvas.ratio))
        z0, z1 = self._prior
        centre = QPointF(*canvas.to_pixels(self._prior))
        for sigma in _SIGMAS:
            right, top = canvas.to_pixels((z0 + sigma, z1 + sigma))
            painter.drawEllipse(centre, right - centre.x(), centre.y() - top)
            painter.drawText(QPointF(centre.x() + UNIT_PX, top - UNIT_PX * canvas.ratio), f"{sigma} σ")


def _scaled_font(font: QFont, ratio: float) -> QFont:
    font.setPixelSize(round(font.pixelSize() * ratio))
    return font
