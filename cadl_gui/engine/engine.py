"""The façade behind which both TensorFlow threads live; the only thing that a tab ever sees."""

import logging
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.core.branching import Branch, branched, can_branch
from cadl_gui.core.configuration import RunConfig
from cadl_gui.core.dataset_source import DatasetSource
from cadl_gui.core.events import (
    Event,
    HealthNoted,
    RecordingFailed,
    RunOpened,
    TrainingEnded,
    TrainingFailed,
    TrainingStarted,
)
from cadl_gui.core.health import Suggestion
from cadl_gui.core.position import Position
from cadl_gui.core.requests import (
    FetchSnapshot,
    OpenFile,
    RenameRun,
    Reply,
    SaveCheckpoint,
    TrainingRequest,
)
from cadl_gui.core.run_name import name_of_run
from cadl_gui.core.snapshot import Snapshot
from cadl_gui.engine.backends import InferenceFactory, TrainingFactory
from cadl_gui.engine.bending import Bending, bent_sentence
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.export_worker import ExportWorker
from cadl_gui.engine.exporting import Exporting
from cadl_gui.engine.inference_broker import InferenceBroker, InferenceClient
from cadl_gui.engine.inference_worker import InferenceWorker
from cadl_gui.engine.new_folder import new_run_folder
from cadl_gui.engine.pace import FULL_SPEED, Pace
from cadl_gui.engine.run import Run
from cadl_gui.engine.run_list import RunList
from cadl_gui.engine.thread import PythonThread
from cadl_gui.engine.training_worker import TrainingWorker
from cadl_gui.engine.view_state import ViewState

_log = logging.getLogger(__name__)


class EngineState(Enum):
    """What the transport can do."""

    LOADING = auto()
    UNAVAILABLE = auto()
    IDLE = auto()
    STARTING = auto()
    TRAINING = auto()
    PAUSED = auto()


class Remedy(NamedTuple):
    """What may help a training that failed: another value of one of its settings."""

    run: Run
    suggestion: Suggestion


