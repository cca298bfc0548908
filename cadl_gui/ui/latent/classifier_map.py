"""The map of a classifier's predictions over the decoded plane."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from cadl_gui.domain.requests import Classify, Decode
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.engine.weights_ref import WeightsRef
from cadl_gui.imaging.latent.axes import LatentAxes
from cadl_gui.imaging.latent.smooth_map import smooth_map
from cadl_gui.imaging.latent.tiles import grid_centres
from cadl_gui.imaging.latent.view_box import ViewBox

_SIDES = (16, 64)
"""Cells along an edge: first of a coarse map, then of a fine one."""
_CHUNK = 64
_FINER = 3
"""Interpolated cells along an edge of each cell."""


@dataclass(frozen=True, eq=False)
class _Subject:
    """The decoder, classifier and part of the plane of a map."""

    decoder: WeightsRef
    classifier: WeightsRef
    axes: LatentAxes
    box: ViewBox

    def is_same(self, other: "_Subject | None") -> bool:
        return (
            other is not None
            and self.axes is other.axes
            and (self.decoder, self.classifier, self.box) == (other.decoder, other.classifier, other.box)
        )


class ClassifierMap(QObject):
    """Decodes a grid over a view and classifies the images, a few at a time.

    A new request waits for the coarse map of the previous one, so that a map is visible while the view
    moves.

    Args:
        engine: Decodes and classifies.

    Signals:
        arrived: ((rows, columns) int64, (rows, columns) float32, `ViewBox`) The most likely label of each
            cell, and the confidence above chance, in [0, 1]; the upper row first. Between the places that
            were classified, probabilities are interpolated.
    """

    arrived = Signal(object, object, object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._question = Question(engine, self, self._map, self._give_up)
        self._subject: _Subject | None = None
        self._is_coarse = False

    def ask(
        self, decoder: WeightsRef | None, classifier: WeightsRef | None, axes: LatentAxes, box: ViewBox
    ) -> None:
        """Request the map of a part of the plane; without a decoder or a classifier, stop."""
        if decoder is None or classifier is None:
            self._question.cancel()
            self._give_up()
            return
        subject = _Subject(decoder, classifier, axes, box)
        if not subject.is_same(self._subject):
            self._subject = subject
            if not self._is_coarse:
                self._question.ask_anew(subject)

    async def _map(self, subject: _Subject) -> None:
        decoder, classifier = subject.decoder, subject.classifier
        self._is_coarse = True
        for side in _SIDES:
            points, answers = grid_centres(subject.box, side, side), []
            for start in range(0, len(points), _CHUNK):
                latents = subject.axes.to_z(points[start : start + _CHUNK])
                latents.flags.writeable = False
                images, _ = await Decode(decoder.run_id, decoder.position, latents)
                answers += [(await Classify(classifier.run_id, classifier.position, images))[0]]
            self._is_coarse = False
            self._show(np.concatenate(answers), side, subject.box)
            if subject is not self._subject:
                self._question.ask_anew(self._subject)
                return

    def _give_up(self, _: str = "") -> None:
        """Map nothing; the handle's image reports why nothing can be decoded."""
        self._subject, self._is_coarse = None, False

    def _show(self, probabilities: NDArray[np.float32], side: int, box: ViewBox) -> None:
        finer = smooth_map(probabilities.reshape(side, side, -1), _FINER)
        labels, confidence = answers_of(finer.reshape(-1, finer.shape[2]))
        shape = finer.shape[:2]
        self.arrived.emit(labels.reshape(shape), confidence.reshape(shape), box)


def answers_of(probabilities: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the most likely labels and the confidences above chance.

    Args:
        probabilities: (n, n_classes).

    Returns:
        (n,) labels, and (n,) confidences in [0, 1], where 0 is a uniform guess.
    """
    guess = 1 / probabilities.shape[1]
    likeliest = probabilities.max(1)
    confidence = np.clip((likeliest - guess) / max(1 - guess, 1e-6), 0, 1)
    return probabilities.argmax(1), confidence.astype(np.float32)
