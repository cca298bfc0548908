"""The answer of the run shown about the drawing: its classes or its reconstruction, and what it got."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSizePolicy, QStackedWidget

from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.nearest import NearestImages
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.engine.run import Run
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.drawing.plausibility import looks_like_a_digit
from cadl_gui.ui.draw.drawing_answer import DrawingAnswer
from cadl_gui.ui.draw.probability_bars import ProbabilityBars
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.widgets.image_view import ImageView

_NO_DRAWING = "No drawing yet."
_NO_PREDICTION, _NO_RECONSTRUCTION = "No prediction.", "No reconstruction."
_NO_RUN = "No run is open. Train conv-classifier."


class AnswerArea(QObject):
    """Shows a classifier's most probable class and all probabilities, or an autoencoder's reconstruction.

    Args:
        theme: colours and sizes.
        view: has the drawing.
        parent: parent object.

    Attributes:
        answer: the class or a message.
        details: the probabilities or the reconstruction.
        preview: the image that the network gets.
    """

    def __init__(self, theme: Theme, view: ViewState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._run: Run | None = None
        self._is_untrained = False
        self._probabilities: NDArray[Any] | None = None
        self._nearest: NearestImages | None = None
        self._theme = theme
        self.answer = DrawingAnswer(theme)
        self.preview = _image_view(theme, "inputPreview", "What the network sees")
        self._bars = ProbabilityBars(theme)
        self._bars.setObjectName("probabilityBars")
        self._bars.logarithmic_changed.connect(
            lambda on: view.change(draw=replace(view.value.draw, is_logarithmic=on))
        )
        self._reconstruction = _image_view(theme, "drawingReconstruction", "Reconstruction of the drawing")
        self.details = QStackedWidget()
        self.details.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for widget in (self._bars, self._reconstruction):
            self.details.addWidget(widget)
        theme.changed.connect(self._show_details)
        view.bind(self, lambda: view.value.draw.is_logarithmic, self._show_scale)
        view.bind(self, lambda: view.drawing, self._show_image)

    def _show_scale(self) -> None:
        self._bars.set_logarithmic(self._view.value.draw.is_logarithmic)

    def set_run(self, run: Run | None) -> None:
        """Set the run whose answers follow; which of its training images are nearest is not known yet."""
        self._run, self._is_untrained = run, False
        self._probabilities = self._nearest = None
        if run is not None and self._classifies:
            self._bars.set_classes(run.description.class_names)
        self._bars.set_probabilities(None)
        self._reconstruction.set_image(None)
        self._show_details()
        if self._view.drawing.image is None:
            self.show_nothing()

    def set_source(self, position: Position) -> None:
        """Show which run answers, the position of its weights, and whether the canvas shows other pixels."""
        run, self._is_untrained = self._run, position == UNTRAINED
        if run is not None:
            about, n = run.description, len(self._view.drawing.drawing.flips)
            changed = f" · {count_text(n, 'pixel')} changed" if n else ""
            self.answer.set_source(run.letter, f"{about.name} · {about.position_text(position)}{changed}")

    def _show_image(self) -> None:
        """Show what the network gets of a changed drawing, whose nearest images are not known yet."""
        self._nearest, image = None, self._view.drawing.image
        self.preview.set_image(image)
        if image is None:
            self.show_nothing()

    def show_answer(self, answer: NDArray[np.float32]) -> None:
        """Show the run's answer: probabilities, (n_classes,), or the reconstruction."""
        if self._view.drawing.clean is None:
            return
        if self._classifies:
            self._probabilities = answer
            self._bars.set_probabilities(answer)
            self._show_class()
        else:
            self._reconstruction.set_image(answer)
            self.answer.set_message("Reconstruction", has_source=True)

    def show_nearest(self, nearest: NearestImages) -> None:
        """Take account of the images nearest by pixels, which reveal drawings that are not digits."""
        self._nearest = nearest
        self._show_class()

    def show_failure(self) -> None:
        """Show that there is no answer."""
        self._show_message(_NO_PREDICTION if self._classifies else _NO_RECONSTRUCTION)

    def show_nothing(self) -> None:
        """Show that there is nothing to answer."""
        self._show_message(_NO_RUN if self._run is None else _NO_DRAWING)

    @Slot()
    def _show_details(self) -> None:
        """Show bars or the reconstruction; in present mode the answer says enough of a classifier."""
        self.details.setCurrentWidget(self._bars if self._classifies else self._reconstruction)
        self.details.setVisible(not (self._classifies and self._theme.present))

    @property
    def _classifies(self) -> bool:
        return self._run is None or self._run.description.config.model.is_classifier

    def _show_message(self, message: str) -> None:
        self._probabilities = None
        self._bars.set_probabilities(None)
        self._reconstruction.set_image(None)
        self.answer.set_message(message)

    def _show_class(self) -> None:
        seen, probabilities, run = self._view.drawing, self._probabilities, self._run
        if seen.clean is None or probabilities is None or run is None:
            return
        about = run.description
        is_doubtful = (
            about.shows_digits
            and seen.form.is_ink
            and not looks_like_a_digit(seen.drawing, seen.clean, probabilities, self._nearest)
        )
        self.answer.set_answer(
            probabilities, about.class_names, is_doubtful=is_doubtful, is_untrained=self._is_untrained
        )


def _image_view(theme: Theme, name: str, about: str) -> ImageView:
    view = ImageView(theme, empty_text="")
    view.setObjectName(name)
    view.setToolTip(about)
    view.setAccessibleName(about)
    return view
