"""A panel that shows how a drawing is preprocessed for the networks, with the settings for it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from cadl_gui.ui.draw.image_cards import ImageCards
from cadl_gui.ui.draw.labelling_panel import LabellingPanel
from cadl_gui.ui.draw.normalisation_strip import NormalisationStrip
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_PX

_NOISE_PX = 120
_REDUCED_PX = 208


class PreprocessingPanel(QWidget):
    """Shows how a drawing becomes the image that networks get, a noise setting, and the labelled examples.

    Args:
        strip: shows the steps of the normalisation of ink, which has a switch.
        reduced: shows a drawing that is not ink, and the image.
        labelled_examples: panel to place beside them.

    Signals:
        normalised_changed: (bool) whether to normalise drawings.
        noise_changed: (float) amount of corruption in [0, 1].
    """

    normalised_changed = Signal(bool)
    noise_changed = Signal(float)

    def __init__(
        self,
        strip: NormalisationStrip,
        reduced: ImageCards,
        labelled: LabellingPanel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._reduced = reduced
        reduced.setAccessibleName("How the drawing is reduced")
        reduced.setFixedSize(_REDUCED_PX, strip.sizeHint().height())
        self._normalise = QCheckBox("Normalise")
        self._normalise.setObjectName("normaliseCheck")
        self._normalise.setChecked(True)
        self._normalise.setToolTip("Crop, fit into 20×20 and centre by mass, as MNIST's digits were")
        self._normalise.toggled.connect(self.normalised_changed)
        self._of_ink = (strip, self._normalise)
        self._noise = QSlider(Qt.Orientation.Horizontal)
        self._noise.setObjectName("noiseSlider")
        self._noise.setAccessibleName("Noise")
        self._noise.setToolTip("Corrupt the image as a denoising network's training does")
        self._noise.setRange(0, 100)
        self._noise.setFixedWidth(_NOISE_PX)
        self._noise.valueChanged.connect(self._on_noise)
        self._noise_label = QLabel("Noise 0 %")
        set_style_property(self._noise_label, "secondary", value=True)
        controls = QVBoxLayout()
        controls.setSpacing(0)
        for widget in (self._normalise, self._noise_label, self._noise):
            controls.addWidget(widget)
        controls.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        row.addWidget(strip)
        row.addWidget(reduced)
        row.addLayout(controls)
        row.addWidget(labelled, stretch=1)
        row.addStretch(0)
        self.set_ink(is_ink=True)

    def set_ink(self, *, is_ink: bool) -> None:
        """Show what concerns ink, or what concerns other drawings."""
        for widget in self._of_ink:
            widget.setVisible(is_ink)
        self._reduced.setVisible(not is_ink)

    @Slot(int)
    def _on_noise(self, percent: int) -> None:
        self._noise_label.setText(f"Noise {percent} %")
        self.noise_changed.emit(percent / 100)
