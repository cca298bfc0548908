"""The activations of a layer for one image."""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QMouseEvent, QPainter

from cadl_gui.domain.class_names import are_short, numbered, unit_name
from cadl_gui.domain.formatting import number_text
from cadl_gui.domain.images import montage
from cadl_gui.domain.model_spec import LOGITS
from cadl_gui.imaging.weights.activation_maps import ActivationMaps, best_columns
from cadl_gui.imaging.weights.colour_map import EMPTY, activation_colour_map, colour_indices
from cadl_gui.ui.figures.colour_legend import activation_legend, legend_width
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_pixels import NEAREST_FROM, pixel_at
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.figures.label_glyph import paint_label
from cadl_gui.ui.theme.ink import ink_on
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, SEMIBOLD, UNIT_PX

_MAP_GAP_PX = 2
_LARGEST_CELL = 6
"""Largest size of a unit's cell, as a multiple of the caption's type size."""

_WIDEST_NUMBER, _WIDEST_SHORT_NUMBER = "−0.055", "−100"


class _Grid(NamedTuple):
    """Layout of the maps: `columns` per line from `left` and `top`, each of this size."""

    left: float
    top: float
    columns: int
    across: float
    down: float
    gap: float

    def rect_of(self, number: int) -> QRectF:
        row, column = divmod(number, self.columns)
        left, top = self.left + column * (self.across + self.gap), self.top + row * (self.down + self.gap)
        return QRectF(left, top, self.across, self.down)


