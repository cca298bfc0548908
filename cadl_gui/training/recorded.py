"""Records a training: each event is on disk before it is emitted.

An epoch is evaluated and written before the next one begins. Doing so in a thread, on a copy of the network,
was tried: on two cores the steps slow down by what that saves (eight epochs of `vae` took 20.2 and 20.5 s,
two of `conv-classifier` 119 and 125 s).
"""

import contextlib
import dataclasses
import logging
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import tensorflow as tf

from cadl_gui.datasets.changed import absolute_paths, with_labelled
from cadl_gui.datasets.load import Load, load, load_if_asked_for
from cadl_gui.datasets.split import split
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.data_config import PATH_FIELDS
from cadl_gui.domain.errors import CheckpointError, ConfigurationError, NonFiniteLossError, RecordingError
from cadl_gui.domain.events import (
    EpochCompleted,
    Event,
    HealthNoted,
    RecordingFailed,
    SnapshotTaken,
    StepsTaken,
    TrainingEnded,
    TrainingStarted,
)
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.health import FAILED, HealthNote, Suggestion
from cadl_gui.domain.learning_rates import learning_rate_to_try
from cadl_gui.domain.position import Position
from cadl_gui.domain.precision import require_offered, why_unmeasured
from cadl_gui.domain.resuming import require_same_run
from cadl_gui.domain.training_config import AUTO, FLOAT32
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.runs.checkpoint import open_checkpoint
from cadl_gui.runs.claim import Claim
from cadl_gui.runs.layout import checkpoint_epoch, snapshot_path, stranger_path
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.writer import RunWriter
from cadl_gui.system.file_limits import MOST_STEP_METRICS
from cadl_gui.system.versions import other_libraries
from cadl_gui.system.words import _
from cadl_gui.training import bfloat16
from cadl_gui.training.callbacks import Callback, Diagnostics, Retention
from cadl_gui.training.compiled import IDLE_NETWORKS, CompiledNetwork
from cadl_gui.training.loop import train
from cadl_gui.training.sharing import ALONE, Team
from cadl_gui.training.train_state import TrainState, branched_state, initial_state, require_fitting_epochs

_log = logging.getLogger(__name__)


def train_and_record(
    request: TrainingRequest, team: Team = ALONE, load: Load = load
) -> Generator[tuple[Event, ...], StepBudget, None]:
    """Load the dataset, start or resume the run, and train; see `cadl_gui.training.loop.train`.

    If the request has a folder, each event is written there before it is emitted; `EpochCompleted` is emitted
    only after the epoch and its checkpoint are safely on disk. If writing fails, `RecordingFailed` is emitted
    once and training continues in memory. A resumed run keeps its name, and its final weights equal those of
    an uninterrupted run bit for bit. A branch starts with the weights of another run and a reset optimiser;
    its folder contains the whole history.

    Args:
        team: the workers that share each batch, all of which call this; the chief alone has a folder.

    Raises:
        DatasetError: if the dataset cannot be read or is too small.
        ConfigurationError: if the network would not fit into memory, if there would be too many batches to
            record, or if the request conflicts with the configuration of the run to resume.
        CheckpointError: if there is nothing to resume, or the run's dataset has changed.
        RecordingError: if the folder of a run to resume cannot be written to.
        NonFiniteLossError: if the loss or the weights are no longer finite.
        WorkerLostError: if another worker ends.
    """
    if request.deterministic:
        tf.config.experimental.enable_op_determinism()
    source = request.folder if request.branch is None else request.branch.parent.source
    if source is not None and stranger_path(source).exists() and "dataset" not in request.asked:
        load = load_if_asked_for
    with contextlib.closing(_Recording(request)) as recording:
        request.on_stage(_("Preparing the images"))
        request, dataset, start = (_resume if recording.resumes else _begin)(request, team, load)
        _require_recordable(start)
        request.on_stage(_("Compiling the training step"))
        with IDLE_NETWORKS.lend(start.compiled) as compiled:
            caution = " ".join(filter(None, (recording.caution, start.caution)))
            start = dataclasses.replace(start, compiled=compiled, caution=caution)
            recording.begin(request, start)
            callbacks = (Diagnostics(start, dataset), Retention(start), recording)
            with (
                contextlib.closing(train(request, dataset, start, callbacks, team)) as training,
                recording.noting_failure(),
            ):
                events = next(training)
                while not any(isinstance(event, TrainingEnded) for event in events):
                    events = training.send((yield events))
    yield events


