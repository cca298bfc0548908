"""The layers of a network, from left to right, with the activations of an image.

It is an item view, although it looks like a diagram, because screen readers and keys know such a list.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.weights.activation_maps import ActivationMaps
from cadl_gui.imaging.weights.colour_map import activation_colour_map, coloured
from cadl_gui.system.glossary import explained
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.array_image import array_image
from cadl_gui.ui.controls.current_list import CurrentList
from cadl_gui.ui.figures.hover_text import send_hover_text
from cadl_gui.ui.figures.network_bars import shape_text
from cadl_gui.ui.inspect.layer_delegate import LAYER_ROLE, LayerDelegate, mosaic
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, SEMIBOLD, UNIT_PX, TextRole

_Index = QModelIndex | QPersistentModelIndex
_LEAST_CARD = 3.3
"""Least width of a layer, as a multiple of the smallest type."""

_MOST_MAPS = 9
"""So many maps of a convolution are in its thumbnail, the strongest."""


class LayerList(CurrentList):
    """Shows the layers side by side; the current one is inspected. Where they do not fit, they scroll.

    Before they scroll, they become smaller, and the middle of their names is left out: a class sees a network
    as a whole.

    Each has a thumbnail of its activations, its name and the shape of its output.

    Args:
        theme: Colours and type.
        view: Has the name of the layer; the first is current where no layer has it.

    Attributes:
        action_set: The actions of `ROWS`, in order.
    """

    def __init__(self, theme: Theme, view: ViewState) -> None:
        super().__init__()
        self.setObjectName("layerList")
        self.setAccessibleName(_("Layers"))
        self._theme = theme
        self._view = view
        self.action_set = ActionSet(ROWS, self, theme, self)
        self._model = _LayerModel(self)
        self._thumbnails: dict[str, ActivationMaps] = {}
        self._images: dict[str, QImage] = {}
        self.setModel(self._model)
        self.setItemDelegate(LayerDelegate(theme, self, self))
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.entered.connect(self._on_entered)
        self.viewportEntered.connect(self._on_left)
        theme.figures_changed.connect(self._restyle)
        view.bind(self, lambda: view.value.inspect.layer, self._show_wished)

    @property
    def layer(self) -> LayerSpec | None:
        """The current layer, or None."""
        layer: LayerSpec | None = self.currentIndex().data(LAYER_ROLE)
        return layer

    @property
    def widest(self) -> int:
        """Width in which no layer would gain by more room, in pixels."""
        return self._model.rowCount() * self._widest_card + 1

    @property
    def _widest_card(self) -> int:
        return max(self._thumbnail_px + self._theme.sizes.body + 2 * GAP_SMALL_PX, self._width_of("caption"))

    @property
    def arrow_px(self) -> int:
        """Width of the arrow before a layer."""
        return self._theme.sizes.body // (2 if self._is_tight else 1)

    def set_layers(self, layers: Sequence[LayerSpec]) -> None:
        """Replace the layers."""
        self.set_activations({})
        self._model.set_layers(layers)
        self.setMaximumWidth(max(1, self.widest))
        self._show_wished()

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
            colours = activation_colour_map(maps.maps, theme.colour_map, is_dark=theme.is_dark)
            window = QColor(theme.colours.window)
            rgb = window.red(), window.green(), window.blue()
            self._images[layer.name] = array_image(coloured(mosaic(maps), colours, rgb))
        return self._images[layer.name]

    def latent_point(self, layer: LayerSpec) -> tuple[float, float] | None:
        """Return the two values of a latent vector on a plane; None if the layer is another one."""
        maps = self._thumbnails.get(layer.name)
        if maps is None or layer.name not in {"z_mean", "latent"} or maps.maps.shape != (2, 1, 1):
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
        self.setMaximumWidth(max(1, self.widest))  # which depends on the height
        self.scheduleDelayedItemsLayout()

    def leaveEvent(self, event: QEvent) -> None:
        """Clear the hover text."""
        super().leaveEvent(event)
        self._on_left()

    def card_size(self) -> QSize:
        """Return the size of a layer: an equal share of the width, within limits."""
        height = self.viewport().height()
        share = self.width() // max(1, self._model.rowCount())
        small = round(_LEAST_CARD * self._theme.sizes.small)
        least = small if self._is_tight else self._width_of(self.text_role)
        return QSize(max(least, min(share, self._widest_card)), height)

    @property
    def text_role(self) -> TextRole:
        """Type of the names and shapes: smaller where they would not all fit."""
        return "caption" if self._fits("caption") else "small"

    @property
    def _is_tight(self) -> bool:
        return not self._fits("small")

    def _fits(self, role: TextRole) -> bool:
        return self._width_of(role) * self._model.rowCount() <= self.width()

    def _width_of(self, role: TextRole) -> int:
        """Return the width in which all names, in this type, and shapes fit."""
        layers, names = self._model.layers, QFontMetricsF(self._theme.font(role, SEMIBOLD))
        shapes = QFontMetricsF(self._theme.font(role))
        widths = [names.horizontalAdvance(layer.name) for layer in layers]
        widths += [shapes.horizontalAdvance(shape_text(layer.output_shape)) for layer in layers]
        return math.ceil(max(widths, default=0.0)) + self._theme.sizes.body + UNIT_PX

    @property
    def _thumbnail_px(self) -> int:
        return max(16, self.height() - 2 * self._theme.line_px - 2 * GAP_SMALL_PX)

    def _choose(self, row: int) -> None:
        self.go_to(row)
        self.scrollTo(self.currentIndex(), QListView.ScrollHint.PositionAtCenter)  # with those beside it

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
        send_hover_text(self, index.data())

    @Slot()
    def _on_left(self) -> None:
        send_hover_text(self, "")

    @Slot(QModelIndex)
    def _on_current_changed(self, index: QModelIndex) -> None:
        layer, wish = index.data(LAYER_ROLE), self._view.value.inspect
        if layer is not None and index.row() != self._wished_row:
            self._view.change(inspect=replace(wish, layer=layer.name, unit=0))

    @property
    def _wished_row(self) -> int:
        names = [layer.name for layer in self._model.layers]
        wished = self._view.value.inspect.layer
        return names.index(wished) if wished in names else 0

    def _show_wished(self) -> None:
        self._choose(self._wished_row)


class _LayerModel(QAbstractListModel):
    """Layers as rows; `DisplayRole` is the text for screen readers."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._layers: tuple[LayerSpec, ...] = ()

    @property
    def layers(self) -> tuple[LayerSpec, ...]:
        return self._layers

    def set_layers(self, layers: Sequence[LayerSpec]) -> None:
        self.beginResetModel()
        self._layers = tuple(layers)
        self.endResetModel()

    def row_of(self, layer: LayerSpec) -> int:
        return self._layers.index(layer)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._layers)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        layer = self._layers[index.row()]
        if role == LAYER_ROLE:
            return layer
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return ", ".join((layer.name, *_lines(layer)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return explained("\n".join((layer.name, *_lines(layer))), layer.name)
        return None


def layer_text(layer: LayerSpec) -> str:
    """Return the kind and number of parameters of a layer."""
    parameters, kind, _ = _lines(layer)
    return f"{kind} · {parameters}"


def _lines(layer: LayerSpec) -> tuple[str, str, str]:
    """Return the number of parameters, the kind and the shapes of a layer."""
    kind = (
        _("{kind}, kernel of {tied_to}").format(kind=layer.kind_text, tied_to=layer.tied_to)
        if layer.tied_to
        else layer.kind_text
    )
    shapes = f"{shape_text(layer.input_shape)} → {shape_text(layer.output_shape)}"
    return count_text(layer.n_parameters, "parameter"), kind, shapes


ROWS: tuple[ActionRow[LayerList], ...] = (
    ActionRow(key="layerUp", menu="Inspect", text="Previous layer", shortcuts=("Ctrl+PgUp",),
              help="Inspect the layer before; in the network, the left arrow key does, too.",
              callback=lambda host: host.step(-1)),
    ActionRow(key="layerDown", menu="Inspect", text="Next layer", shortcuts=("Ctrl+PgDown",),
              help="Inspect the layer after; in the network, the right arrow key does, too.",
              callback=lambda host: host.step(1)),
)  # fmt: skip