class ActivationsView(FigureView):
    """Shows the maps of a layer, or a cell for each unit, as large as fits. A click chooses a unit.

    The label is shown below each logit.

    Signals:
        unit_chosen: (int) A unit was clicked.
    """

    unit_chosen = Signal(int)

    def __init__(self, theme: Theme, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._maps: ActivationMaps | None = None
        self._limit = 0.0
        self._chosen = -1
        self._class_names: tuple[str, ...] = ()

    @property
    def maps(self) -> ActivationMaps | None:
        """The activations shown, or None."""
        return self._maps

    def set_maps(self, maps: ActivationMaps | None, limit: float = 0.0) -> None:
        """Show the activations of a layer; None empties the view.

        Args:
            limit: Absolute value at the end of the colour scale; at least the largest activation is.
        """
        self._maps = maps
        self._limit = limit if maps is None else max(limit, maps.limit)
        self._refresh()

    def set_class_names(self, names: Sequence[str]) -> None:
        """Set the class names by label, for the logits; () shows the numbers."""
        self._class_names = tuple(names)
        self._refresh()

    def set_chosen(self, unit: int) -> None:
        """Highlight a unit with a ring; -1 highlights none."""
        self._chosen = unit
        self._refresh()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Leave it to the panel, which enlarges the figure."""
        event.ignore()

    def _items(self, ratio: float) -> Iterator[Item]:
        if (maps := self._maps) is None:
            return
        grid, n = self._grid(maps, ratio), len(maps.maps)
        colours = activation_colour_map(maps.maps, self._theme.colour_map, is_dark=self._theme.is_dark)
        indices = colour_indices(maps.maps, self._limit)[..., np.newaxis]
        column = montage(indices, columns=1, background=EMPTY)[..., 0]
        image = self._coloured_image(column, colours=colours)
        right, bottom = grid.rect_of(min(grid.columns, n) - 1).right(), grid.rect_of(n - 1).bottom()
        area = QRectF(QPointF(grid.left, grid.top), QPointF(right, bottom + self._labels_height))
        part_at = partial(self._map_at, maps, grid)
        yield Item(area, partial(self._paint_maps, maps, grid, image), part_at=part_at)
        if 0 <= self._chosen < n:
            out = FOCUS_RING_PX / 2
            ring = grid.rect_of(self._chosen).adjusted(-out, -out, out, out)
            yield Item(ring.adjusted(-out, -out, out, out), lambda pen: pen.ring(ring))
        width = legend_width(self._theme, self.width())
        left = min(max(0.0, area.center().x() - width / 2), self.width() - width)
        place = QRectF(round(left), area.bottom(), width, self._legend_height)
        yield self._legend_item(activation_legend(place, self._limit, colours))

    def _paint_maps(self, maps: ActivationMaps, grid: _Grid, image: QImage, pen: Pen) -> None:
        n, height, width = maps.maps.shape
        smooth = grid.across / width * pen.ratio < NEAREST_FROM
        pen.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        for number in range(n):
            pen.painter.drawImage(grid.rect_of(number), image, QRectF(0, number * height, width, height))
        if height == width == 1:
            self._paint_numbers(pen.painter, grid, image, maps)
        if self._labels_height:
            self._paint_labels(pen.painter, grid, n)

    def _paint_numbers(self, painter: QPainter, grid: _Grid, image: QImage, maps: ActivationMaps) -> None:
        """Write each number into its cell, if all fit; with one decimal where cells are narrow."""
        font = self._theme.font("caption")
        metrics = QFontMetricsF(font)
        if grid.across < metrics.horizontalAdvance(_WIDEST_SHORT_NUMBER):
            return
        is_short = grid.across < metrics.horizontalAdvance(_WIDEST_NUMBER)
        painter.setFont(font)
        for number, value in enumerate(maps.maps[:, 0, 0].tolist()):
            painter.setPen(ink_on(image.pixelColor(0, number)))
            words = number_text(round(value, 1), digits=2) if is_short else number_text(value, digits=2)
            painter.drawText(grid.rect_of(number), Qt.AlignmentFlag.AlignCenter, words)

    def _paint_labels(self, painter: QPainter, grid: _Grid, n: int) -> None:
        """Paint the label below each logit, if the labels fit side by side."""
        side = self._theme.line_px
        if grid.across < side:
            return
        names, coloured = self._names_of(n), n <= len(self._theme.label_colours(self._theme.background))
        metrics = QFontMetricsF(self._theme.font("caption", SEMIBOLD))
        for label, name in enumerate(names):
            cell = grid.rect_of(label)
            width = side if are_short(names) else cell.width() - 1
            chip = QRectF(cell.center().x() - width / 2, cell.bottom() + UNIT_PX, width, side)
            text = name
            if width != side:
                text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, width - UNIT_PX)
            paint_label(painter, chip, label, self._theme, coloured=coloured, text=text)

    def _names_of(self, n: int) -> tuple[str, ...]:
        return self._class_names if len(self._class_names) == n else numbered(n)

    @property
    def _labels_height(self) -> int:
        is_labelled = self._maps is not None and self._maps.layer.name == LOGITS
        return self._theme.sizes.caption + 3 * UNIT_PX if is_labelled else 0

    def _map_at(self, maps: ActivationMaps, grid: _Grid, place: QPointF) -> Item | None:
        column = int((place.x() - grid.left) // (grid.across + grid.gap))
        row = int((place.y() - grid.top) // (grid.down + grid.gap))
        unit = row * grid.columns + column
        if column >= grid.columns or unit >= len(maps.maps):
            return None
        rect = grid.rect_of(unit)
        return Item(
            rect, None, partial(self._tell, maps, unit, rect), click=partial(self.unit_chosen.emit, unit)
        )

    def _tell(self, maps: ActivationMaps, unit: int, rect: QRectF, place: QPointF) -> str:
        x, y = pixel_at(rect, maps.maps.shape[1:], place) or (0, 0)
        names = self._names_of(len(maps.maps)) if maps.layer.name == LOGITS else ()
        where = f" · x {x}, y {y}" if maps.maps[unit].size > 1 else ""
        value = number_text(float(maps.maps[unit, y, x]))
        return f"{maps.layer.name} · {unit_name(names, unit)}{where} · {value}"

    def _grid(self, maps: ActivationMaps, ratio: float) -> _Grid:
        """Lay out the maps in the middle of the width; logits are in one line."""
        n, height, width = maps.maps.shape
        ring = FOCUS_RING_PX
        room_x = max(1.0, self.width() - 2 * ring)
        room_y = max(1.0, self.height() - self._legend_height - self._labels_height - 2 * ring)
        is_cell, largest = height == width == 1, _LARGEST_CELL * self._theme.sizes.caption
        gap = 0.0 if is_cell else float(_MAP_GAP_PX)
        columns = best_columns(n, (height, width), (room_y, room_x), is_full=is_cell)
        columns = n if self._labels_height else columns
        rows = -(-n // columns)
        scale = min(
            (room_x - (columns - 1) * gap) / (columns * width), (room_y - (rows - 1) * gap) / (rows * height)
        )
        scale = min(max(scale, 0.1), largest) if is_cell else max(scale, 0.1)
        device = scale * ratio
        scale = (math.floor(device) if device >= NEAREST_FROM else device) / ratio
        whole = columns * width * scale + (columns - 1) * gap
        return _Grid(ring + (room_x - whole) // 2, ring, columns, scale * width, scale * height, gap)
