"""The list of a network's layers."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, RADIUS_PX, SEMIBOLD, UNIT_PX
from cadl_gui.ui.widgets.network_bars import shape_text

_LAYER_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


class LayerList(QListView):
    """Lists layers; the current row is the layer inspected. In narrow mode, only names are shown.

    Attributes:
        action_set: The actions of `ROWS`, in order.

    Signals:
        layer_chosen: (`LayerSpec`) The layer that became current.
    """

    layer_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layerList")
        self.setAccessibleName("Layers")
        self._is_narrow = False
        self.action_set = ActionSet(ROWS, self, theme, self)
        self._model = _LayerModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_LayerDelegate(theme, self))
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    @property
    def is_narrow(self) -> bool:
        """Whether only names are shown."""
        return self._is_narrow

    @property
    def layer(self) -> LayerSpec | None:
        """The current layer, or None."""
        layer: LayerSpec | None = self.currentIndex().data(_LAYER_ROLE)
        return layer

    def set_narrow(self, narrow: bool) -> None:
        """Set whether to show names only."""
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            self.scheduleDelayedItemsLayout()

    def set_layers(self, layers: Sequence[LayerSpec]) -> None:
        """Replace the layers; the one with the current layer's name becomes current, or else the first."""
        name = self.layer.name if self.layer else ""
        self._model.set_layers(layers)
        row = next((row for row, layer in enumerate(layers) if layer.name == name), 0)
        self._choose(row)

    def choose(self, layer: LayerSpec) -> None:
        """Make a layer current."""
        self._choose(self._model.row_of(layer))

    def step(self, by: int) -> None:
        """Move down by a number of layers, up if negative; does nothing beyond the ends."""
        row = self.currentIndex().row() + by
        if 0 <= row < self._model.rowCount():
            self._choose(row)

    def _choose(self, row: int) -> None:
        self.selectionModel().setCurrentIndex(
            self._model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

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
    """Paints the name, parameters, kind and shapes of a layer."""

    def __init__(self, theme: Theme, parent: LayerList) -> None:
        super().__init__(parent)
        self._theme = theme
        self._list = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 (Qt)
        sizes = self._theme.sizes
        lines = 0 if self._list.is_narrow else 2 * (sizes.caption + UNIT_PX)
        return QSize(0, sizes.body + lines + 2 * GAP_SMALL_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        layer: LayerSpec = index.data(_LAYER_ROLE)
        colours, sizes = self._theme.colours, self._theme.sizes
        row = option.rect.adjusted(0, 1, 0, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if selected else colours.line))
            painter.drawRoundedRect(row, RADIUS_PX, RADIUS_PX)
        text = row.adjusted(GAP_SMALL_PX, GAP_SMALL_PX - 2, -UNIT_PX, 0)
        painter.setFont(self._theme.font("body", SEMIBOLD))
        painter.setPen(QColor(colours.text))
        text.setHeight(sizes.body + UNIT_PX)
        _write(painter, text, layer.name)
        if not self._list.is_narrow:
            self._paint_more(painter, text, layer)
        painter.restore()

    def _paint_more(self, painter: QPainter, text: QRect, layer: LayerSpec) -> None:
        painter.setFont(self._theme.font("caption"))
        painter.setPen(QColor(self._theme.colours.secondary))
        parameters, *lines = _lines(layer)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, parameters)
        for line in lines:
            text.translate(0, self._theme.sizes.caption + UNIT_PX)
            _write(painter, text, line)


def _write(painter: QPainter, place: QRect, words: str) -> None:
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)


def _lines(layer: LayerSpec) -> tuple[str, str, str]:
    """Return the number of parameters, the kind and the shapes of a layer."""
    kind = f"{layer.kind}, kernel of {layer.tied_to}" if layer.tied_to else layer.kind
    shapes = f"{shape_text(layer.input_shape)} → {shape_text(layer.output_shape)}"
    return count_text(layer.n_parameters, "parameter"), kind, shapes


ROWS: tuple[ActionRow[LayerList], ...] = (
    ActionRow(key="layerUp", menu="Inspect", text="Previous layer", shortcuts=("PgUp",),
              help="Inspect the layer above in the list.", callback=lambda host: host.step(-1)),
    ActionRow(key="layerDown", menu="Inspect", text="Next layer", shortcuts=("PgDown",),
              help="Inspect the layer below in the list.", callback=lambda host: host.step(1)),
)  # fmt: skip
