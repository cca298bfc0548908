"""The network from left to right: an image, the layers that it passes, and the output."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.model_spec import LOGITS, ModelSpec
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.weights.activation_maps import ActivationMaps
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import named, row_in
from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.inspect.layer_list import LayerList
from cadl_gui.ui.inspect.output_view import OutputView
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_HEIGHT_PX, _LOW_PX, _LINES = 118, 94, 2.5
"""Heights without the lines of text, and these, in ems."""

_OUTPUT_PX, _OUTPUT_EMS = 166, 8
"""Widths of the output, and what its text needs."""

_IMAGE_SHARE = 0.15
"""Largest share of the width that an image at an end takes: the layers are between them."""

_NO_OUTPUT, _COMPUTING = _("No output yet."), _("Computing…")


class NetworkStrip(QWidget):
    """A `Figure` in which a layer is chosen, by click or with the left and right arrow keys.

    Args:
        engine: Has the layer that is chosen.
        theme: Colours and type.

    Attributes:
        layers: The layers.
        image: What the network sees.
        output: What it says or, of an autoencoder, makes of the image.
    """

    def __init__(self, engine: Engine, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("networkStrip")
        self._theme = theme
        self._spec: ModelSpec | None = None
        self._class_names: tuple[str, ...] = ()
        self._is_low = False
        self.layers = LayerList(theme, engine.view)
        image = ImageView(theme, empty_text=_("No image."), is_centred=True)
        self.image = named(image, "networkImage", says=_("Image"))
        self.image.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.output = named(OutputView(theme, empty_text=_NO_OUTPUT), "networkOutput")
        self._lay_out()
        self.setFocusProxy(self.layers)
        self.output.clicked.connect(self._on_output_clicked)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_network(self, spec: ModelSpec | None, class_names: Sequence[str] = ()) -> None:
        """Show the layers of a network; None shows none."""
        self._spec, self._class_names = spec, tuple(class_names)
        self.layers.set_layers(spec.layers if spec is not None else ())
        self.set_activations({})
        self._divide()

    def set_activations(self, maps: Mapping[str, ActivationMaps], *, failed: bool = False) -> None:
        """Show what the layers make of the image, by the name of the layer; {} empties layers and output."""
        self.layers.set_activations(maps)
        if LOGITS in maps:
            self.output.set_logits(maps[LOGITS].maps[:, 0, 0], self._class_names)
        elif not maps:
            awaits = self._spec is not None and self.image.images is not None and not failed
            self.output.set_empty_text(_COMPUTING if awaits else _NO_OUTPUT)
            self.output.set_image(None)

    def set_low(self, low: bool) -> None:
        """Set whether the page is low, so that the layer needs the room."""
        if low != self._is_low:
            self._is_low = low
            self._restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the layers most of the width."""
        super().resizeEvent(event)
        self._divide()

    def render_image(self, scale: float) -> QImage:
        """Render the strip."""
        image = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(self.palette().window().color())
        self.render(image)
        return image

    def _lay_out(self) -> None:
        row_in(self, GAP_SMALL_PX, self.image, (self.layers, 1), self.output).addStretch()

    @Slot()
    def _on_output_clicked(self) -> None:
        if self._spec is not None:
            self.layers.choose(self._spec.layers[-1])

    @Slot()
    def _restyle(self) -> None:
        em = self._theme.sizes.caption
        self.setFixedHeight((_LOW_PX if self._is_low else _HEIGHT_PX) + round(_LINES * em))
        self.layers.setMaximumWidth(max(1, self.layers.widest))
        self._divide()

    def _divide(self) -> None:
        image = min(self.height(), round(_IMAGE_SHARE * self.width()))
        names = max(_OUTPUT_PX, _OUTPUT_EMS * self._theme.sizes.caption)
        has_names = self._spec is not None and self._spec.layers[-1].name == LOGITS
        self.image.setFixedWidth(image)
        self.output.setFixedWidth(names if has_names else min(image + GAP_SMALL_PX, names))
