"""Which layers of the latent plane are shown, and how it is looked at."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.icon import icon

_CHIPS = (
    (LatentLayer.POINTS, "Points", "Test digits where the encoder puts them, in the colour of their label"),
    (LatentLayer.THUMBNAILS, "Thumbnails", "What is decoded where test digits lie, in their label's colour"),
    (LatentLayer.MANIFOLD, "Manifold", "What the network decodes everywhere"),
    (LatentLayer.CLASSIFIER, "Classifier", "What the classifier answers everywhere; the brighter, the surer"),
    (LatentLayer.PRIOR, "Prior", "One, two and three sigma of the unit normal"),
    (LatentLayer.VEIL, "Veil", "Covers places far from all data"),
)
_ZOOM = 1.5
_SHOWN_AT_FIRST = {LatentLayer.POINTS, LatentLayer.MANIFOLD}


class LatentLayerBar(QWidget):
    """A chip for each layer; buttons to zoom.

    Args:
        theme: for icons.

    Signals:
        layer_toggled: (`LatentLayer`, bool) it is to be shown, or hidden.
        zoomed: (float) enlarge by that factor.
        fit_clicked: show everything.
        hover_toggled: (bool) the handle is to follow the pointer without a button.
        grid_toggled: (bool) the points are to stand on a grid.
    """

    layer_toggled = Signal(object, bool)
    zoomed = Signal(float)
    fit_clicked = Signal()
    hover_toggled = Signal(bool)
    grid_toggled = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips = {layer: self._chip(layer, text, tip) for layer, text, tip in _CHIPS}
        self._hover_chip = _checkable("Hover", "The handle follows the pointer without a button")
        self._hover_chip.setObjectName("hoverChip")
        self._hover_chip.toggled.connect(self.hover_toggled)
        self._grid_button = _checkable(
            "Reorganise to grid", "Every point walks to a cell of its own, and back"
        )
        self._grid_button.setObjectName("gridButton")
        self._grid_button.toggled.connect(self._on_grid)
        self._lay_out()
        theme.changed.connect(self._arrange)
        self._arrange()

    @Slot(bool)
    def _on_grid(self, is_grid: bool) -> None:
        """Offer nothing but points and thumbnails: on a grid, places mean nothing to the others."""
        self._grid_button.setText("Back to scatter" if is_grid else "Reorganise to grid")
        for layer, chip in self._chips.items():
            if layer not in {LatentLayer.POINTS, LatentLayer.THUMBNAILS}:
                chip.setEnabled(not is_grid)
                self.layer_toggled.emit(layer, chip.isChecked() and not is_grid)
        self.grid_toggled.emit(is_grid)

    def _chip(self, layer: LatentLayer, text: str, tip: str) -> QPushButton:
        chip = _checkable(text, tip)
        chip.setObjectName(f"{layer}Chip")
        chip.setChecked(layer in _SHOWN_AT_FIRST)
        chip.toggled.connect(lambda shown: self.layer_toggled.emit(layer, shown))
        return chip

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL_PX)
        for chip in self._chips.values():
            row.addWidget(chip)
        row.addStretch(1)
        row.addWidget(self._grid_button)
        row.addWidget(self._hover_chip)
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
        for widget in (self._hover_chip, self._grid_button, *self._zoom_buttons):
            widget.setVisible(not present)
        for layer in (LatentLayer.PRIOR, LatentLayer.VEIL):
            self._chips[layer].setVisible(not present)


def _checkable(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setCheckable(True)
    button.setToolTip(tip)
    return button
