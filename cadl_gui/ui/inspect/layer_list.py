"""The layers of a network, from left to right, with the activations of an image."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.images import grid_shape, montage
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.activation_maps import ActivationMaps
from cadl_gui.imaging.weights.colour_map import EMPTY, activation_colour_map, colour_indices, coloured
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, GAP_SMALL_PX, RADIUS_PX, REGULAR, SEMIBOLD, UNIT_PX
from cadl_gui.ui.widgets.array_image import array_image
from cadl_gui.ui.widgets.figure_pixels import paint_pixels
from cadl_gui.ui.widgets.network_bars import shape_text

_LAYER_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_MOST_MAPS = 9
"""So many maps of a convolution are in its thumbnail, the strongest."""

_PLANE_LIMIT = 3.0
"""The plane of two latent values reaches at least so far from its centre."""


class LayerList(QListView):
    """Shows the layers side by side; the current one is inspected. Where they do not fit, they scroll.

    Each has a thumbnail of its activations, its name and the shape of its output.

    Attributes:
        action_set: The actions of `ROWS`, in order.

    Signals:
        layer_chosen: (`LayerSpec`) The layer that became current.
        hover_text: (str) Describes the layer under the pointer; "" where there is none.
    """

    layer_chosen = Signal(object)
    hover_text = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layerList")
        self.setAccessibleName("Layers")
        self._theme = theme
        self.action_set = ActionSet(ROWS, self, theme, self)
        self._model = _LayerModel(self)
        self._thumbnails: dict[str, ActivationMaps] = {}
        self._images: dict[str, QImage] = {}
        self.setModel(self._model)
        self.setItemDelegate(_LayerDelegate(theme, self))
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.entered.connect(self._on_entered)
        self.viewportEntered.connect(self._on_left)
        theme.changed.connect(self._restyle)
        theme.display.changed.connect(self._repaint)

    @property
    def layer(self) -> LayerSpec | None:
        """The current layer, or None."""
        layer: LayerSpec | None = self.currentIndex().data(_LAYER_ROLE)
        return layer

    @property
    def thumbnails(self) -> Mapping[str, ActivationMaps]:
        """What the thumbnails show, by the name of the layer."""
        return self._thumbnails

    @property
    def widest(self) -> int:
        """Width in which no layer would gain by more room, in pixels."""
        n = self._model.rowCount()
        return n * (self._thumbnail_px + self.arrow_px + 2 * GAP_SMALL_PX) + 1

    @property
    def arrow_px(self) -> int:
        """Width of the arrow before a layer."""
        return self._theme.sizes.body

    def set_layers(self, layers: Sequence[LayerSpec]) -> None:
        """Replace the layers; the one with the current layer's name becomes current, or else the first."""
        name = self.layer.name if self.layer else ""
        self.set_activations({})
        self._model.set_layers(layers)
        self.setMaximumWidth(max(1, self.widest))
        row = next((row for row, layer in enumerate(layers) if layer.name == name), 0)
        self._choose(row)

    def set_activations(self, maps: Mapping[str, ActivationMaps]) -> None:
        """Show the activations of an image, by the name of the layer; {} shows none."""
        self._thumbnails = {
            name: own if own.maps[0].size == 1 else own.strongest(_MOST_MAPS) for name, own in maps.items()
        }
        self._repaint()

    def thumbnail(self, layer: LayerSpec) -> QImage | None:
        """Return the thumbnail of a layer, one pixel for each activation; None if there is none."""
        if layer.name not in self._thumbnails:
            return None
        if layer.name not in self._images:
            maps, theme = self._thumbnails[layer.name], self._theme
            colours = activation_colour_map(maps.maps, theme.display.colour_map, is_dark=theme.is_dark)
            window = QColor(theme.colours.window)
            rgb = window.red(), window.green(), window.blue()
            self._images[layer.name] = array_image(coloured(_indices(maps), colours, rgb))
        return self._images[layer.name]

    def latent_point(self, layer: LayerSpec) -> tuple[float, float] | None:
        """Return the two values of a latent vector on a plane; None if the layer is another one."""
        maps = self._thumbnails.get(layer.name)
        if maps is None or layer.name not in {"z_mean", "code"} or maps.maps.shape != (2, 1, 1):
            return None
        x, y = maps.maps[:, 0, 0].tolist()
        return x, y

    def choose(self, layer: LayerSpec) -> None:
        """Make a layer current."""
        self._choose(self._model.row_of(layer))

    def step(self, by: int) -> None:
        """Move right by a number of layers, left if negative; does nothing beyond the ends."""
        row = self.currentIndex().row() + by
        if 0 <= row < self._model.rowCount():
            self._choose(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the layers."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def leaveEvent(self, event: QEvent) -> None:
        """Clear the hover text."""
        super().leaveEvent(event)
        self.hover_text.emit("")

    def card_size(self) -> QSize:
        """Return the size of a layer: an equal share of the width, within limits."""
        height = self.viewport().height()
        share = self.width() // max(1, self._model.rowCount())
        widest = self._thumbnail_px + self.arrow_px + 2 * GAP_SMALL_PX
        return QSize(max(self._least_width, min(share, widest)), height)

    @property
    def _least_width(self) -> int:
        """Width in which all names and shapes fit."""
        names, shapes = (QFontMetricsF(self._theme.font("caption", weight)) for weight in (SEMIBOLD, REGULAR))
        layers = [self._model.index(row).data(_LAYER_ROLE) for row in range(self._model.rowCount())]
        widths = [names.horizontalAdvance(layer.name) for layer in layers]
        widths += [shapes.horizontalAdvance(shape_text(layer.output_shape)) for layer in layers]
        return round(max(widths, default=0.0)) + self.arrow_px + UNIT_PX

    @property
    def _thumbnail_px(self) -> int:
        return max(16, self.height() - 2 * self.line_px - 2 * GAP_SMALL_PX)

    @property
    def line_px(self) -> int:
        """Height of the name, and of the shape."""
        return self._theme.sizes.caption + UNIT_PX

    def _choose(self, row: int) -> None:
        index = self._model.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)

    @Slot()
    def _restyle(self) -> None:
        self._repaint()
        self.setMaximumWidth(max(1, self.widest))
        self.scheduleDelayedItemsLayout()

    @Slot()
    def _repaint(self) -> None:
        self._images = {}
        self.viewport().update()

    @Slot(QModelIndex)
    def _on_entered(self, index: QModelIndex) -> None:
        self.hover_text.emit(index.data())

    @Slot()
    def _on_left(self) -> None:
        self.hover_text.emit("")

    @Slot(QModelIndex)
    def _on_current_changed(self, index: QModelIndex) -> None:
        layer = index.data(_LAYER_ROLE)
        if layer is not None:
            self.layer_chosen.emit(layer)


