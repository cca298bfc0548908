"""The network from left to right: an image, the layers that it passes, and the output."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cadl_gui.domain.model_spec import ModelSpec
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.weights.activation_maps import ActivationMaps
from cadl_gui.ui.inspect.input_picker import InputPicker
from cadl_gui.ui.inspect.layer_list import LayerList
from cadl_gui.ui.inspect.output_view import OutputView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX
from cadl_gui.ui.widgets.image_view import ImageView

_HEIGHT_PX, _LOW_PX, _PRESENT_PX, _LOW_PRESENT_PX = 148, 124, 232, 172
_END_PX, _NARROW_END_PX, _PRESENT_END_PX = 180, 166, 208
"""Widths of image and output."""

_LOGITS = "logits"


class NetworkStrip(QWidget):
    """A `Figure` in which a layer is chosen, by click or with the left and right arrow keys.

    Args:
        engine: Supplies images.
        theme: Colours and type.

    Attributes:
        picker: Picks the image that goes through the network.
        layers: The layers.

    Signals:
        hover_text: (str) Describes what is under the pointer.
    """

    hover_text = Signal(str)

    def __init__(self, engine: Engine, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkStrip")
        self._theme = theme
        self._spec: ModelSpec | None = None
        self._class_names: tuple[str, ...] = ()
        self._is_low = False
        self.picker = InputPicker(engine)
        self.layers = LayerList(theme, engine.view)
        self._image = ImageView(theme, empty_text="No image.", is_centred=True)
        self._image.setObjectName("networkImage")
        self._image.setAccessibleName("Image")
        self._image.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._output = OutputView(theme, empty_text="No output yet.")
        self._output.setObjectName("networkOutput")
        self._lay_out()
        self.setFocusProxy(self.layers)
        for part in (self._image, self._output, self.layers):
            part.hover_text.connect(self.hover_text)
        self._output.clicked.connect(self._on_output_clicked)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_network(self, spec: ModelSpec | None, class_names: Sequence[str] = ()) -> None:
        """Show the layers of a network; None shows none."""
        self._spec, self._class_names = spec, tuple(class_names)
        self.layers.set_layers(spec.layers if spec is not None else ())
        self.set_activations({})

    def set_image(self, image: NDArray[np.float32] | None) -> None:
        """Show the image, (height, width, channels) in [0, 1]; None for none."""
        self._image.set_image(image)

    def set_activations(self, maps: Mapping[str, ActivationMaps]) -> None:
        """Show what the layers make of the image, by the name of the layer; {} empties layers and output."""
        self.layers.set_activations(maps)
        if _LOGITS in maps:
            self._output.set_logits(maps[_LOGITS].maps[:, 0, 0], self._class_names)
        elif not maps:
            self._output.set_image(None)

    @Slot(object)
    def set_reconstruction(self, image: NDArray[np.float32] | None) -> None:
        """Show what an autoencoder makes of the image, (height, width, channels) in [0, 1]."""
        self._output.set_image(image)

    def set_low(self, low: bool) -> None:
        """Set whether the page is low, so that the layer needs the room."""
        if low != self._is_low:
            self._is_low = low
            self._restyle()

    def render_image(self, scale: float) -> QImage:
        """Render the strip without the fields that pick the image."""
        image = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(self.palette().window().color())
        fields = QRegion() if self.picker.isHidden() else QRegion(self.picker.geometry())
        region = QRegion(self.rect()) - fields
        self.render(image, QPoint(0, 0), region)
        return image

    def leaveEvent(self, event: QEvent) -> None:
        """Clear the hover text."""
        super().leaveEvent(event)
        self.hover_text.emit("")

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(UNIT_PX)
        left.addWidget(self._image, stretch=1)
        left.addWidget(self.picker)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL_PX)
        row.addLayout(left)
        row.addWidget(self.layers, stretch=1)
        row.addWidget(self._output)
        row.addStretch()

    @Slot()
    def _on_output_clicked(self) -> None:
        if self._spec is not None:
            self.layers.choose(self._spec.layers[-1])

    @Slot()
    def _restyle(self) -> None:
        present = self._theme.present
        self.picker.setVisible(not present)
        low_px, high_px = (_LOW_PRESENT_PX, _PRESENT_PX) if present else (_LOW_PX, _HEIGHT_PX)
        self.setFixedHeight(low_px if self._is_low else high_px)
        end_px = _PRESENT_END_PX if present else _NARROW_END_PX if self._is_low else _END_PX
        self._image.setFixedWidth(end_px)
        self._output.setFixedWidth(end_px)
        self.picker.setFixedWidth(end_px)
        self.layers.setMaximumWidth(max(1, self.layers.widest))