def _begin(
    request: TrainingRequest, team: Team, load: Load
) -> tuple[TrainingRequest, ImageStore, TrainState]:
    refusal = bfloat16.refusal(team.n_workers)
    require_offered(request.config, refusal)
    config = request.config.replace(**absolute_paths(vars(request.config.data)))
    dataset = with_labelled(load(config.data.dataset), config.data)
    parts = split(dataset, config)
    strategy = team.meet(config, dataset)
    reason = ""
    if config.training.precision == AUTO:
        n_replicas = strategy.num_replicas_in_sync
        reason = why_unmeasured(refusal, n_replicas=n_replicas, deterministic=request.deterministic)
        config = config.replace(precision=FLOAT32) if reason else config
    request.on_stage(_("Building the network"))
    if request.branch is None:
        start = initial_state(config, dataset, parts)
    else:
        start = branched_state(config, request.branch, dataset, parts)
        if request.folder is None:  # the parent's weights are not taken over
            start = dataclasses.replace(start, recorded=())
    start = dataclasses.replace(start, precision_reason=reason)
    return request, dataset, _spread(start, strategy, team)


def _resume(
    request: TrainingRequest, team: Team, load: Load
) -> tuple[TrainingRequest, ImageStore, TrainState]:
    """Read the run to resume from its folder, which is already claimed."""
    assert request.folder is not None, "only a folder can be resumed"
    run = read_run(request.folder)
    newest = run.checkpoint_to_resume()
    rates = run.history.learning_rates
    learning_rate = rates[-1][1] if rates else run.config.training.learning_rate
    require_same_run(request.folder, run.config, learning_rate, request.asked)
    _require_its_precision(request.folder, run.config, team.n_workers)
    moved = {name: request.asked[name] for name in PATH_FIELDS if name in request.asked}
    config = run.config.replace(**absolute_paths(moved))
    dataset = with_labelled(load(config.data.dataset), config.data)
    if dataset.fingerprint != run.dataset_fingerprint:
        sources = _(" with ").join(
            f"“{name}”" for name in (config.data.dataset, config.data.labelled_examples) if name
        )
        raise CheckpointError(
            _("{sources} is no longer what this run was trained on.").format(sources=sources)
        )
    config = config.replace(epochs=_epochs(request, run.config, checkpoint_epoch(newest)))
    strategy = team.meet(config, dataset)
    checkpoint = open_checkpoint(newest)
    if checkpoint.uuid != run.uuid:
        raise CheckpointError(
            _(
                "“{newest}” belongs to a different run than its folder, so the run was not "
                "resumed; nothing was changed."
            ).format(newest=newest)
        )
    position, history = checkpoint.position, checkpoint.history
    history.add_learning_rate(history.n_steps, learning_rate)
    checkpoint.model.training_config = config.training
    parts = split(dataset, run.config)
    require_fitting_epochs(config, parts, history, str(request.folder))
    start = TrainState(
        config=config,
        compiled=CompiledNetwork(checkpoint.model),
        split=parts,
        history=history,
        position=position,
        recorded=tuple(recorded for recorded in run.recorded if recorded <= position),
        branched_from=run.branched_from,
        precision_reason=run.precision_reason,
        uuid=run.uuid,
        caution=other_libraries(run.versions),
    )
    return dataclasses.replace(request, name=run.name), dataset, _spread(start, strategy, team)


def _spread(start: TrainState, strategy: Any, team: Team) -> TrainState:
    if strategy.num_replicas_in_sync == 1:
        return start
    from cadl_gui.training.team.spread import spread

    with team.exchanging():
        return spread(start, strategy)


def _require_its_precision(folder: Path, config: RunConfig, n_workers: int) -> None:
    try:
        require_offered(config, bfloat16.refusal(n_workers))
    except ConfigurationError as error:
        raise ConfigurationError(
            error.field,
            _("The run in “{folder}” began in bfloat16 and goes on in it only: {error}").format(
                folder=folder, error=error
            ),
        ) from error


def _epochs(request: TrainingRequest, config: RunConfig, trained: int) -> int:
    epochs: int = request.asked.get("epochs", config.training.epochs)
    if epochs < trained:
        done = count_text(trained, "epoch")
        raise ConfigurationError(
            "epochs",
            _("The run in “{folder}” has {done} already; Epochs is the total.").format(
                folder=request.folder, done=done
            ),
        )
    return epochs