class _LayerModel(QAbstractListModel):
    """Layers as rows; `DisplayRole` is the text for screen readers."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._layers: Sequence[LayerSpec] = ()

    def set_layers(self, layers: Sequence[LayerSpec]) -> None:
        self.beginResetModel()
        self._layers = layers
        self.endResetModel()

    def row_of(self, layer: LayerSpec) -> int:
        return self._layers.index(layer)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._layers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        layer = self._layers[index.row()]
        if role == _LAYER_ROLE:
            return layer
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return ", ".join((layer.name, *_lines(layer)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join((layer.name, *_lines(layer)))
        return None


class _LayerDelegate(QStyledItemDelegate):
    """Paints an arrow, the thumbnail, and beneath it the name and the shape of a layer."""

    def __init__(self, theme: Theme, parent: LayerList) -> None:
        super().__init__(parent)
        self._theme = theme
        self._list = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 (Qt)
        return self._list.card_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        layer: LayerSpec = index.data(_LAYER_ROLE)
        colours = self._theme.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(self._list.arrow_px, 0, 0, -1)
        arrow = QRect(option.rect.left(), card.top(), self._list.arrow_px, card.height())
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if selected else colours.line))
            if selected and option.state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(QPen(QColor(colours.accent), FOCUS_RING_PX))
            painter.drawRoundedRect(card.adjusted(1, 1, -1, -1), RADIUS_PX, RADIUS_PX)
        line = self._list.line_px
        side = min(card.height() - 2 * line - 2 * UNIT_PX, card.width() - 2 * UNIT_PX)
        square = QRect(card.center().x() - side // 2, card.top() + UNIT_PX, side, side)
        square.translate(0, (card.height() - 2 * line - 2 * UNIT_PX - side) // 2)
        self._paint_activations(painter, QRectF(square), layer)
        self._paint_arrow(painter, arrow, square.center().y(), layer)
        text = QRect(card.left(), card.bottom() - 2 * line - UNIT_PX, card.width(), line)
        painter.setFont(self._theme.font("caption", SEMIBOLD))
        painter.setPen(QColor(colours.text))
        _write(painter, text, layer.name)
        painter.setFont(self._theme.font("caption"))
        painter.setPen(QColor(colours.secondary))
        _write(painter, text.translated(0, line), shape_text(layer.output_shape))
        painter.restore()

    def _paint_activations(self, painter: QPainter, square: QRectF, layer: LayerSpec) -> None:
        image, point = self._list.thumbnail(layer), self._list.latent_point(layer)
        if point is not None:
            self._paint_point(painter, square, point)
        elif image is None:
            painter.fillRect(square, QColor(self._theme.colours.plot))
        else:
            scale = min(square.width() / image.width(), square.height() / image.height())
            place = QRectF(0, 0, scale * image.width(), scale * image.height())
            place.moveCenter(square.center())
            paint_pixels(painter, QRectF(place.toRect()), image, painter.device().devicePixelRatioF())

    def _paint_point(self, painter: QPainter, square: QRectF, point: tuple[float, float]) -> None:
        """Paint two latent values as a point of the plane, whose centre is zero."""
        colours, middle = self._theme.colours, square.center()
        painter.fillRect(square, QColor(colours.plot))
        painter.setPen(QColor(colours.line))
        painter.drawLine(QPointF(square.left(), middle.y()), QPointF(square.right(), middle.y()))
        painter.drawLine(QPointF(middle.x(), square.top()), QPointF(middle.x(), square.bottom()))
        finite = np.nan_to_num(np.asarray(point), posinf=0, neginf=0)
        x, y = finite / max(_PLANE_LIMIT, float(np.abs(finite).max())) * 0.45 * square.width()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.text))
        radius = 1.5 * self._theme.sizes.point_radius
        painter.drawEllipse(middle + QPointF(float(x), -float(y)), radius, radius)

    def _paint_arrow(self, painter: QPainter, place: QRect, y: int, layer: LayerSpec) -> None:
        """Paint an arrow from the layer before; `z_log_var` has the same input as `z_mean`."""
        if layer.name == "z_log_var":
            return
        painter.setFont(self._theme.font("body"))
        painter.setPen(QColor(self._theme.colours.secondary))
        middle = QRect(place.left(), y - place.height(), place.width(), 2 * place.height())
        painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, "›")


def _indices(maps: ActivationMaps) -> NDArray[np.uint16]:
    """Return the colour indices of a square mosaic of maps, or of one cell for each unit."""
    indices = colour_indices(maps.maps, maps.limit)[..., np.newaxis]
    n, height, width, _ = indices.shape
    gap = 0 if height == width == 1 else max(1, height // 14)
    whole = montage(indices, columns=grid_shape(n)[1], gap_px=gap, background=EMPTY)
    return whole[..., 0]


def _write(painter: QPainter, place: QRect, words: str) -> None:
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)


def layer_text(layer: LayerSpec) -> str:
    """Return the name, kind and number of parameters of a layer."""
    parameters, kind, _ = _lines(layer)
    return f"{layer.name} · {kind} · {parameters}"


def _lines(layer: LayerSpec) -> tuple[str, str, str]:
    """Return the number of parameters, the kind and the shapes of a layer."""
    kind = f"{layer.kind}, kernel of {layer.tied_to}" if layer.tied_to else layer.kind
    shapes = f"{shape_text(layer.input_shape)} → {shape_text(layer.output_shape)}"
    return count_text(layer.n_parameters, "parameter"), kind, shapes


ROWS: tuple[ActionRow[LayerList], ...] = (
    ActionRow(key="layerUp", menu="Inspect", text="Previous layer", shortcuts=("PgUp",),
              help="Inspect the layer before; in the network, the left arrow key does, too.",
              callback=lambda host: host.step(-1)),
    ActionRow(key="layerDown", menu="Inspect", text="Next layer", shortcuts=("PgDown",),
              help="Inspect the layer after; in the network, the right arrow key does, too.",
              callback=lambda host: host.step(1)),
)  # fmt: skip
