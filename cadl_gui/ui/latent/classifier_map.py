"""The map of a classifier's predictions over the decoded plane."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Decode
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
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
class _Question:
    """The decoder, classifier and part of the plane of a map."""

    decoder: WeightsRef
    classifier: WeightsRef
    axes: LatentAxes
    box: ViewBox

    def is_same(self, other: "_Question | None") -> bool:
        return (
            other is not None
            and self.axes is other.axes
            and (self.decoder, self.classifier, self.box) == (other.decoder, other.classifier, other.box)
        )


@dataclass
class _Job:
    """A map being computed."""

    question: _Question
    step: int = 0
    answers: list[NDArray[np.float32]] = field(default_factory=list)

    @property
    def side(self) -> int:
        return _SIDES[self.step]

    @property
    def n_answered(self) -> int:
        return sum(map(len, self.answers))

    def next_latents(self) -> NDArray[np.float32]:
        points = grid_centres(self.question.box, self.side, self.side)
        latents = self.question.axes.to_z(points[self.n_answered : self.n_answered + _CHUNK])
        latents.flags.writeable = False
        return latents


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
        self._client = InferenceClient(engine.inference, self)
        self._job: _Job | None = None
        self._waiting: _Question | None = None
        self._in_flight: _Job | None = None

    def ask(
        self, decoder: WeightsRef | None, classifier: WeightsRef | None, axes: LatentAxes, box: ViewBox
    ) -> None:
        """Request the map of a part of the plane; without a decoder or a classifier, stop."""
        if decoder is None or classifier is None:
            self._job = self._waiting = None
            return
        question = _Question(decoder, classifier, axes, box)
        if question.is_same(self._waiting or (self._job.question if self._job else None)):
            return
        self._waiting = question
        self._ask_next_one()

    def _ask_next_one(self) -> None:
        """Request the next images, unless a request is pending."""
        if self._in_flight is not None:
            return
        if self._waiting is not None and (self._job is None or self._job.step > 0):
            self._job, self._waiting = _Job(self._waiting), None
        job = self._job
        if job is not None and job.n_answered < job.side**2:
            decoder = job.question.decoder
            self._in_flight = job
            request = Decode(decoder.run_id, decoder.position, job.next_latents())
            self._client.ask(request, partial(self._on_decoded, job), self._on_failure)

    def _on_decoded(self, job: _Job, images: NDArray[np.float32], _: Position | None) -> None:
        if job is self._job:
            classifier = job.question.classifier
            request = Classify(classifier.run_id, classifier.position, images)
            self._client.ask(request, partial(self._on_classified, job), self._on_failure)
        else:
            self._in_flight = None
            self._ask_next_one()

    def _on_classified(self, job: _Job, answers: NDArray[np.float32], _: Position | None) -> None:
        self._in_flight = None
        if job is self._job:
            job.answers.append(answers)
            if job.n_answered == job.side**2:
                self._show(job)
        self._ask_next_one()

    def _on_failure(self, _: str) -> None:
        """Give up the map; the handle's image reports decoding errors."""
        if self._in_flight is self._job:
            self._job = None
        self._in_flight = None
        self._ask_next_one()

    def _show(self, job: _Job) -> None:
        probabilities = np.concatenate(job.answers)
        finer = smooth_map(probabilities.reshape(job.side, job.side, -1), _FINER)
        labels, confidence = answers_of(finer.reshape(-1, finer.shape[2]))
        shape = finer.shape[:2]
        self.arrived.emit(labels.reshape(shape), confidence.reshape(shape), job.question.box)
        if job.step + 1 < len(_SIDES):
            job.step, job.answers = job.step + 1, []


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
