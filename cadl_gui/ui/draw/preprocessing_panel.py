"""A section that shows how a drawing is preprocessed for the networks, with the settings for it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QWidget

from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.imaging.drawing.normalisation import Normalisation
from cadl_gui.ui.draw.cards import reduced_cards
from cadl_gui.ui.draw.image_cards import ImageCards
from cadl_gui.ui.draw.normalisation_strip import NormalisationStrip
from cadl_gui.ui.draw.side_panel import SidePanel
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX
from cadl_gui.ui.widgets.image_view import ImageView
from cadl_gui.ui.widgets.jump_slider import JumpSlider

_INK = "The network never sees your drawing, only these 28×28 pixels, cropped and centred like MNIST's."
_PICTURE = "The network never sees the image itself, only these {height}×{width} pixels."
_EMPTY = "How your drawing becomes the few pixels that networks get, step by step."


class PreprocessingPanel(QWidget):
    """Shows how a drawing becomes the image that networks get, and offers to change that.

    Args:
        theme: for colours and fonts.
        preview: shows the image with noise.
        parent: parent widget.

    Signals:
        normalised_changed: (bool) whether to normalise drawings.
        noise_changed: (float) amount of corruption in [0, 1].
    """

    normalised_changed = Signal(bool)
    noise_changed = Signal(float)

    def __init__(self, theme: Theme, preview: ImageView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = NormalisationStrip(theme, empty_text=_EMPTY)
        self._strip.setObjectName("normalisationStrip")
        self._reduced = ImageCards(theme, empty_text=_EMPTY, n_lines=1)
        self._reduced.setObjectName("reducedImages")
        self._reduced.setAccessibleName("How the drawing is reduced")
        self._preview = preview
        self._is_ink = True
        self._normalise = QCheckBox("Normalise")
        self._normalise.setObjectName("normaliseCheck")
        self._normalise.setChecked(True)
        self._normalise.setToolTip("Crop, fit into 20×20 and centre by mass, as MNIST's digits were")
        self._normalise.toggled.connect(self.normalised_changed)
        self._noise = JumpSlider()
        self._noise.setObjectName("noiseSlider")
        self._noise.setAccessibleName("Noise")
        self._noise.setToolTip("Corrupt the image as a denoising network's training does")
        self._noise.setRange(0, 100)
        self._noise.valueChanged.connect(self._on_noise)
        self._noise_label = QLabel("Noise 0 %")
        set_style_property(self._noise_label, "secondary", value=True)
        self._side = SidePanel(_INK, self._normalise, self._noise_label, self._noise)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        row.addWidget(self._strip, stretch=4)
        row.addWidget(self._reduced, stretch=4)
        row.addWidget(self._side)
        row.addWidget(preview, stretch=1)  # after the slider, which it would move away from under the hand
        row.addStretch(0)
        self.set_form(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the controls beside the images, however wide the section is."""
        super().resizeEvent(event)
        width = self._strip.fitting_width(self.height())
        self._strip.setMaximumWidth(width)
        self._reduced.setMaximumWidth(width // 2)
        self._preview.setMaximumWidth(width // 4)

    def set_form(self, form: DrawingForm | None) -> None:
        """Show what concerns ink, or what concerns drawings of another form; None is ink."""
        self._is_ink = form is None or form.is_ink
        self._strip.setVisible(self._is_ink)
        self._normalise.setVisible(self._is_ink)
        self._reduced.setVisible(not self._is_ink)
        # Its place is kept while it is hidden: in a narrow window, the strip would make room for it.
        keeping = self._preview.sizePolicy()
        keeping.setRetainSizeWhenHidden(self._is_ink)
        self._preview.setSizePolicy(keeping)
        if form is not None and not form.is_ink:
            height, width, _ = form.shape
            self._side.set_text(_PICTURE.format(height=height, width=width))
        else:
            self._side.set_text(_INK)
        self._show_preview()

    def show_ink(self, stages: Normalisation | None, *, skipped: bool) -> None:
        """Show the steps of the normalisation of ink; `skipped` is whether it is switched off."""
        self._strip.set_stages(stages, skipped=skipped)

    def show_reduced(self, drawn: NDArray[np.float32], seen: NDArray[np.float32] | None) -> None:
        """Show a drawing that is not ink and the image that networks get of it; None if it is blank."""
        self._reduced.set_cards([] if seen is None else reduced_cards(drawn, seen))

    @Slot(int)
    def _on_noise(self, percent: int) -> None:
        self._noise_label.setText(f"Noise {percent} %")
        self._show_preview()
        self.noise_changed.emit(percent / 100)

    def _show_preview(self) -> None:
        """Show the image with noise; without any, it is the last one of the strip."""
        self._preview.setVisible(self._is_ink and self._noise.value() > 0)
