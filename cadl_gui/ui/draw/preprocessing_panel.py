"""A section that shows how a drawing is preprocessed for the networks, with the settings for it."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QWidget

from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.engine.view_state import ViewState
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
        view: has whether drawings are normalised, and how much noise they get.
        parent: parent widget.
    """

    def __init__(
        self, theme: Theme, preview: ImageView, view: ViewState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._strip = NormalisationStrip(theme, empty_text=_EMPTY)
        self._strip.setObjectName("normalisationStrip")
        self._reduced = ImageCards(theme, empty_text=_EMPTY, n_lines=1)
        self._reduced.setObjectName("reducedImages")
        self._reduced.setAccessibleName("How the drawing is reduced")
        self._preview = preview
        self._is_ink = True
        self._normalise = QCheckBox("Normalise")
        self._normalise.setObjectName("normaliseCheck")
        self._normalise.setToolTip("Crop, fit into 20×20 and centre by mass, as MNIST's digits were")
        self._normalise.toggled.connect(
            lambda on: view.change(draw=replace(view.value.draw, is_normalised=on))
        )
        self._noise = JumpSlider()
        self._noise.setObjectName("noiseSlider")
        self._noise.setAccessibleName("Noise")
        self._noise.setToolTip("Corrupt the image as a denoising network's training does")
        self._noise.setRange(0, 100)
        self._noise.valueChanged.connect(
            lambda percent: view.change(draw=replace(view.value.draw, noise=percent))
        )
        self._noise_label = QLabel()
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
        view.bind(self, lambda: (view.value.draw.is_normalised, view.value.draw.noise), self._show_chosen)

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

    def _show_chosen(self) -> None:
        chosen = self._view.value.draw
        with QSignalBlocker(self._normalise), QSignalBlocker(self._noise):
            self._normalise.setChecked(chosen.is_normalised)
            self._noise.setValue(chosen.noise)
        self._noise_label.setText(f"Noise {chosen.noise} %")
        self._show_preview()

    def _show_preview(self) -> None:
        """Show the image with noise; without any, it is the last one of the strip."""
        self._preview.setVisible(self._is_ink and self._noise.value() > 0)
