"""The decoded image and its classification, beside the plane."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.images import shape_text
from cadl_gui.domain.requests import Classify, Decode
from cadl_gui.domain.run import RunDescription
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_in
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.latent.answer_label import AnswerLabel
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.theme.stylesheet import small_control
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NO_CLASSIFIER = _("A prediction needs a classifier of the same images: train one on “{}”, {}.")


class DecodedCard(QWidget):
    """Shows what is decoded at the handle, and what a classifier says of it.

    It asks by itself: the image waits for no other answer.

    Args:
        engine: Decodes and classifies.
        theme: Colours and sizes.
        plane: Tells a screen reader the answer.
        shown: The run that decodes.
        classifier: The run that classifies, if any; here it is chosen for what is decoded.
        cursor: The place that is decoded.

    Attributes:
        panel: The panel of the image.
    """

    def __init__(
        self,
        engine: Engine,
        theme: Theme,
        plane: LatentPlane,
        shown: TabRun,
        classifier: TabRun,
        cursor: LatentCursor,
    ) -> None:
        super().__init__()
        self._engine, self._theme = engine, theme
        self._plane = plane
        self._shown = shown
        self._classifier = classifier
        self._cursor = cursor
        self._image: NDArray[np.float32] | None = None
        self._decoding = Question(engine, self, self._decode, self._on_failure, lambda: shown.weights)
        self._classifying = Question(
            engine, self, self._classify, self._show_message, lambda: classifier.weights
        )
        self.setObjectName("decodedCard")
        self._decoded = ImageView(theme, empty_text=_("Drag through the plane."))
        self._decoded.setObjectName("decodedImage")
        self.panel = FigurePanel(self._decoded, theme, engine.jobs, _("Decoded"), shows_note=False)
        self._answer = AnswerLabel(theme)
        self._answer.setContentsMargins(UNIT_PX, 0, 0, 0)
        column_in(self, UNIT_PX, (self.panel, 1), self._answer)
        shown.position_changed.connect(self._on_position)
        engine.runs.renamed.connect(self._on_position)
        classifier.position_changed.connect(self._classifying.follow)
        classifier.run_changed.connect(self._on_classifier)
        cursor.moved.connect(self._decoding.follow)

    def set_side(self, side: int) -> None:
        """Be as high as an image of this side needs; an answer has the room of its lines before it comes."""
        sizes = self._theme.sizes
        self._answer.setMinimumHeight(2 * sizes.control)
        self.panel.setMaximumHeight(side + small_control(sizes))
        self.setMaximumHeight(self.panel.maximumHeight() + UNIT_PX + self._answer.minimumHeight())

    def begin(self) -> None:
        """Show nothing of another run, and be classified by one that takes what is decoded now."""
        self._image = None
        self._decoded.set_image(None)
        if self._shown.run is not None:
            self._classifier.set_suits(partial(_classifies, self._shown.run.description))
        self._on_classifier()

    @Slot()
    def _on_position(self) -> None:
        run = self._shown.run
        if run is not None:
            self.panel.set_note(f"{run.letter} · {self._shown.position or run.newest}")
        self._decoding.follow()

    async def _decode(self) -> None:
        """Decode the place of the handle."""
        if (run := self._shown.run) is not None:
            images, _ = await Decode(run.run_id, self._shown.position, self._cursor.latent[np.newaxis])
            self._image = images
            self._decoded.set_image(images[0])
            self._classifying.follow()

    def _on_failure(self, message: str) -> None:
        self._image = None
        self._classifying.cancel()
        self._decoded.set_image(None)
        self._show_message("")
        self._engine.notifications.unanswered.emit(message)

    async def _classify(self) -> None:
        run = self._classifier.run
        if run is None or self._image is None:
            return
        if run.description.image_shape != self._image.shape[1:]:
            self._classifying.cancel()
            self._show_message("")  # an answer about another network's image may be shown
            return
        probabilities, position = await Classify(run.run_id, self._classifier.position, self._image)
        if position is not None:
            # State the position: the timeline moves the classifier, too, and an untrained one is always sure.
            who = " · ".join((run.letter, run.description.name, run.description.position_text(position)))
            self._answer.show_probabilities(probabilities[0], who, run.description.class_names)
            self._plane.set_answer(self._answer.text)

    @Slot()
    def _on_classifier(self) -> None:
        message, about = "", None if self._shown.run is None else self._shown.run.description
        if about is not None and about.class_names and self._classifier.run is None:
            message = _NO_CLASSIFIER.format(about.dataset_name, shape_text(about.image_shape))
        self._show_message(message)

    def _show_message(self, message: str) -> None:
        self._answer.show_message(message)
        self._plane.set_answer(message)


def _classifies(decoder: RunDescription, run: RunDescription) -> bool:
    """Return whether a run classifies what another one decodes: images of its shape, into its classes."""
    is_of_its_kind = (run.image_shape, run.class_names) == (decoder.image_shape, decoder.class_names)
    return run.config.model.is_classifier and is_of_its_kind
