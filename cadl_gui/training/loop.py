"""The training loop, a generator that receives step budgets and yields events.

It is independent of Qt, threads and files.
"""

import contextlib
import dataclasses
import time
from collections.abc import Generator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.digits import shows_digits
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.errors import NonFiniteLossError
from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts, read_only
from cadl_gui.domain.events import (
    EpochCompleted,
    Event,
    SnapshotTaken,
    StepsTaken,
    TrainingEnded,
    TrainingStarted,
)
from cadl_gui.domain.history import EpochRecord
from cadl_gui.domain.position import Position, is_recorded, steps_to_next_record
from cadl_gui.domain.run import RunDescription
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.system.words import _
from cadl_gui.training.callbacks import Callback
from cadl_gui.training.evaluation import N_ARTIFACTS, N_EARLY_ARTIFACTS
from cadl_gui.training.examples import examples_of
from cadl_gui.training.sharing import ALONE, Team
from cadl_gui.training.stepper import Stepper, seconds_since
from cadl_gui.training.train_state import TrainState
from cadl_gui.training.training_images import training_images

LIVE_SECONDS = 0.1
"""Least time between live snapshots: weights that are published but not recorded."""

LIVE_SHARE = 0.05
"""Largest share of the time that goes into live snapshots; those of a large network are rarer."""

_Number = TypeVar("_Number", bound=np.generic)


def train(
    request: TrainingRequest,
    dataset: ImageStore,
    start: TrainState,
    callbacks: Sequence[Callback] = (),
    team: Team = ALONE,
) -> Generator[tuple[Event, ...], StepBudget, None]:
    """Train from an initial state to the last epoch of its configuration.

    Prime the generator with `next`, then send it a `StepBudget` for each turn; it can be closed at any yield.
    A turn never passes the end of an epoch or a position whose weights are recorded.
    `StepBudget(max_steps=0)` stops the training. The consumer chooses the learning rate and the length of
    each turn; everything else is determined by `start`, so that the same steps give the same weights however
    they are divided into turns.

    Args:
        dataset: dataset to train on, divided as in `start.split`.
        start: initial state of the network and of the run.
        callbacks: called in order; each receives the events that the previous one returned.
        team: the workers that share each batch; the chief alone evaluates the network and takes snapshots.

    Yields:
        First `TrainingStarted` and the weights at the start (with the metrics of that epoch, if the network
        is untrained or branched); then the events of each turn; with those of the last, `TrainingEnded`.

    Raises:
        ConfigurationError: if the configuration needs digits and the dataset has other classes.
        DatasetError: if the dataset's file changes while images are read from it.
        NonFiniteLossError: if the loss or the weights are no longer finite. Such weights are never emitted.
        WorkerLostError: if another worker ends.
    """

    def reported(events: tuple[Event, ...]) -> tuple[Event, ...]:
        for callback in callbacks:
            events = callback.on_events(events)
        return events

    with contextlib.closing(_Training(request, dataset, start, team)) as training:
        request.on_stage(_("Measuring the network before the first batch"))
        events = training.begin()
        request.on_stage(_("Recording the network before the first batch"))
        while not training.is_complete:
            asked = yield reported(events)
            budget = team.agree(asked)
            for callback in callbacks:
                callback.on_turn(budget)
            if budget.max_steps == 0:
                yield reported(training.stop())
                return
            events = training.advance(budget, shows_weights=asked.max_steps is not None)
    yield reported((*events, TrainingEnded(request.run_id, training.position, complete=True)))


