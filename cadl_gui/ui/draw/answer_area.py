"""The answer of the run shown about the drawing: its classes or its reconstruction, and what it got."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QSizePolicy, QStackedWidget

from cadl_gui.domain.class_names import class_name, ranked
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.nearest import NearestImages
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.view import DRAWN_ANSWER
from cadl_gui.engine.run import Run
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.drawing.plausibility import looks_like_a_digit
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.parts import named
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.draw.drawing_answer import DrawingAnswer, noise_text
from cadl_gui.ui.draw.probability_bars import ProbabilityBars
from cadl_gui.ui.figures.curtain import Curtain
from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.theme.theme import Theme

_NO_DRAWING = _("No drawing yet.")
_NO_PREDICTION, _NO_RECONSTRUCTION = _("No prediction."), _("No reconstruction.")
_CURTAIN = _("0–9 count guesses, C or a click reveals")
_COMPUTING = _("Computing…")
_LATE_MS = 300
"""From a change of the drawing until its answer is late, and that to what was drawn before looks old."""
_NO_RUN = _("No run is open. Train conv-classifier.")


class AnswerArea(QObject):
    """Shows a classifier's most probable class and all probabilities, or an autoencoder's reconstruction.

    Args:
        theme: colours and sizes.
        view: has the drawing.
        parent: parent object.

    Attributes:
        answer: the class or a message.
        details: the probabilities or the reconstruction.
        bars: the probabilities.
        preview: the image that the network gets.
        action_set: the action of `ROWS`.
    """

    def __init__(self, theme: Theme, view: ViewState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._run: Run | None = None
        self._is_untrained = False
        self._probabilities: NDArray[Any] | None = None
        self._trained: NDArray[Any] | None = None
        self._is_current = False
        self._nearest: NearestImages | None = None
        self.answer = DrawingAnswer(theme)
        self._late = Timer(self, self.answer.set_old, _LATE_MS)
        self.action_set = ActionSet(ROWS, self, theme, self.answer)
        self.answer.add_button(self.action_set["cover"])
        self._curtain = Curtain(self.answer, theme, self.toggle_cover, _CURTAIN)
        self.preview = _image_view(theme, "inputPreview", _("What the network sees"))
        self.bars = named(ProbabilityBars(theme, self._choose_scale), "probabilityBars")
        self._reconstruction = _image_view(theme, "drawingReconstruction", _("Reconstruction of the drawing"))
        self.details = QStackedWidget()
        self.details.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for widget in (self.bars, self._reconstruction):
            self.details.addWidget(widget)
        view.bind(self, lambda: view.value.draw.is_logarithmic, self._show_scale)
        view.bind(self, lambda: view.drawing, self._show_image)
        view.bind(self, lambda: (view.value.is_guessing, view.value.draw.guesses), self._show_guesses)

    @property
    def is_covered(self) -> bool:
        """Whether the answer is covered until the class has guessed."""
        return self._view.value.is_guessing

    @Slot()
    def toggle_cover(self) -> None:
        """Cover the answer, or uncover it beside the guesses; covered again, it has none."""
        view = self._view.value
        draw = view.draw if view.is_guessing else replace(view.draw, guesses=())
        self._view.change(figure=view.figure.curtained(DRAWN_ANSWER), draw=draw)
        self.action_set.refresh()

    def _show_guesses(self) -> None:
        """Show what the class has guessed: in place of the answer, or beside it."""
        self.bars.set_guesses(self._view.value.draw.guesses, covers=self.is_covered)
        has_bars = self._classifies or self.is_covered
        self.details.setCurrentWidget(self.bars if has_bars else self._reconstruction)
        self._curtain.setVisible(self.is_covered)
        self.answer.button.raise_()
        self.action_set.refresh()

    @Slot(int)
    def _choose_scale(self, number: int) -> None:
        self._view.change(draw=replace(self._view.value.draw, is_logarithmic=number == 1))

    def _show_scale(self) -> None:
        self.bars.set_logarithmic(self._view.value.draw.is_logarithmic)

    def set_run(self, run: Run | None) -> None:
        """Set the run whose answers follow; which of its training images are nearest is not known yet."""
        self._run, self._is_untrained = run, False
        self._nearest = None
        if run is not None and self._classifies:
            self.bars.set_classes(run.description.class_names)
        message = "" if self._view.drawing.clean is None else _COMPUTING
        self._show_message(_NO_RUN if run is None else message)  # the answer there is not this run's
        self._show_guesses()

    def set_source(self, position: Position, *, is_old: bool = False) -> None:
        """Show which run answers, the position of its weights, and whether the canvas shows other pixels.

        Args:
            is_old: whether the answer there is from before the network was modified, or restored.
        """
        run, self._is_untrained, self._is_current = self._run, position == UNTRAINED, False
        if run is not None:
            about, n = run.description, len(self._view.drawing.drawing.flips)
            changed = _(" · {pixels} changed").format(pixels=count_text(n, "pixel")) if n else ""
            waits = _(" · computing…") if is_old else ""
            where = f"{about.name} · {about.position_text(position)}"
            self.answer.set_source(run.letter, f"{where}{changed}{waits}")

    def _show_image(self) -> None:
        """Show what the network gets of a changed drawing, whose nearest images are not known yet."""
        self._nearest, self._is_current, image = None, False, self._view.drawing.image
        self.preview.set_image(image)
        if image is None:
            self.show_nothing()
        elif self._run is not None and self._view.drawing.suits(self._run.description):
            self._late.plan()

    def show_answer(self, answer: NDArray[np.float32], trained: NDArray[np.float32] | None = None) -> None:
        """Show the run's answer: probabilities, (n_classes,), or the reconstruction.

        Args:
            trained: of a modified classifier, its probabilities as it was trained.
        """
        self._late.stop()
        if self._view.drawing.clean is None:
            return
        if self._classifies:
            self._probabilities, self._is_current, self._trained = answer, True, trained
            self.bars.set_probabilities(answer)
            self._show_class()
        else:
            self._reconstruction.set_image(answer)
            self.answer.set_message(
                _("Reconstruction") + noise_text(self._view.value.draw.noise), has_source=True
            )

    @property
    def prediction(self) -> str:
        """Name of the most probable class; "" without an answer to what is shown, or if it is no class."""
        if self._probabilities is None or self._run is None or not self._is_current:
            return ""
        return class_name(self._run.description.class_names, int(ranked(self._probabilities)[0]))

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

    @property
    def _classifies(self) -> bool:
        return self._run is None or self._run.description.config.model.is_classifier

    def _show_message(self, message: str) -> None:
        self._late.stop()
        self._probabilities = None
        self.bars.set_probabilities(None)
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
            probabilities,
            about.class_names,
            is_doubtful=is_doubtful,
            noise=self._view.value.draw.noise,
            is_untrained=self._is_untrained,
            trained=self._trained,
        )


def _image_view(theme: Theme, name: str, about: str) -> ImageView:
    return named(ImageView(theme, empty_text=""), name, about, says=about)


ROWS: tuple[ActionRow[AnswerArea], ...] = (
    ActionRow(key="cover", menu="Draw", text="Cover the answer", shortcuts=("C",), icon="eye-off",
              checkable=True,
              help="Let the class guess first: 0–9 count its guesses, Backspace takes one back.",
              callback=AnswerArea.toggle_cover, checked=lambda host: host.is_covered,
              label=lambda host: _("Uncover the answer") if host.is_covered else _("Cover the answer")),
)  # fmt: skip
