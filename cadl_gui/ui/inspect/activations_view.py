"""The activations of all layers for one image."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.class_names import are_short, numbered
from cadl_gui.domain.formatting import number_text
from cadl_gui.domain.images import montage, to_uint8
from cadl_gui.imaging.weights.activation_maps import ActivationMaps, best_columns
from cadl_gui.imaging.weights.colour_map import EMPTY, colour_indices
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, GAP_SMALL_PX, SEMIBOLD, UNIT_PX
from cadl_gui.ui.widgets.colour_legend import Legend, symmetric_legend
from cadl_gui.ui.widgets.figure_pixels import NEAREST_FROM
from cadl_gui.ui.widgets.ink import ink_on
from cadl_gui.ui.widgets.label_glyph import paint_label
from cadl_gui.ui.widgets.scrolled_figure import ScrolledFigure

_MAP_GAP_PX = 2
_LARGEST_CELL = 4
"""Largest size of a unit's cell, as a multiple of the caption's type size."""

_LABELLED = "logits"
"""The layer whose units correspond to the labels."""

_LARGEST_SHARE = 3
"""Logits take at most 1 / `_LARGEST_SHARE` of the height of all rows."""

_LEAST_ROW_LINES = 3
"""Least height of a row, in lines of its name's type."""

_WIDEST_NUMBER, _WIDEST_SHORT_NUMBER = "−0.055", "−100"


@dataclass(frozen=True, eq=False)
class _Row:
    """Layout of the maps of one layer: `columns` per line, each enlarged by `scale`."""

    place: QRectF
    columns: int
    scale: float
    gap: float

    def map_rect(self, number: int, height: int, width: int) -> QRectF:
        row, column = divmod(number, self.columns)
        across, down = self.scale * width, self.scale * height
        return QRectF(
            self.place.left() + column * (across + self.gap),
            self.place.top() + row * (down + self.gap),
            across,
            down,
        )


