"""Which layers of the latent plane are shown, and how it is looked at."""

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.action_button import ActionButton

LAYER_ACTIONS = {
    "showPoints": LatentLayer.POINTS,
    "showThumbnails": LatentLayer.THUMBNAILS,
    "showManifold": LatentLayer.MANIFOLD,
    "showClassifier": LatentLayer.CLASSIFIER,
    "showPrior": LatentLayer.PRIOR,
    "showVeil": LatentLayer.VEIL,
}
"""The layer that each action shows or hides."""

_ZOOM = 1.5
_SHOWN_AT_FIRST = {LatentLayer.POINTS, LatentLayer.MANIFOLD}
_UNPRESENTED = {"showPrior", "showVeil", "sampled", "grid", "hover"}


class LatentLayerBar(QWidget):
    """A chip for each layer; buttons to zoom.

    Args:
        theme: for icons.
        actions: of the Latent tab, by key.

    Signals:
        layer_toggled: (`LatentLayer`, bool) it is to be shown, or hidden.
        zoomed: (float) enlarge by that factor.
        fit_clicked: show everything.
    """

    layer_toggled = Signal(object, bool)
    zoomed = Signal(float)
    fit_clicked = Signal()

    def __init__(self, theme: Theme, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions = actions
        self._chips = {key: self._chip(key, layer) for key, layer in LAYER_ACTIONS.items()}
        for key in ("sampled", "grid", "hover"):
            self._chips[key] = ActionButton(actions[key])
        actions["grid"].toggled.connect(self._on_grid)
        self._lay_out()
        theme.changed.connect(self._arrange)
        self._arrange()

    @Slot(bool)
    def _on_grid(self, is_grid: bool) -> None:
        """Offer nothing but points and thumbnails: on a grid, places mean nothing to the others."""
        self._actions["grid"].setText("Back to scatter" if is_grid else "Reorganise to grid")
        for key, layer in LAYER_ACTIONS.items():
            if layer not in {LatentLayer.POINTS, LatentLayer.THUMBNAILS}:
                self._actions[key].setEnabled(not is_grid)
                self.layer_toggled.emit(layer, self._actions[key].isChecked() and not is_grid)

    def _chip(self, key: str, layer: LatentLayer) -> QPushButton:
        action = self._actions[key]
        action.setChecked(layer in _SHOWN_AT_FIRST)
        action.toggled.connect(lambda shown: self.layer_toggled.emit(layer, shown))
        chip = ActionButton(action)
        chip.setObjectName(f"{layer}Chip")
        return chip

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL_PX)
        for key, chip in self._chips.items():
            if key == "grid":
                row.addStretch(1)
            row.addWidget(chip)
        self._zoom_buttons = [
            self._zoom_button("zoom-out", "Zoom out (−)", 1 / _ZOOM),
            self._zoom_button("zoom-in", "Zoom in (+)", _ZOOM),
        ]
        for button in self._zoom_buttons:
            row.addWidget(button)
        self._fit_button = QPushButton("Fit")
        self._fit_button.setObjectName("fitButton")
        self._fit_button.setToolTip("Show everything (Home)")
        set_style_property(self._fit_button, "quiet", value=True)
        self._fit_button.clicked.connect(self.fit_clicked)
        row.addWidget(self._fit_button)

    def _zoom_button(self, name: str, text: str, factor: float) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"{name.replace('-', '_')}Button")
        button.setIcon(icon(name, self._theme))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.clicked.connect(lambda: self.zoomed.emit(factor))
        return button

    @Slot()
    def _arrange(self) -> None:
        """On a projector only what a class understands without a word."""
        present = self._theme.present
        for key, chip in self._chips.items():
            chip.setVisible(not present or key not in _UNPRESENTED)
        for button in self._zoom_buttons:
            button.setVisible(not present)