class _Training:
    """The state of `train` between turns."""

    def __init__(self, request: TrainingRequest, dataset: ImageStore, start: TrainState, team: Team) -> None:
        self.position = start.position
        self._request = request
        self._dataset = dataset
        self._start = start
        self._model = start.model
        self._steps_per_epoch = start.history.steps_per_epoch
        self._team = team
        images = training_images(dataset, start.split, start.config)
        with team.exchanging(0):
            self._stepper = Stepper(
                start.compiled,
                start.config.training,
                images,
                team,
                deterministic=request.deterministic,
                on_stage=request.on_stage,
            )
        self._config = start.config.replace(precision=start.compiled.way.precision)
        self._model.training_config = self._config.training
        self._evaluation = start.compiled.evaluation
        self._epoch_metrics: list[dict[str, NDArray[np.float32]]] = []
        self._epoch_seconds = 0.0
        self._next_live = 0.0

    def close(self) -> None:
        """Stop reading images."""
        self._stepper.close()

    @property
    def is_complete(self) -> bool:
        return self.position.epoch >= self._config.training.epochs

    def begin(self) -> tuple[Event, ...]:
        start = self._start
        started = TrainingStarted(self._description(), start.history, start.recorded, start.caution)
        if self._team.index > 0:
            return (started,)
        if start.completes is not None:
            snapshot, record = start.completes
            run_id = self._request.run_id
            return (started, SnapshotTaken(run_id, snapshot, recorded=True), EpochCompleted(run_id, record))
        if start.history.epochs:  # resumed, perhaps from the untrained network
            return (started, self._snapshot(None))
        return (started, *self._complete_epoch({}, images_per_second=0.0))

    def advance(self, budget: StepBudget, *, shows_weights: bool) -> tuple[Event, ...]:
        max_steps = steps_to_next_record(self.position, self._steps_per_epoch)
        if budget.max_steps is not None:
            max_steps = min(max_steps, budget.max_steps)
        began = time.perf_counter()
        with self._team.exchanging(max_steps):
            metrics = self._stepper.run_steps(
                self.position, max_steps=max_steps, seconds=budget.seconds, learning_rate=budget.learning_rate
            )
        seconds = seconds_since(began)
        self._require_finite(metrics["loss"])
        self._epoch_metrics.append(metrics)
        self._epoch_seconds += seconds
        n = len(metrics["loss"])
        self.position = self._after(n)
        speed = n * self._config.training.batch_size / seconds
        reported = {name: _read_only(values) for name, values in metrics.items()}
        steps = StepsTaken(self._request.run_id, self.position, reported, budget.learning_rate, speed)
        return (steps, *self._weights_after(shows_weights=shows_weights))

    def stop(self) -> tuple[Event, ...]:
        ended = TrainingEnded(self._request.run_id, self.position, complete=False)
        if is_recorded(self.position) or self._team.index > 0:
            return (ended,)
        return (self._snapshot(self._early_artifacts()), ended)

    def _weights_after(self, *, shows_weights: bool) -> tuple[Event, ...]:
        if self._team.index > 0:
            self._epoch_metrics.clear()
            return ()
        if self.position.step == 0:
            return self._end_epoch()
        if is_recorded(self.position):
            return (self._snapshot(self._early_artifacts()),)
        if shows_weights or time.perf_counter() >= self._next_live:
            return (self._snapshot(None),)
        return ()

    def _end_epoch(self) -> tuple[Event, ...]:
        taken = {
            name: np.concatenate([metrics[name] for metrics in self._epoch_metrics])
            for name in self._model.metric_names
        }
        speed = len(taken["loss"]) * self._config.training.batch_size / self._epoch_seconds
        self._epoch_metrics, self._epoch_seconds = [], 0.0
        means = {name: float(values.mean(dtype=np.float64)) for name, values in taken.items()}
        return self._complete_epoch(means, speed)

    def _complete_epoch(self, metrics: dict[str, float], images_per_second: float) -> tuple[Event, ...]:
        validation, judged = self._evaluation.metrics(self._dataset, self._start.split.validation)
        if not all(np.isfinite(value) for value in validation.values()):
            raise self._not_finite()
        metrics |= {f"val_{name}": value for name, value in validation.items()}
        record = EpochRecord(self.position.epoch, metrics, images_per_second)
        snapshot = self._snapshot(self._with_latents(judged, N_ARTIFACTS))
        return (snapshot, EpochCompleted(self._request.run_id, record))

    def _early_artifacts(self) -> EvaluationArtifacts:
        if not self._config.model.is_classifier:
            return self._with_latents(EvaluationArtifacts(), N_EARLY_ARTIFACTS)
        return self._evaluation.metrics(self._dataset, self._start.split.validation[:N_EARLY_ARTIFACTS])[1]

    def _with_latents(self, artifacts: EvaluationArtifacts, n: int) -> EvaluationArtifacts:
        which = self._start.split.test[:n]
        latents = self._evaluation.latents(self._dataset.images[which])
        if latents is None:
            return artifacts
        labels = None if self._dataset.labels is None else self._dataset.labels[which]
        return dataclasses.replace(artifacts, latents=latents, labels=labels)

    def _snapshot(self, artifacts: EvaluationArtifacts | None) -> SnapshotTaken:
        """Take a snapshot of the weights: recorded if there are artifacts, otherwise only live."""
        began = time.perf_counter()
        weights = self._model.weights_by_path
        if not all(np.isfinite(array).all() for array in weights.values()):
            raise self._not_finite()
        taken = seconds_since(began)
        self._next_live = began + max(LIVE_SECONDS, taken / LIVE_SHARE)
        snapshot = Snapshot(self.position, weights, None if artifacts is None else read_only(artifacts))
        return SnapshotTaken(self._request.run_id, snapshot, recorded=artifacts is not None)

    def _after(self, n_steps: int) -> Position:
        epoch, step = self.position
        epochs, step = divmod(step + n_steps, self._steps_per_epoch)
        return Position(epoch + epochs, step)

    def _require_finite(self, losses: NDArray[np.float32]) -> None:
        bad = np.flatnonzero(~np.isfinite(losses))
        if len(bad):
            raise NonFiniteLossError(self.position.epoch + 1, self.position.step + int(bad[0]) + 1)

    def _not_finite(self) -> NonFiniteLossError:
        """An error that names the step before the current position."""
        epoch, step = self.position
        if step == 0 and epoch > 0:
            return NonFiniteLossError(epoch, self._steps_per_epoch)
        return NonFiniteLossError(epoch + 1, max(step, 1))

    def _description(self) -> RunDescription:
        return RunDescription(
            run_id=self._request.run_id,
            name=self._request.name,
            config=self._config,
            image_shape=self._dataset.image_shape,
            steps_per_epoch=self._steps_per_epoch,
            dataset_name=self._dataset.name,
            examples=examples_of(self._dataset, self._config),
            source=self._request.folder,
            dataset_fingerprint=self._dataset.fingerprint,
            class_names=self._dataset.class_names,
            is_ink_on_black=self._dataset.is_ink_on_black,
            shows_others=not shows_digits(self._dataset),
            branched_from=self._start.branched_from,
            precision_reason=self._start.precision_reason or self._start.compiled.precision_reason,
            uuid=self._start.uuid,
        )


def _read_only(array: NDArray[_Number]) -> NDArray[_Number]:
    array.flags.writeable = False
    return array