class ActivationsView(ScrolledFigure):
    """Shows a row for the image and one for each layer, with its maps or a cell for each unit.

    Each row has its own colour scale, symmetric about zero, whose limit is written at its left. The label is
    shown below each logit. A click chooses a unit. Where there are many layers, the rows scroll.

    Args:
        theme: Colours and type.
        empty_text: A sentence shown while there is no image.

    Signals:
        hover_text: (str) The activation under the pointer.
        unit_chosen: (`LayerSpec`, int) A unit was clicked.
    """

    unit_chosen = Signal(object, int)

    def __init__(self, theme: Theme, *, empty_text: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, empty_text=empty_text, parent=parent)
        self._pixels: NDArray[np.uint8] | None = None
        self._image = QImage()
        self._layers: Sequence[ActivationMaps] = ()
        self._images: list[QImage] = []
        self._chosen = ("", -1)
        self._class_names: tuple[str, ...] = ()

    @property
    def layers(self) -> Sequence[ActivationMaps]:
        """The activations shown, by layer."""
        return self._layers

    @Slot(object, object)
    def set_activations(
        self, image: NDArray[np.float32] | None, layers: Sequence[ActivationMaps] = ()
    ) -> None:
        """Show an image and its activations.

        Args:
            image: (height, width, 1 or 3) in [0, 1]; None empties the view.
            layers: Activations of each layer, from input to output.
        """
        self._pixels = None if image is None else to_uint8(image)
        self._layers = () if image is None else layers
        self._refresh()

    def set_class_names(self, names: Sequence[str]) -> None:
        """Set the class names by label, for the logits; () shows the numbers."""
        self._class_names = tuple(names)
        self._refresh()

    def set_chosen(self, layer_name: str, unit: int) -> None:
        """Highlight a unit with a ring."""
        self._chosen = layer_name, unit
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the unit under the pointer."""
        found = self._unit_at(event.position())
        if found is not None:
            self.unit_chosen.emit(self._layers[found[0]].layer, found[1])

    def _is_empty(self) -> bool:
        return self._pixels is None or not self._layers

    def _prepare(self) -> None:
        self._image = QImage() if self._pixels is None else self._grey_or_rgb_image(self._pixels)
        self._images = []
        for layer in self._layers:
            indices = colour_indices(layer.maps, layer.limit)
            column = montage(indices[..., np.newaxis], columns=1, background=EMPTY)[..., 0]
            self._images.append(self._coloured_image(column))

        super()._prepare()

    def _fit(self) -> None:
        self._set_height(0 if self._is_empty() else self._whole_height(), self._least_row())

    def _content_area(self, ratio: float) -> QRectF:  # noqa: ARG002 (the same at every resolution)
        return QRectF(0, 0, self.width(), self._whole_height())

    def _whole_height(self) -> int:
        """Height of all rows and the legend, at least that of the view."""
        least = (len(self._layers) + 1) * self._least_row() + self._legend_height
        return max(self.height(), least)

    def _least_row(self) -> int:
        return _LEAST_ROW_LINES * (self._theme.sizes.caption + UNIT_PX)

    @property
    def _scrolls(self) -> bool:
        return self._whole_height() > self.height()

    def _seen_height(self) -> int:
        """Height of what is painted: the view, or all of the content where it is rendered."""
        return self._whole_height() if self._is_rendering else self.height()

    def _paint_content(self, painter: QPainter, ratio: float) -> None:
        rows = self._rows(ratio)
        painter.save()
        painter.setClipRect(QRectF(0, 0, self.width(), self._seen_height() - self._legend_height))
        painter.translate(-self._offset)
        self._paint_label(painter, rows[0].place, "picture", "")
        pixels = rows[0].map_rect(0, self._image.height(), self._image.width())
        self._smooth(painter, rows[0].scale * ratio)
        painter.drawImage(pixels, self._image)
        for row, layer, image in zip(rows[1:], self._layers, self._images, strict=True):
            self._paint_label(painter, row.place, layer.layer.name, f"± {number_text(layer.limit)}")
            self._smooth(painter, row.scale * ratio)
            self._paint_maps(painter, row, layer, image)
        painter.restore()

    def _legend(self, ratio: float) -> Legend:  # noqa: ARG002 (at the foot of the view)
        return symmetric_legend(self._seen_height() - self._legend_height, self.width(), "row max")

    def _paint_maps(self, painter: QPainter, row: _Row, layer: ActivationMaps, image: QImage) -> None:
        n, height, width = layer.maps.shape
        for number in range(n):
            source = QRectF(0, number * height, width, height)
            painter.drawImage(row.map_rect(number, height, width), image, source)
        if height == width == 1:
            self._paint_numbers(painter, row, layer, image)
        if layer.layer.name == _LABELLED:
            self._paint_labels(painter, row, n)
        if self._chosen[0] == layer.layer.name and 0 <= self._chosen[1] < n:
            out = FOCUS_RING_PX / 2
            ring = row.map_rect(self._chosen[1], height, width).adjusted(-out, -out, out, out)
            painter.setPen(QPen(QColor(self._theme.colours.accent), FOCUS_RING_PX))
            painter.drawRect(ring)

    def _paint_numbers(self, painter: QPainter, row: _Row, layer: ActivationMaps, image: QImage) -> None:
        """Write each number into its cell, if all fit; with one decimal where cells are narrow."""
        font = self._theme.font("caption")
        metrics = QFontMetricsF(font)
        if row.scale < metrics.horizontalAdvance(_WIDEST_SHORT_NUMBER):
            return
        is_short = row.scale < metrics.horizontalAdvance(_WIDEST_NUMBER)
        painter.setFont(font)
        for number, value in enumerate(layer.maps[:, 0, 0].tolist()):
            painter.setPen(ink_on(image.pixelColor(0, number)))
            words = number_text(round(value, 1), digits=2) if is_short else number_text(value, digits=2)
            painter.drawText(row.map_rect(number, 1, 1), Qt.AlignmentFlag.AlignCenter, words)

    def _paint_labels(self, painter: QPainter, row: _Row, n: int) -> None:
        """Paint the label below each logit, if the labels fit side by side."""
        side = self._label_height()
        if row.scale < side:
            return
        names, coloured = self._names_of(n), n <= len(self._theme.label_colours(self._theme.background))
        metrics = QFontMetricsF(self._theme.font("caption", SEMIBOLD))
        for label, name in enumerate(names):
            cell = row.map_rect(label, 1, 1)
            width = side if are_short(names) else cell.width() - 1
            chip = QRectF(cell.center().x() - width / 2, cell.bottom() + UNIT_PX, width, side)
            text = name
            if width != side:
                text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, width - UNIT_PX)
            paint_label(painter, chip, label, self._theme, coloured=coloured, text=text)

    def _names_of(self, n: int) -> tuple[str, ...]:
        return self._class_names if len(self._class_names) == n else numbered(n)

    def _label_height(self) -> int:
        return self._theme.sizes.caption + UNIT_PX

    def _paint_label(self, painter: QPainter, row: QRectF, name: str, limit: str) -> None:
        line = self._theme.sizes.caption + UNIT_PX
        place = QRectF(0, row.top(), row.left() - GAP_SMALL_PX, line)
        painter.setPen(QColor(self._theme.colours.text))
        painter.setFont(self._theme.font("caption", SEMIBOLD))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, name)
        if row.height() >= 2 * line:
            painter.setPen(QColor(self._theme.colours.secondary))
            painter.setFont(self._theme.font("caption"))
            painter.drawText(place.translated(0, line), Qt.AlignmentFlag.AlignVCenter, limit)

    def _smooth(self, painter: QPainter, scale: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < NEAREST_FROM)

    def _text_at(self, place: QPointF) -> str:
        found = self._unit_at(place)
        if found is None:
            return ""
        layer = self._layers[found[0]]
        _, height, width = layer.maps.shape
        row = self._rows(self.devicePixelRatioF())[found[0] + 1]
        rect = row.map_rect(found[1], height, width)
        at = place + self._offset
        x = min(width - 1, int((at.x() - rect.left()) / row.scale))
        y = min(height - 1, int((at.y() - rect.top()) / row.scale))
        where = f"{layer.layer.name} · unit {found[1]}" + (f" · x {x}, y {y}" if height * width > 1 else "")
        name = self._names_of(len(layer.maps))[found[1]] if layer.layer.name == _LABELLED else ""
        named = f" · {name}" if name not in {"", str(found[1])} else ""
        return f"{where}{named} · {number_text(float(layer.maps[found[1], y, x]))}"

    def _unit_at(self, place: QPointF) -> tuple[int, int] | None:
        """Return the indices of the layer and of its unit at a point, or None."""
        if self._is_empty() or place.y() >= self.height() - self._legend_height:
            return None
        place += self._offset
        for i, row in enumerate(self._rows(self.devicePixelRatioF())[1:]):
            n, height, width = self._layers[i].maps.shape
            across, down = row.scale * width + row.gap, row.scale * height + row.gap
            column = math.floor((place.x() - row.place.left()) / across)
            number = math.floor((place.y() - row.place.top()) / down) * row.columns + column
            inside = 0 <= column < row.columns and 0 <= number < n
            if inside and row.map_rect(number, height, width).contains(place):
                return i, number
        return None

    def _rows(self, ratio: float) -> list[_Row]:
        """Lay out rows of equal height, the image's first; logits take what they and their labels need."""
        names = [layer.layer.name for layer in self._layers]
        metrics = QFontMetricsF(self._theme.font("caption", SEMIBOLD))
        left = max(map(metrics.horizontalAdvance, ["picture", *names])) + 2 * GAP_SMALL_PX
        shapes = [(1, self._image.height(), self._image.width()), *(x.maps.shape for x in self._layers)]
        width = max(1.0, self.width() - left - (self._bar_width if self._scrolls else 0))
        largest = _LARGEST_CELL * self._theme.sizes.caption
        heights = self._heights(min(largest, width / shapes[-1][0]))
        rows, top = [], 0.0
        for name, shape, height in zip(["picture", *names], shapes, heights, strict=True):
            is_labelled = name == _LABELLED
            beneath = GAP_SMALL_PX + (self._label_height() + UNIT_PX if is_labelled else 0)
            place = QRectF(left, top, width, max(1.0, height - beneath))
            rows.append(_row(place, shape, largest, ratio, in_one_line=is_labelled))
            top += height
        return rows

    def _heights(self, cell: float) -> list[float]:
        """Return the heights of all rows including gaps and labels, given the size of a logit's cell."""
        n = len(self._layers) + 1
        room = max(1.0, self._whole_height() - self._legend_height)
        if self._layers[-1].layer.name != _LABELLED:
            return [room / n] * n
        wanted = cell + self._label_height() + UNIT_PX + GAP_SMALL_PX
        last = max(room / n, min(wanted, room / _LARGEST_SHARE))
        return [*[(room - last) / (n - 1)] * (n - 1), last]


def _row(
    place: QRectF, shape: tuple[int, ...], largest: int, ratio: float, *, in_one_line: bool = False
) -> _Row:
    """Lay out maps of shape (n, height, width); single numbers are at most `largest` pixels wide."""
    n, height, width = shape
    columns = best_columns(n, (height, width), (place.height(), place.width()))
    if in_one_line or (height == width == 1 and n * largest <= place.width()):
        columns = n
    rows = -(-n // columns)
    gap = 0.0 if height == width == 1 else float(_MAP_GAP_PX)
    scale = min(
        (place.width() - (columns - 1) * gap) / (columns * width),
        (place.height() - (rows - 1) * gap) / (rows * height),
    )
    scale = min(max(scale, 0.1), largest) if height == width == 1 else max(scale, 0.1)
    device = scale * ratio
    return _Row(place, columns, (math.floor(device) if device >= NEAREST_FROM else device) / ratio, gap)
