"""Starts, pauses, resumes and stops trainings; several can share the training thread, turn by turn."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot

from cadl_gui.domain.branching import Branch, branched, can_branch
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.events import (
    Event,
    HealthNoted,
    RecordingFailed,
    RunOpened,
    TrainingEnded,
    TrainingFailed,
    TrainingStarted,
)
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import new_run_id
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import TrainingRequest
from cadl_gui.engine.notifications import Notifications, Remedy
from cadl_gui.engine.run import Run
from cadl_gui.engine.run_registry import RunRegistry
from cadl_gui.engine.training_speed import TrainingSpeed
from cadl_gui.engine.training_status import Training, TrainingState, TrainingStatus
from cadl_gui.engine.training_worker import TrainingWorker
from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.words import _


class TrainingController(TrainingStatus):
    """Starts and controls trainings.

    Methods act on the current training unless given a run; see `TrainingStatus`. A new training replaces the
    current one, which is stopped and its weights recorded; any others continue, turn by turn.

    Args:
        worker: trains; lives in the training thread.
        runs: the runs of the window.
        view: knows which run is shown.
        notifications: where failures are reported.
    """

    # To the training thread: signals, so that every call goes through its event loop.
    _start = Signal(object, bool, str)
    _pause = Signal(str)
    _resume = Signal(str)
    _step = Signal(str)
    _stop = Signal(str)
    _set_learning_rate = Signal(str, float)
    _set_speed = Signal(object)

    def __init__(
        self, worker: TrainingWorker, runs: RunRegistry, view: ViewState, notifications: Notifications
    ) -> None:
        super().__init__(runs, view)
        self._notifications = notifications
        self._to_resume: set[str] = set()
        self._worker = worker
        queued = Qt.ConnectionType.QueuedConnection
        self._start.connect(worker.start, queued)
        self._pause.connect(worker.pause, queued)
        self._resume.connect(worker.resume, queued)
        self._step.connect(worker.step, queued)
        self._stop.connect(worker.stop, queued)
        self._set_learning_rate.connect(worker.set_learning_rate, queued)
        self._set_speed.connect(worker.set_speed, queued)
        worker.paused.connect(self._on_paused, queued)
        worker.stage_began.connect(self._on_stage_began, queued)
        runs.applied.connect(self._on_applied)
        runs.opening_failed.connect(self._on_opening_failed)

    def train(
        self, config: RunConfig, *, paused: bool = False, alongside: bool = False, name: str = ""
    ) -> str:
        """Start training a new run; return its id.

        Args:
            paused: wait at the untrained network.
            alongside: keep the current training running, turn by turn, instead of stopping it.
            name: name of the run; "" names it after its preset.
        """
        run_id = new_run_id()
        name = self._unique_name(name or config.preset)
        request = TrainingRequest(run_id, name, config, self._runs.new_folder(name))
        self._begin(request, paused=paused, alongside=alongside)
        return run_id

    def _unique_name(self, name: str) -> str:
        """Return this name, with a number if a run that is listed, or will be once it has started, has it."""
        starting = (each for each in self._trainings.values() if each.state is TrainingState.STARTING)
        return self._runs.unique_name(name, [training.name for training in starting])

    def _begin(self, request: TrainingRequest, *, paused: bool, alongside: bool = False) -> None:
        current = self._current
        replaced = "" if alongside or current is None else current.run_id
        for run_id in (replaced, request.run_id):
            self._trainings.pop(run_id, None)
        self._learning_rate = request.config.training.learning_rate
        training = Training(request.run_id, request.name, request.folder, self._learning_rate, paused)
        self._trainings[request.run_id] = training
        self._start.emit(request, paused, replaced)
        self._view.ask()

    def resume_run(self, run: Run, *, alongside: bool = False) -> None:
        """Resume a run from its last complete epoch; later batches are trained again.

        Args:
            run: the run; one of a session becomes one of the user's own.
        """
        if not run.can_resume or not self._runs.keep(run):
            return
        about = run.description
        request = TrainingRequest(run.run_id, about.name, about.config, about.source, resume=True)
        self._begin(request, paused=False, alongside=alongside)

    def open_and_resume(self, folder: Path) -> None:
        """Resume the run in a folder, opening it first if necessary; trainings under way go on."""
        run_id = self._runs.open(folder)
        already = self._runs.find(run_id)
        if already is None:
            self._to_resume.add(run_id)
        else:
            self.resume_run(already, alongside=True)

    def branch(self, run: Run, position: Position, changes: Mapping[str, Any] | None = None) -> None:
        """Start a paused branch: a new run from this run's state after an epoch; see `domain.branching`.

        The current training is stopped and its weights recorded. The new run's optimiser is reset. A bent run
        is refused.

        Args:
            position: the end of an epoch; any other position is ignored.

        Raises:
            UserError: if a branch cannot change one of these fields.
        """
        config = branched(run.description.config, position.epoch, changes)
        if can_branch(position) and self.can_begin and not self._runs.report_if_bent(run, "branching"):
            begin = partial(self._begin_branch, config, run)
            self._runs.fetch_weights(run, position, begin, _("The run could not be branched"))

    def _begin_branch(self, config: RunConfig, run: Run, snapshot: Snapshot) -> None:
        history = run.history.up_to(snapshot.position)
        branch = Branch(run.description, history, tuple(run.recorded), snapshot)
        name = self._unique_name(run.description.name)
        folder, run_id = self._runs.new_folder(name), new_run_id()
        request = TrainingRequest(run_id, name, config, folder, branch=branch)
        self._begin(request, paused=True)

    def pause(self, *, run: Run | None = None) -> None:
        """Pause a training; requests are still answered."""
        training = self._training_of(run)
        if training is not None and training.state is TrainingState.TRAINING:
            training.n_pausing += 1
            training.state = TrainingState.PAUSED
            self._pause.emit(training.run_id)
            self._view.ask()

    def resume(self, *, run: Run | None = None) -> None:
        """Resume a paused training, and show it live, as one that starts."""
        training = self._training_of(run)
        if training is not None and training.state is TrainingState.PAUSED:
            training.state = TrainingState.TRAINING
            self._resume.emit(training.run_id)
            self._view.ask()
            if (resumed := self._runs.find(training.run_id)) is not None:
                self._view.show_run(resumed)

    def step(self, *, run: Run | None = None) -> None:
        """Train one batch, then pause; a training that starts paused does so once it has started."""
        training = self._training_of(run)
        if training is not None and (training.state is not TrainingState.STARTING or training.starts_paused):
            self.pause(run=run)
            self._step.emit(training.run_id)

    def stop(self, *, run: Run | None = None) -> None:
        """End a training and record its newest weights."""
        training = self._training_of(run)
        if training is not None and training.state is not TrainingState.STARTING:
            self._stop.emit(training.run_id)

    @Slot()
    def cancel_start(self) -> None:
        """Give up the current training if it is starting; what is under way there ends in the background.

        If it is too late for that, the run is listed and stopped.
        """
        training = self._current
        if training is not None and training.state is TrainingState.STARTING:
            self._cancel(training)

    def stop_all(self) -> None:
        """End all trainings and record their newest weights; give up those that are starting."""
        for training in tuple(self._trainings.values()):
            if training.state is TrainingState.STARTING:
                self._cancel(training)
            else:
                self._stop.emit(training.run_id)

    def _cancel(self, training: Training) -> None:
        self._worker.cancel_start(training.run_id)
        self._stop.emit(training.run_id)
        self._end(training.run_id)

    def train_again(self, *, run: Run | None = None) -> None:
        """Train a new run with the same settings and seed, and so from the same initial weights.

        The previous run stays in the list with what it has learned.
        """
        run = run or self.run or self._view.run
        if run is not None and self.is_ready and not run.description.is_graph:
            self.train(run.description.config)

    def set_learning_rate(self, rate: float, *, run: Run | None = None) -> None:
        """Change a training's learning rate from its next turn on."""
        training = self._training_of(run)
        if training is not None:
            training.learning_rate = rate
            self._set_learning_rate.emit(training.run_id, rate)

    def set_speed(self, speed: TrainingSpeed) -> None:
        """Set the speed of current and future trainings."""
        self._speed = speed
        self._set_speed.emit(speed)

    @Slot(str, str)
    def _on_stage_began(self, run_id: str, stage: str) -> None:
        training = self._trainings.get(run_id)
        if training is not None:
            training.stage = stage
            self._view.ask()

    @Slot(str)
    def _on_paused(self, run_id: str) -> None:
        if run_id in self._trainings:
            self._trainings[run_id].n_pausing -= 1

    @Slot(str)
    def _on_opening_failed(self, run_id: str) -> None:
        self._to_resume.discard(run_id)

    @Slot(object, object)
    def _on_applied(self, event: Event, run: Run | None) -> None:
        match event:
            case TrainingStarted():
                self._on_started(event)
            case RunOpened() if run is not None and run.run_id in self._to_resume:
                self._to_resume.remove(run.run_id)
                self.resume_run(run, alongside=True)
            case RecordingFailed():
                self._notifications.warn(event.message)
            case HealthNoted() if run is not None:
                self._notifications.note(run, event.note)
            case TrainingFailed():
                self._end(event.run_id)
                self._report_failure(event, run)
            case TrainingEnded():
                self._end(event.run_id)

    def _on_started(self, event: TrainingStarted) -> None:
        if event.caution:
            self._notifications.warn(event.caution)
        training = self._trainings.get(event.description.run_id)
        if training is not None:
            training.learning_rate = self._learning_rate = event.learning_rate
            training.state = TrainingState.PAUSED if training.starts_paused else TrainingState.TRAINING
            self._view.ask()

    def _report_failure(self, event: TrainingFailed, run: Run | None) -> None:
        """Report a failed training; prefix the run's letter unless that run is shown."""
        remedy = None if run is None or event.suggestion is None else Remedy(run, event.suggestion)
        which = "" if run is None or run is self._view.run else f"{run.letter} · "
        self._notifications.fail(which + event.message, event.details, remedy)
