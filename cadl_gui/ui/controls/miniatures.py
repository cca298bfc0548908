"""A miniature of each run: what its network does, in a picture as small as an icon."""

from time import monotonic

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from cadl_gui.domain.images import to_uint8
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchSnapshot, Reconstruct
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run
from cadl_gui.imaging.miniature import kernel_miniature, points_miniature
from cadl_gui.imaging.weights.colour_map import usual_colour_map
from cadl_gui.ui.array_image import array_image, rgb
from cadl_gui.ui.theme.theme import Theme

_PAUSE_MS = 400
"""Rest between two requests, for those of the user; miniatures can wait."""

_SECONDS = 3.0
"""Shortest interval between two miniatures of a run that is being trained."""

_SIDE = 96
_EXAMPLE = 4
"""Number of the example that autoencoders reconstruct: a 9 of MNIST, which poor ones blur."""


class Miniatures(QObject):
    """Makes a miniature of each open run at its newest recorded epoch, one run at a time.

    Of an autoencoder it is the reconstruction of an example, of a plane of digits its points, and of a
    classifier its first kernels, or its confusions. The networks answer in the inference thread; one that is
    bent is asked once it is straightened.

    Args:
        engine: answers the requests.
        theme: colours of points, and whether the background is dark.
        parent: parent object.

    Signals:
        changed: (`Run`) a run has a new miniature.
    """

    changed = Signal(object)

    def __init__(self, engine: Engine, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._theme = theme
        self._question = Question(engine, self, self._make, self._on_failure, rest_ms=_PAUSE_MS)
        self._images: dict[str, QImage] = {}
        self._shown: dict[str, tuple[Position, float]] = {}
        self._is_dark = theme.is_dark
        engine.runs.changed.connect(self._on_changed)
        engine.runs.forgotten.connect(self._forget)
        runs, training = engine.runs, engine.training
        engine.view.bind(self, lambda: (runs.descriptions, training.status), self._question.ask_more)
        theme.changed.connect(self._on_theme_changed)

    def of(self, run: Run) -> QImage | None:
        """Return the miniature of a run; None while there is none."""
        return self._images.get(run.run_id)

    @Slot(object)
    def _on_changed(self, run: Run) -> None:
        if self._is_outdated(run):
            self._question.ask_more()

    @Slot()
    def _on_theme_changed(self) -> None:
        if self._is_dark != self._theme.is_dark:  # the backgrounds are those of the theme
            self._is_dark = self._theme.is_dark
            self._shown.clear()
            self._question.ask_more()

    @Slot(str)
    def _forget(self, run_id: str) -> None:
        self._images.pop(run_id, None)
        self._shown.pop(run_id, None)

    async def _make(self) -> None:
        """Make the first miniature that is missing or outdated."""
        run = next((run for run in self._engine.runs if self._is_outdated(run)), None)
        position = None if run is None else self._newest(run)
        if run is None or position is None:
            return
        self._shown[run.run_id] = position, monotonic()
        about, image = run.description, None
        if about.config.model.is_classifier or _has_plane(run):
            image = self._image_of(run, (await FetchSnapshot(run.run_id, position))[0])
        elif about.examples is not None and len(about.examples):
            example = about.examples[min(_EXAMPLE, len(about.examples) - 1)][None]
            image = to_uint8((await Reconstruct(run.run_id, position, example))[0][0])
        if image is not None:
            self._images[run.run_id] = array_image(image)
            self.changed.emit(run)
        self._question.ask_more()

    def _is_outdated(self, run: Run) -> bool:
        position = None if run.description.is_graph else self._newest(run)
        if position is None or self._engine.bending.of(run.run_id):
            return False
        shown, at = self._shown.get(run.run_id, (None, 0.0))
        is_soon = self._engine.training.trains(run) and monotonic() < at + _SECONDS
        return shown != position and not is_soon

    def _newest(self, run: Run) -> Position | None:
        """Return the last recorded end of an epoch; before one, where it was stopped, once it was."""
        ends = (position for position in reversed(run.recorded) if position.epoch and not position.step)
        is_over = run.recorded and not self._engine.training.trains(run)
        return next(ends, run.recorded[-1] if is_over else None)

    def _on_failure(self, message: str) -> None:  # noqa: ARG002 (as it is called)
        """Leave the placeholder: weights that are no longer retained would be refused again."""
        self._question.ask_more()

    def _image_of(self, run: Run, snapshot: Snapshot) -> NDArray[np.uint8] | None:
        artifacts = snapshot.artifacts
        if artifacts is not None and artifacts.latents is not None and artifacts.labels is not None:
            hues = [rgb(colour) for colour in self._theme.label_colours(self._theme.background)]
            colours = np.array(hues, np.uint8)[artifacts.labels % len(hues)]
            background = rgb(self._theme.colours.plot)
            return points_miniature(artifacts.latents, colours, background, _SIDE)
        about = run.description
        map_name = usual_colour_map(about.config.preset, is_dark=self._theme.is_dark)
        kernels = (array for path, array in snapshot.weights.items() if path.endswith("kernel"))
        images = (kernel_miniature(kernel, about.image_shape, map_name) for kernel in kernels)
        image = next((image for image in images if image is not None), None)
        if image is None and artifacts is not None and artifacts.confusion is not None:
            shares = artifacts.confusion / np.maximum(artifacts.confusion.sum(axis=1, keepdims=True), 1)
            image = to_uint8(shares)[..., None]
        return image


def _has_plane(run: Run) -> bool:
    model = run.description.config.model
    return model.is_variational and model.latent_dim == 2 and run.description.shows_digits
