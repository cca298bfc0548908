"""Paints a layer of the network, with the activations of an image."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cadl_gui.domain.images import grid_shape, montage
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.activation_maps import ActivationMaps
from cadl_gui.imaging.weights.colour_map import EMPTY, colour_indices
from cadl_gui.ui.figures.figure_pixels import paint_pixels
from cadl_gui.ui.figures.network_bars import shape_text
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, RADIUS_PX, SEMIBOLD, UNIT_PX, TextRole

LAYER_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_PLANE_LIMIT = 3.0
"""The plane of two latent values reaches at least so far from its centre."""


class LayerCards(Protocol):
    """What is painted of the layers, and how large."""

    @property
    def arrow_px(self) -> int:
        """Width of the arrow before a layer."""

    @property
    def text_role(self) -> TextRole:
        """Type of the names and shapes."""

    def card_size(self) -> QSize:
        """Return the size of a layer."""

    def thumbnail(self, layer: LayerSpec) -> QImage | None:
        """Return the activations of a layer as an image, or None."""

    def latent_point(self, layer: LayerSpec) -> tuple[float, float] | None:
        """Return the point of the plane that a layer gives, or None."""


class LayerDelegate(QStyledItemDelegate):
    """Paints an arrow, the thumbnail, and beneath it the name and the shape of a layer."""

    def __init__(self, theme: Theme, cards: LayerCards, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cards = cards

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 (Qt)
        """Return the size of a layer."""
        return self._cards.card_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a layer."""
        layer: LayerSpec = index.data(LAYER_ROLE)
        colours = self._theme.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = option.rect.adjusted(self._cards.arrow_px, 0, 0, -1)
        arrow = QRect(option.rect.left(), card.top(), self._cards.arrow_px, card.height())
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if selected else colours.line))
            if selected and option.state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(QPen(QColor(colours.accent), FOCUS_RING_PX))
            painter.drawRoundedRect(card.adjusted(1, 1, -1, -1), RADIUS_PX, RADIUS_PX)
        line = self._theme.line_px
        lines, role = 2 * line, self._cards.text_role
        side = min(card.height() - lines - 2 * UNIT_PX, card.width() - 2 * UNIT_PX)
        square = QRect(card.center().x() - side // 2, card.top() + UNIT_PX, side, side)
        square.translate(0, (card.height() - lines - 2 * UNIT_PX - side) // 2)
        self._paint_activations(painter, QRectF(square), layer)
        self._paint_arrow(painter, arrow, square.center().y(), layer)
        text = QRect(card.left(), card.bottom() - lines - UNIT_PX, card.width(), line)
        painter.setFont(self._theme.font(role, SEMIBOLD))
        painter.setPen(QColor(colours.text))
        _write(painter, text, layer.name)
        painter.setFont(self._theme.font(role))
        painter.setPen(QColor(colours.secondary))
        shape = shape_text(layer.output_shape)
        if painter.fontMetrics().horizontalAdvance(shape) <= text.width():  # a part would be another shape
            _write(painter, text.translated(0, line), shape)
        painter.restore()

    def _paint_activations(self, painter: QPainter, square: QRectF, layer: LayerSpec) -> None:
        image, point = self._cards.thumbnail(layer), self._cards.latent_point(layer)
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


def mosaic(maps: ActivationMaps) -> NDArray[np.uint16]:
    """Return the colour indices of a square mosaic of maps, or of one cell for each unit."""
    indices = colour_indices(maps.maps, maps.limit)[..., np.newaxis]
    n, height, width, _ = indices.shape
    gap = 0 if height == width == 1 else max(1, height // 14)
    whole = montage(indices, columns=grid_shape(n)[1], gap_px=gap, background=EMPTY)
    return whole[..., 0]


def _write(painter: QPainter, place: QRect, words: str) -> None:
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)
