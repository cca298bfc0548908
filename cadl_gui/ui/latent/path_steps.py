"""Steps of the path through latent space, decoded and classified when the path has come to rest."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.requests import Classify
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question, answers_to
from cadl_gui.pictures.path_film import retained_at
from cadl_gui.pictures.rendering import decode_requests
from cadl_gui.ui.latent.animation import LatentAnimation
from cadl_gui.ui.latent.path_strip import PathStrip
from cadl_gui.ui.latent.paths import MOVEMENT
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.theme.theme import Theme

if TYPE_CHECKING:
    from cadl_gui.domain.position import Position

N_STEPS, N_IMAGES = 33, 9
"""Steps that are decoded and classified, and those of them that are shown; evenly spaced, with both ends."""

_DELAY_MS = 150


class PathSteps(QObject):
    """Decodes and classifies what is along the path, in the pauses of more urgent requests, and shows it.

    Nothing is asked while a drag is being recorded: only when the hand rests, and only if its movement is the
    path.

    Args:
        engine: Decodes and classifies.
        theme: Colours and sizes.
        shown: The run that decodes.
        classifier: The run that classifies, if any.
        animation: Has the path, and moves the handle along it.

    Attributes:
        strip: Shows the path.

    Signals:
        answered: ((`N_STEPS`, n_classes) float32 or None) The classifier's probabilities along the path; None
            if no classifier takes the images.
    """

    answered = Signal(object)

    def __init__(
        self, engine: Engine, theme: Theme, shown: TabRun, classifier: TabRun, animation: LatentAnimation
    ) -> None:
        super().__init__(animation)
        self.strip = PathStrip(theme)
        paths = animation.paths
        self._shown = shown
        self._classifier = classifier
        self._paths = paths
        self._question = Question(engine, self, self._ask, self._show_nothing, rest_ms=_DELAY_MS)
        self.strip.scrubbed.connect(animation.go_along)
        animation.moved_along.connect(self.strip.set_share)
        paths.changed.connect(self._on_path_changed)
        paths.recorded.connect(self._on_recorded)
        shown.position_changed.connect(self._on_weights_changed)
        classifier.position_changed.connect(self._on_weights_changed)

    @Slot()
    def _on_path_changed(self) -> None:
        self.strip.set_n_pins(len(self._paths.pins), self._paths.kind)
        if self._paths.path() is None:
            self._question.cancel()
            self._show_nothing()
        else:
            self._question.ask_anew()

    @Slot()
    def _on_recorded(self) -> None:
        if self._paths.kind == MOVEMENT:
            self._question.ask_anew()  # again and again, so that it ends when the hand rests

    @Slot()
    def _on_weights_changed(self) -> None:
        """Ask again at intervals, while the timeline moves or the run is trained.

        Also where the last weights gave no images, or have given none yet: others may.
        """
        if self._paths.path() is not None:
            self._question.ask_more()

    async def _ask(self) -> None:
        path, run = self._paths.path(), self._shown.run
        if path is None or run is None:
            self._show_nothing()
            return
        steps = replace(path, n_frames=N_STEPS)
        epochs = steps.frame_epochs()
        positions: list[Position | None] = [self._shown.position] * N_STEPS
        if epochs is not None:
            positions = retained_at(run.recorded, epochs.tolist())
        images = np.concatenate(await answers_to(decode_requests(run.run_id, positions, steps.frames())))
        images.flags.writeable = False
        self.strip.set_images(images[:: (N_STEPS - 1) // (N_IMAGES - 1)])
        probabilities, run = None, self._classifier.run
        if run is not None and run.description.image_shape == images.shape[1:]:
            try:
                probabilities, _ = await Classify(run.run_id, self._classifier.position, images)
            except CadlError:
                probabilities = None
        if run is self._classifier.run:
            self._answer(probabilities)

    def _show_nothing(self, _: str = "") -> None:
        self.strip.set_images(None)
        self._answer(None)

    def _answer(self, probabilities: NDArray[Any] | None) -> None:
        run = self._classifier.run
        self.strip.set_answers(probabilities, () if run is None else run.description.class_names)
        self.answered.emit(probabilities)
