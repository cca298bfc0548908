"""A section that shows how a drawing is preprocessed for the networks, with the settings for it."""

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QWidget

from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.words import _
from cadl_gui.ui.chosen import Chosen
from cadl_gui.ui.controls.jump_slider import JumpSlider
from cadl_gui.ui.controls.parts import keep_room, label, named, row_in
from cadl_gui.ui.draw.cards import reduced_cards
from cadl_gui.ui.draw.drawing_canvas import DrawingCanvas
from cadl_gui.ui.draw.image_cards import ImageCards
from cadl_gui.ui.draw.normalisation_strip import NormalisationStrip
from cadl_gui.ui.draw.side_panel import SidePanel
from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX

_INK = _("The network never sees your drawing, only these 28×28 pixels, cropped and centred like MNIST's.")
_PICTURE = _("The network never sees the image itself, only these {height}×{width} pixels.")
_DRAWN_PX = 192
_WIDE = 3
"""From which width, in heights, the controls are beside the images."""

_EMPTY = _("How your drawing becomes the few pixels that networks get, step by step.")


class PreprocessingPanel(QWidget):
    """Shows how a drawing becomes the image that networks get, and offers to change that.

    Args:
        theme: for colours and fonts.
        preview: shows the image with noise.
        canvas: renders the drawing.
        view: has the drawing, whether it is normalised, and how much noise it gets.
    """

    def __init__(self, theme: Theme, preview: ImageView, canvas: DrawingCanvas, view: ViewState) -> None:
        super().__init__()
        self._canvas = canvas
        self._view = view
        self._strip = named(NormalisationStrip(theme, empty_text=_EMPTY), "normalisationStrip")
        cards = ImageCards(theme, empty_text=_EMPTY, n_lines=1)
        self._reduced = named(cards, "reducedImages", says=_("How the drawing is reduced"))
        self._preview = preview
        tip = _("Crop, fit into 20×20 and centre by mass, as MNIST's digits were")
        self._normalise = named(QCheckBox(_("Normalise")), "normaliseCheck", tip)
        self._normalise.toggled.connect(lambda on: view.change(draw=view.value.draw.normalised(on)))
        tip = _("Corrupt the image as a denoising network's training does")
        self._noise = named(JumpSlider(), "noiseSlider", tip, says=_("Noise"))
        self._noise.setRange(0, 100)
        Chosen(self._noise, view, "draw", "noise")
        self._noise_label = label(secondary=True)
        self._side = SidePanel(theme, _INK, self._normalise, self._noise_label, self._noise, ems=9)
        theme.stage.put(When.AT_A_DESK, self._side.text)  # on a projector, it would be cut off
        self._images = QWidget()
        row_in(self._images, GAP_PX, (self._strip, 4), (self._reduced, 4), (preview, 1), None)
        self._row = row_in(self, GAP_PX, (self._images, 1), self._side)
        view.bind(self, lambda: view.drawing.form, self._show_form)
        view.bind(self, lambda: view.drawing, self._show_drawing)
        view.bind(self, lambda: (view.value.draw.is_normalised, view.value.draw.noise), self._show_chosen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the controls beside the images or, in a section that is not wide, beneath them."""
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE * self.height()
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)
        self._side.set_across(not is_wide)
        controls = self._side.sizeHint()
        taken = QSize(controls.width() + GAP_PX, 0) if is_wide else QSize(0, controls.height() + GAP_PX)
        side = self._strip.fit(self.size() - taken)
        self._reduced.setMaximumWidth(2 * side + GAP_PX)
        self._preview.setMaximumWidth(side)

    def _show_form(self) -> None:
        """Show what concerns ink, or what concerns drawings of another form."""
        form = self._view.drawing.form
        self._strip.setVisible(form.is_ink)
        self._normalise.setVisible(form.is_ink)
        self._reduced.setVisible(not form.is_ink)
        # Its place is kept while it is hidden: in a narrow window, the strip would make room for it.
        keep_room(self._preview, on=form.is_ink)
        height, width, _ = form.shape
        self._side.set_text(_INK if form.is_ink else _PICTURE.format(height=height, width=width))
        self._show_preview()

    def _show_drawing(self) -> None:
        """Show the steps of the normalisation of ink; of another drawing, the image that networks get."""
        seen, stages = self._view.drawing, self._view.drawing.stages
        if seen.form.is_ink:
            if stages is not None and seen.image is not None and seen.unflipped is seen.clean:
                stages = replace(stages, centred=seen.image[..., 0])  # with the pixels that *Fool it* flipped
            self._strip.set_stages(stages, skipped=not self._view.value.draw.is_normalised)
        elif seen.image is None:
            self._reduced.set_cards([])
        else:
            self._reduced.set_cards(reduced_cards(self._canvas.raster(_DRAWN_PX), seen.image))

    def _show_chosen(self) -> None:
        chosen = self._view.value.draw
        with QSignalBlocker(self._normalise):
            self._normalise.setChecked(chosen.is_normalised)
        self._noise_label.setText(_("Noise {noise} %").format(noise=chosen.noise))
        self._show_preview()

    def _show_preview(self) -> None:
        """Show the image with noise; without any, it is the last one of the strip."""
        self._preview.setVisible(self._view.drawing.form.is_ink and self._view.value.draw.noise > 0)