class Engine(QObject):
    """Trains one run at a time and keeps the list of runs; `inference` answers questions.

    Everything here is called and heard in the window's thread. Trainings are told by events, which change
    the `Run` objects.

    Signals:
        state_changed: `state` is another one.
        run_added: (`Run`) a training started or a file was opened.
        run_expected: (`ExpectedRun`) a file is going to be opened.
        opening_failed: (run_id) it could not be.
        run_removed: (`Run`) it was taken off the list.
        run_changed: (`Run`) it has new losses, epochs, weights or another state.
        saved: (path) a checkpoint is whole on disk.
        failed: (sentence, details, `Remedy` or None) something went wrong; the program stays usable.
        noted: (`Run`, `HealthNote`) something is not well with a training.
        imported: (sentence, details) a file was opened that does not say all that ours do.
        warned: (sentence) something is not as it should be, but goes on.
        interrupted: (list of `InterruptedRun`) trainings of the last time that died, the newest first.
    """

    state_changed = Signal()
    run_added = Signal(object)
    run_expected = Signal(object)
    opening_failed = Signal(str)
    run_removed = Signal(object)
    run_changed = Signal(object)
    saved = Signal(object)
    failed = Signal(str, str, object)
    noted = Signal(object, object)
    imported = Signal(str, str)
    warned = Signal(str)
    interrupted = Signal(object)

    # Down to the threads. Signals, so that every call crosses through an event loop.
    _load = Signal()
    _start = Signal(object, bool)
    _pause = Signal()
    _resume = Signal()
    _step = Signal()
    _stop = Signal()
    _set_learning_rate = Signal(float)
    _set_pace = Signal(object)
    _open = Signal(object)
    _save = Signal(object)
    _rename = Signal(object)
    _forget = Signal(str)
    _look_for_interrupted = Signal(object)
    _ask = Signal(int, object)
    _finish = Signal()

    def __init__(
        self,
        training: TrainingFactory,
        inference: InferenceFactory,
        runs_folder: Path | None,
        dataset_sources: Sequence[DatasetSource] = (),
    ) -> None:
        """Make the threads, without starting them.

        Args:
            training: called once in the training thread.
            inference: called once in the inference thread.
            runs_folder: where runs are written, each into a folder of its own; None keeps them in memory.
            dataset_sources: kinds of datasets that runs can be trained on.
        """
        super().__init__()
        self.dataset_sources = tuple(dataset_sources)
        self.view = ViewState()
        self.bending = Bending()
        self._runs = RunList()
        self._runs_folder = runs_folder
        self._state = EngineState.LOADING
        self._device = ""
        self._training_run_id = ""
        self._starting_folder: Path | None = None
        self._starts_paused = False
        self._n_pausing = 0
        self._learning_rate = 0.0
        self._pace = FULL_SPEED
        self._to_open: list[OpenFile] = []
        self._to_continue: set[str] = set()
        self._in_background: set[str] = set()
        self.inference = InferenceBroker(self._ask.emit, self.bending.of)
        self._weights = InferenceClient(self.inference, self)
        self._threads = (PythonThread(), PythonThread())
        self._trainer = TrainingWorker(training)
        self._exporter = ExportWorker(lambda: self._trainer.backend)
        self._answerer = InferenceWorker(inference)
        self._connect()
        self.exporting = Exporting(self.inference, self.bending, self._exporter, self)

    def _connect(self) -> None:
        trainer, answerer = self._trainer, self._answerer
        for thread, worker, name in zip(
            self._threads, (trainer, answerer), ("training", "inference"), strict=True
        ):
            thread.setObjectName(name)
            worker.moveToThread(thread)
        self._exporter.moveToThread(trainer.thread())
        queued = Qt.ConnectionType.QueuedConnection
        self._load.connect(trainer.load, queued)
        self._start.connect(trainer.start, queued)
        self._pause.connect(trainer.pause, queued)
        self._resume.connect(trainer.resume, queued)
        self._step.connect(trainer.step, queued)
        self._stop.connect(trainer.stop, queued)
        self._set_learning_rate.connect(trainer.set_learning_rate, queued)
        self._set_pace.connect(trainer.set_pace, queued)
        self._open.connect(trainer.open_file, queued)
        self._save.connect(trainer.save, queued)
        self._rename.connect(trainer.rename, queued)
        self._forget.connect(answerer.forget, queued)
        self._forget.connect(trainer.forget, queued)
        self._look_for_interrupted.connect(trainer.look_for_interrupted, queued)
        self._ask.connect(answerer.answer, queued)
        self._finish.connect(self._exporter.finish, queued)
        self._finish.connect(trainer.finish, queued)
        self._finish.connect(answerer.finish, queued)
        # The inference thread hears of weights first-hand and before the window can ask about them.
        trainer.loaded.connect(answerer.load, queued)
        trainer.happened.connect(answerer.take, queued)
        trainer.loaded.connect(self._on_loaded, queued)
        trainer.load_failed.connect(self._on_load_failed, queued)
        trainer.happened.connect(self._on_happened, queued)
        trainer.paused.connect(self._on_paused, queued)
        trainer.saved.connect(self.saved, queued)
        trainer.interrupted.connect(self.interrupted, queued)
        trainer.refused.connect(self._on_refused, queued)
        trainer.open_failed.connect(self._on_open_failed, queued)
        answerer.replied.connect(self._on_replied, queued)
        self.bending.changed.connect(self._on_bent)

    @property
    def state(self) -> EngineState:
        """What the transport can do now."""
        return self._state

    @property
    def told_state(self) -> EngineState:
        """What people are told: a training is paused once `Run` has the last turn that was under way."""
        is_pausing = self._state is EngineState.PAUSED and self._n_pausing > 0
        return EngineState.TRAINING if is_pausing else self._state

    @property
    def is_ready(self) -> bool:
        """Whether TensorFlow is there."""
        return self._state not in {EngineState.LOADING, EngineState.UNAVAILABLE}

    @property
    def can_begin(self) -> bool:
        """Whether a training could begin; one that is under way would be stopped and kept."""
        return self.is_ready and self._state is not EngineState.STARTING

    @property
    def is_running(self) -> bool:
        """Whether a thread is still running."""
        return any(thread.isRunning() for thread in self._threads)

    @property
    def device(self) -> str:
        """What computes: "CPU" or "GPU"; "" while loading."""
        return self._device

    @property
    def runs(self) -> Sequence[Run]:
        """The runs of the window, in the order of their letters."""
        return tuple(self._runs)

    @property
    def listed(self) -> Sequence[Run | ExpectedRun]:
        """The runs of the window, and those that wait to be read, in the order of their letters."""
        return self._runs.listed

    @property
    def training_run(self) -> Run | None:
        """The run that is being trained, paused ones included."""
        return self._runs.find(self._training_run_id)

    @property
    def starting_folder(self) -> Path | None:
        """Where the training that is starting will lie; None while none is."""
        return self._starting_folder if self._state is EngineState.STARTING else None

    @property
    def learning_rate(self) -> float:
        """Rate of the training that runs or ran last."""
        return self._learning_rate

    @property
    def pace(self) -> Pace:
        """Speed of training."""
        return self._pace

    def load(self) -> None:
        """Start the threads and import TensorFlow in them."""
        for thread in self._threads:
            thread.start()
        self._load.emit()

    def train(self, config: RunConfig, *, paused: bool = False) -> None:
        """Start a new run; a training that is under way is stopped and kept."""
        run_id = uuid.uuid4().hex
        name = self._runs.free_name(config.preset)
        request = TrainingRequest(run_id, name, config, self._new_folder(name))
        self._begin_training(request, paused=paused)

    def _begin_training(self, request: TrainingRequest, *, paused: bool) -> None:
        self._learning_rate = request.config.training.learning_rate
        self._training_run_id = request.run_id
        self._starting_folder = request.folder
        self._starts_paused = paused
        self._set_state(EngineState.STARTING)
        self._start.emit(request, paused)

    def continue_run(self, run: Run) -> None:
        """Go on with a run from its last complete epoch; what it learned after that is learned again."""
        if not run.can_continue:
            return
        about = run.description
        request = TrainingRequest(run.run_id, about.name, about.config, about.source, resume=True)
        self._begin_training(request, paused=False)

    def open_and_continue(self, folder: Path) -> None:
        """Go on with the run in a folder, which need not be open yet."""
        run_id = self.open(folder)
        already = self._runs.find(run_id)
        if already is None:
            self._to_continue.add(run_id)
        else:
            self.continue_run(already)

    def branch(self, run: Run, position: Position, changes: Mapping[str, Any] | None = None) -> None:
        """Begin a new run where this one was after an epoch, and pause there; see `core.branching`.

        A training that is under way is stopped and kept. The new run's optimiser starts afresh. A bent run is
        refused.

        Raises:
            UserError: if a branch cannot be changed so.
        """
        config = branched(run.description.config, position.epoch, changes)
        if can_branch(position) and self.can_begin and not self.refuses_bent(run):
            begin = partial(self._begin_branch, config, run)
            self._fetch_weights(run, position, begin, "The run could not be branched")

    def pause(self) -> None:
        """Hold the training; requests are still answered."""
        if self._state is EngineState.TRAINING:
            self._n_pausing += 1
            self._pause.emit()
            self._set_state(EngineState.PAUSED)

    def resume(self) -> None:
        """Go on with a paused training."""
        if self._state is EngineState.PAUSED:
            self._resume.emit()
            self._set_state(EngineState.TRAINING)

    def step(self) -> None:
        """Train one batch, then pause."""
        if self._state in {EngineState.TRAINING, EngineState.PAUSED}:
            self.pause()
            self._step.emit()

    def stop(self) -> None:
        """End the training and keep what it learned."""
        if self._state in {EngineState.TRAINING, EngineState.PAUSED}:
            self._stop.emit()

    def rewind(self) -> None:
        """Go back to the untrained network: a fresh run with the same seed and so the same first weights.

        The run that is left stays in the list, as far as it came.
        """
        run = self.training_run or self.view.run
        if run is not None and self.is_ready and not run.description.is_graph:
            self.train(run.description.config, paused=True)

    def set_learning_rate(self, rate: float) -> None:
        """Change the rate of the training under way, from its next turn on."""
        self._learning_rate = rate
        self._set_learning_rate.emit(rate)

    def set_pace(self, pace: Pace) -> None:
        """Change the speed of training, now and later."""
        self._pace = pace
        self._set_pace.emit(pace)

    def open(self, path: Path, *, show: bool = True) -> str:
        """Open a checkpoint or a run folder as another run; a folder that is open already is shown.

        It is listed at once, and read as soon as TensorFlow is there.

        Args:
            path: of it.
            show: whether the view moves to it; it does in any case where nothing is shown yet.

        Returns:
            The `run_id` that it has or will have.
        """
        already = next((run for run in self._runs if path.is_dir() and run.lies_in(path)), None)
        if already is not None:
            self.view.show_run(already)
            return already.run_id
        waiting = self._runs.find_expected(path)
        expected = waiting or self._expect(path)
        if show:
            self._in_background.discard(expected.run_id)
        elif waiting is None:
            self._in_background.add(expected.run_id)
        return expected.run_id

    def _expect(self, path: Path) -> ExpectedRun:
        expected = self._runs.expect(uuid.uuid4().hex, name_of_run(path), path)
        self.run_expected.emit(expected)
        is_own = path.absolute().parent == self._runs_folder
        self._to_open.append(OpenFile(expected.run_id, path, is_own=is_own))
        self._open_what_waits()
        return expected

    def _open_what_waits(self) -> None:
        if self.is_ready:
            waiting, self._to_open = self._to_open, []
            for request in waiting:
                self._open.emit(request)

    def save(self, run: Run, path: Path) -> None:
        """Write the position of a run that is shown as a `.keras` checkpoint; a bent run is refused."""
        if self.refuses_bent(run):
            return
        position = None if self.view.follows or run is not self.view.run else self.view.position
        write = partial(self._write, path, run)
        self._fetch_weights(run, position, write, f"{path.name} could not be saved")

    def refuses_bent(self, run: Run) -> bool:
        """Whether a run is bent and so is not written anywhere; if so it is told."""
        is_bent = bool(self.bending.of(run.run_id))
        if is_bent:
            self.failed.emit(bent_sentence(run), "", None)
        return is_bent

    def rename(self, run: Run, name: str) -> None:
        """Call a run otherwise, here and in its folder."""
        if not name or name == run.description.name:
            return
        run.description = replace(run.description, name=name)
        source = run.description.source
        if source is not None and source.is_dir():
            self._rename.emit(RenameRun(source, name))
        self.run_changed.emit(run)

    def remove(self, run: Run) -> None:
        """Take a run off the list. Its files stay; until the next one is removed it can be restored."""
        if run.run_id == self._training_run_id:
            return
        gone = self._runs.remove(run)
        if gone is not None:
            self._forget.emit(gone.run_id)
        self.view.compare(run, on=False)
        self.run_removed.emit(run)
        if self.view.run is run:
            self.view.show_run(self._runs.last)

    def restore_removed(self) -> None:
        """Put the run that was removed last back on the list, and show it."""
        run = self._runs.restore()
        if run is not None:
            self.run_added.emit(run)
            self.view.show_run(run)

    def shut_down(self, timeout_ms: int = 1500) -> bool:
        """Stop and keep, then end both threads.

        Returns:
            Whether both ended in time. Where TensorFlow is inside an import or a compilation, which nothing
            can interrupt, they do not; the caller then leaves the process, since a thread is never killed.
        """
        self.inference.close()
        self._finish.emit()
        deadline = time.monotonic() + timeout_ms / 1000
        ended = [
            thread.wait(max(1, round((deadline - time.monotonic()) * 1000)))
            for thread in self._threads
            if thread.isRunning()
        ]
        return all(ended)

    @Slot(str)
    def _on_loaded(self, device: str) -> None:
        self._device = device
        self._set_state(EngineState.IDLE)
        self._open_what_waits()
        if self._runs_folder is not None:
            self._look_for_interrupted.emit(self._runs_folder)

    @Slot(str, str)
    def _on_load_failed(self, sentence: str, details: str) -> None:
        self._set_state(EngineState.UNAVAILABLE)
        self.failed.emit(sentence, details, None)

    @Slot(str, str)
    def _on_refused(self, sentence: str, details: str) -> None:
        self.failed.emit(sentence, details, None)

    @Slot(str, str, str)
    def _on_open_failed(self, run_id: str, sentence: str, details: str) -> None:
        self._in_background.discard(run_id)
        self._to_continue.discard(run_id)
        self._runs.expect_no_more(run_id)
        self.opening_failed.emit(run_id)
        self.failed.emit(sentence, details, None)

    @Slot()
    def _on_paused(self) -> None:
        self._n_pausing -= 1

    @Slot(object)
    def _on_happened(self, events: tuple[Event, ...]) -> None:
        changed: dict[str, Run] = {}
        for event in events:
            run = self._apply(event)
            if run is not None:
                changed[run.run_id] = run
        for run in changed.values():
            self.run_changed.emit(run)
            if run is self.view.run:
                self.view.newest_moved()

    def _apply(self, event: Event) -> Run | None:
        """Change the run that an event is about, and return it."""
        match event:
            case TrainingStarted():
                if event.caution:
                    self.warned.emit(event.caution)
                return self._begin(event)
            case RunOpened():
                return self._opened(event)
        run = self._runs.find(event.run_id)
        if run is not None:
            run.apply(event)
        match event:
            case RecordingFailed():
                self.warned.emit(event.sentence)
            case TrainingFailed():
                self._training_over(event.run_id)
                self._tell_failure(event, run)
            case HealthNoted() if run is not None:
                self.noted.emit(run, event.note)
            case TrainingEnded():
                self._training_over(event.run_id)
        return run

    def _begin(self, event: TrainingStarted) -> Run:
        run = self._runs.find(event.description.run_id)
        if run is None:
            run = Run("", event.description, event.history)
            run.go_on(event)
            self._add(run)
        else:
            run.go_on(event)
            self.view.show_run(run)
        if run.run_id == self._training_run_id:
            self._learning_rate = event.learning_rate
            self._set_state(EngineState.PAUSED if self._starts_paused else EngineState.TRAINING)
        return run

    def _opened(self, event: RunOpened) -> Run:
        known = self._runs.find(event.description.run_id)
        if known is not None:
            known.reopen(event)
            return known
        name = self._runs.free_name(event.description.name, but=event.description.run_id)
        run = Run("", replace(event.description, name=name), event.history)
        run.reopen(event)
        show = run.run_id not in self._in_background or self.view.run is None
        self._in_background.discard(run.run_id)
        self._add(run, show=show)
        if event.notes:
            sentence = f"“{run.description.name}” was imported; its file does not tell everything."
            self.imported.emit(sentence, "\n".join(event.notes))
        if run.run_id in self._to_continue:
            self._to_continue.remove(run.run_id)
            self.continue_run(run)
        return run

    def _add(self, run: Run, *, show: bool = True) -> Run:
        self._runs.add(run)
        self.run_added.emit(run)
        if show:
            self.view.show_run(run)
        return run

    def _tell_failure(self, event: TrainingFailed, run: Run | None) -> None:
        """Where another run is shown than the one that failed, say which it is."""
        remedy = None if run is None or event.suggestion is None else Remedy(run, event.suggestion)
        which = "" if run is None or run is self.view.run else f"{run.letter} · "
        self.failed.emit(which + event.sentence, event.details, remedy)

    def _training_over(self, run_id: str) -> None:
        if run_id == self._training_run_id:
            self._training_run_id = ""
            self._set_state(EngineState.IDLE)

    @Slot(str)
    def _on_bent(self, run_id: str) -> None:
        """Whoever shows the run asks anew."""
        run = self._runs.find(run_id)
        if run is not None:
            self.run_changed.emit(run)
            if run is self.view.run:
                self.view.position_changed.emit()

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        self.inference.take(reply)

    def _fetch_weights(
        self, run: Run, position: Position | None, do: Callable[[Snapshot], None], failure: str
    ) -> None:
        """Do something with weights once they are there, or tell that it failed, and why."""

        def on_weights(snapshot: Snapshot, _: Position | None) -> None:
            do(snapshot)

        def on_failure(sentence: str) -> None:
            self.failed.emit(f"{failure}: {sentence}", "", None)

        request = FetchSnapshot(run.run_id, position)
        self._weights.ask(request, on_weights, on_failure, competes=False)

    def _write(self, path: Path, run: Run, snapshot: Snapshot) -> None:
        history = run.history.up_to(snapshot.position)
        self._save.emit(SaveCheckpoint(run.description, history, snapshot, path))

    def _begin_branch(self, config: RunConfig, run: Run, snapshot: Snapshot) -> None:
        history = run.history.up_to(snapshot.position)
        branch = Branch(run.description, history, tuple(run.recorded), snapshot)
        name = self._runs.free_name(run.description.name)
        folder, run_id = self._new_folder(name), uuid.uuid4().hex
        request = TrainingRequest(run_id, name, config, folder, branch=branch)
        self._begin_training(request, paused=True)

    def _set_state(self, state: EngineState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit()

    def _new_folder(self, name: str) -> Path | None:
        return None if self._runs_folder is None else new_run_folder(self._runs_folder, name)
