"""A training that is on disk before anybody hears of it."""

import contextlib
import copy
import dataclasses
import logging
from collections.abc import Generator
from pathlib import Path

import tensorflow as tf

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.errors import CheckpointError, RecordingError
from cadl_gui.core.events import (
    EpochCompleted,
    Event,
    HealthNoted,
    RecordingFailed,
    StepsTaken,
    TrainingEnded,
    TrainingStarted,
)
from cadl_gui.core.position import Position
from cadl_gui.core.requests import TrainingRequest, Turn
from cadl_gui.datasets.dataset import Dataset
from cadl_gui.datasets.examples_file import read_examples
from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import Split, split
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.layout import snapshot_path
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.writer import RunWriter
from cadl_gui.training.loop import train
from cadl_gui.training.start import Start, branched_start, fresh_start

_log = logging.getLogger(__name__)


def train_and_record(request: TrainingRequest) -> Generator[tuple[Event, ...], Turn, None]:
    """Load the dataset, begin or resume the run, and train; see `cadl_gui.training.loop.train`.

    Where the request names a folder, each event is written there before it is passed on, and an epoch's
    `EpochCompleted` comes only when the epoch, its checkpoint included, is safely on disk. Where the disk
    refuses, `RecordingFailed` is told once and the training goes on in memory. A resumed run keeps its name
    and ends with the weights, bit for bit, of one that was never interrupted. A branch begins with the
    weights of another run and an optimiser that starts afresh; its folder holds the whole past.

    Raises:
        DatasetError: if the dataset cannot be read or is too small.
        ConfigurationError: if the network would not fit into memory.
        CheckpointError: if there is nothing to resume, or it belongs to another dataset.
        RecordingError: if the folder of a run to resume cannot be written to.
        NonFiniteLossError: if the loss is no longer finite.
    """
    if request.deterministic:
        tf.config.experimental.enable_op_determinism()
    if request.resume:
        request, dataset, start = _resume(request)
    else:
        dataset = _load(request.configuration)
        parts = split(dataset, request.configuration)
        start = _fresh_or_branched(request, dataset, parts)
    training = train(request, dataset, start)
    recording = _Recording(request, start)
    with contextlib.closing(training), contextlib.closing(recording):
        events = recording.keep(next(training))
        while not any(isinstance(event, TrainingEnded) for event in events):
            turn = yield events
            events = recording.keep(training.send(turn))
    yield events


def _fresh_or_branched(request: TrainingRequest, dataset: Dataset, parts: Split) -> Start:
    if request.branch is None:
        return fresh_start(request.configuration, dataset, parts)
    return branched_start(request.configuration, request.branch, dataset, parts)


def _load(configuration: Configuration) -> Dataset:
    """All that a run learns from: its dataset, and what was taught."""
    dataset = load(configuration.dataset)
    if not configuration.taught:
        return dataset
    return dataset.with_taught(read_examples(Path(configuration.taught).expanduser()))


def _resume(request: TrainingRequest) -> tuple[TrainingRequest, Dataset, Start]:
    if request.folder is None:
        raise CheckpointError("There is no run folder to resume from.")
    run = read_run(request.folder)
    if run.checkpoint is None:
        raise CheckpointError(f"The run in “{request.folder}” has no complete epoch to go on from.")
    dataset = _load(run.configuration)
    if dataset.fingerprint != run.dataset_fingerprint:
        sources = " with ".join(
            f"“{name}”" for name in (run.configuration.dataset, run.configuration.taught) if name
        )
        raise CheckpointError(f"{sources} is no longer what this run was trained on.")
    checkpoint = open_checkpoint(run.checkpoint)
    position = checkpoint.position
    epochs = max(request.configuration.epochs, position.epoch)
    checkpoint.model.configuration = run.configuration.replace(epochs=epochs)
    start = Start(
        model=checkpoint.model,
        split=split(dataset, run.configuration),
        history=checkpoint.history,
        position=position,
        recorded=tuple(recorded for recorded in run.recorded if recorded <= position),
        branched_from=run.branched_from,
    )
    return dataclasses.replace(request, name=run.name), dataset, start


class _Recording:
    """Writes what a training tells; once the disk has refused, nothing more."""

    def __init__(self, request: TrainingRequest, start: Start) -> None:
        self._request = request
        self._folder = request.folder
        self._model = start.model
        self._history = copy.deepcopy(start.history)
        self._writer: RunWriter | None = None

    def keep(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Write events; returns them, with `RecordingFailed` behind the one that could not be written."""
        kept: list[Event] = []
        for event in events:
            try:
                self._write(event)
            except RecordingError as error:
                if self._request.resume and isinstance(event, TrainingStarted):
                    raise
                kept += self._give_up(event, str(error))
            else:
                kept.append(event)
        return tuple(kept)

    def close(self) -> None:
        """Let another writer in."""
        if self._writer is None:
            return
        try:
            self._writer.close()
        except RecordingError:
            _log.exception("The last losses of a run could not be written")
        self._writer = None

    def _give_up(self, event: Event, sentence: str) -> tuple[Event, Event]:
        self._folder = None
        self.close()
        if isinstance(event, TrainingStarted):
            in_memory = dataclasses.replace(event.description, source=None)
            event = dataclasses.replace(event, description=in_memory, recorded=())
        return event, RecordingFailed(self._request.run_id, sentence)

    def _write(self, event: Event) -> None:
        if self._folder is None:
            return
        if isinstance(event, TrainingStarted):
            self._writer = RunWriter(self._folder, event.description, resume=self._request.resume)
            if self._request.branch is not None:
                source = self._request.branch.parent.source
                files = [snapshot_path(source, kept) for kept in event.recorded] if source is not None else []
                self._writer.adopt(event.history, files)
            return
        assert self._writer is not None, "TrainingStarted comes first"
        match event:
            case StepsTaken():
                self._history.add_learning_rate(self._history.n_steps, event.learning_rate)
                self._history.add_steps(event.metrics)
            case HealthNoted():
                self._history.add_note(event.note)
            case EpochCompleted():
                self._history.add_epoch(event.record)
                self._writer.write_checkpoint(self._model, Position(event.record.epoch), self._history)
        self._writer.write(event)
        if isinstance(event, TrainingEnded):
            self._writer.close()