def _require_recordable(start: TrainState) -> None:
    """Refuse a training whose files would be too large to be read again, by the window and all commands."""
    epochs, per_epoch = start.config.training.epochs, start.history.steps_per_epoch
    most = MOST_STEP_METRICS // (per_epoch * len(start.model.metric_names))
    if epochs > most:
        raise ConfigurationError(
            "epochs",
            _(
                "{epochs:,} epochs of {per_epoch:,} batches are more than a run can record: with batches of "
                "{batch_size:,} there are at most {most:,} epochs."
            ).format(
                epochs=epochs, per_epoch=per_epoch, batch_size=start.config.training.batch_size, most=most
            ),
        )


class _Recording(Callback):
    """Claims the run folder and writes the events of a training to it, until the first write that fails.

    Args:
        request: names the folder, if the run is to be recorded.

    Raises:
        CheckpointError: if there is no run to resume.
        RecordingError: if the folder of a run to resume cannot be written to.
    """

    def __init__(self, request: TrainingRequest) -> None:
        self._request = request
        self._claim: Claim | None = None
        self._refusal = ""
        self._writer: RunWriter | None = None
        if request.folder is None:
            if request.resume:
                raise CheckpointError(_("There is no run folder to resume from."))
            return
        try:
            self._claim = Claim(request.folder, resume=request.resume)
        except RecordingError as error:
            if request.resume:
                raise
            self._refusal = str(error)

    @property
    def resumes(self) -> bool:
        """Whether there is a run to resume; a folder without a complete epoch is started over instead."""
        return self._claim is not None and self._claim.resumes

    @property
    def caution(self) -> str:
        """A sentence about what was in the folder, or ""; see `Claim`."""
        return "" if self._claim is None else self._claim.caution

    def begin(self, request: TrainingRequest, start: TrainState) -> None:
        """Set the request and the initial state of the training to record."""
        self._request = request
        self._model = start.model
        self._n_steps = start.history.n_steps
        self._retained = start.position
        self._rate = start.config.training.learning_rate

    def on_events(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Write events and return them, with `RecordingFailed` after one that could not be written."""
        retained: list[Event] = []
        for event in events:
            try:
                self._write(event)
            except RecordingError as error:
                if self.resumes and isinstance(event, TrainingStarted):
                    raise
                retained += self._give_up(event, str(error))
            else:
                retained.append(event)
        return tuple(retained)

    def on_turn(self, budget: StepBudget) -> None:
        """Record the learning rate of the turn."""
        self._rate = budget.learning_rate
        if self._writer is not None:
            self._writer.note_learning_rate(self._n_steps, budget.learning_rate)

    @contextlib.contextmanager
    def noting_failure(self) -> Iterator[None]:
        """Record that the loss became infinite, so that the run says so when it is opened again."""
        try:
            yield
        except NonFiniteLossError as error:
            if self._writer is not None:
                rate = learning_rate_to_try(self._rate, self._request.config.preset)
                note = HealthNote(self._retained, FAILED, str(error), Suggestion("learning_rate", rate))
                self.on_events((HealthNoted(self._request.run_id, note),))
            raise

    def close(self) -> None:
        """Finish writing and release the folder."""
        try:
            if self._writer is not None:
                self._writer.close()
        except RecordingError:
            _log.exception("The last losses of a run could not be written")
        finally:
            if self._claim is not None:
                self._claim.give_up()
            self._writer = self._claim = None

    def _give_up(self, event: Event, message: str) -> tuple[Event, Event]:
        self.close()
        self._refusal = ""
        if isinstance(event, TrainingStarted):
            in_memory = dataclasses.replace(event.description, source=None)
            event = dataclasses.replace(event, description=in_memory, recorded=())
        return event, RecordingFailed(self._request.run_id, message)

    def _write(self, event: Event) -> None:
        if self._refusal:
            raise RecordingError(self._refusal)
        if self._claim is None:
            return
        if isinstance(event, TrainingStarted):
            self._begin(self._claim, event)
            return
        assert self._writer is not None, "TrainingStarted comes first"
        match event:
            case StepsTaken():
                self._n_steps += len(event.metrics["loss"])
            case SnapshotTaken(recorded=True):
                self._retained = event.snapshot.position
            case EpochCompleted():
                self._writer.write_checkpoint(self._model, Position(event.record.epoch))
        self._writer.write(event)
        if isinstance(event, TrainingEnded):
            self._writer.close()

    def _begin(self, claim: Claim, event: TrainingStarted) -> None:
        self._writer = RunWriter(claim, event.description)
        if self._request.branch is not None and not claim.resumes:
            source = self._request.branch.parent.source
            files = (
                [snapshot_path(source, retained) for retained in event.recorded] if source is not None else []
            )
            self._writer.adopt(event.history, files)
