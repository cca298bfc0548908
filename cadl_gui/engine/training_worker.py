"""Lives in the training thread and advances trainings by turns."""

import logging
import time
import traceback
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cadl_gui.domain.errors import NonFiniteLossError
from cadl_gui.domain.events import Event, SnapshotTaken, TrainingEnded, TrainingFailed, TrainingStarted
from cadl_gui.domain.health import Suggestion
from cadl_gui.domain.position import Position
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.engine.backends import TrainingBackend, TrainingFactory, TrainingLoop
from cadl_gui.engine.failure import message_and_details
from cadl_gui.engine.receipt import Receipt
from cadl_gui.engine.training_speed import FULL_SPEED, TURN_SECONDS, TrainingSpeed
from cadl_gui.system.niceness import set_niceness

_log = logging.getLogger(__name__)

_NICENESS = 10
"""An answer takes milliseconds of what the training has, and then comes twice as soon
(tests/benchmarks/drawing_latency.py)."""

_MOST_AHEAD = 20
"""Turns that were told and not taken yet, by all who hear of them together. Of a tiny dataset a turn is an
epoch and takes a millisecond: what it tells would pile up before a window that is busy, with weights each
time."""


@dataclass(eq=False)
class _Training:
    """One that is under way.

    Attributes:
        run_id: of its run.
        loop: what is driven.
        learning_rate: of its next turn.
        retained: position of the newest weights that were recorded.
        is_on: whether it takes turns; not while it is paused.
        due: when its next turn may begin, in seconds of the monotonic clock.
    """

    run_id: str
    loop: TrainingLoop
    learning_rate: float = 0.0
    retained: Position | None = None
    is_on: bool = False
    due: float = 0.0


class TrainingWorker(QObject):
    """Drives the generators of the training backend with a timer that it owns.

    Those that are not paused take turns: next is the one that has waited longest. Pausing is leaving one out:
    there is no lock, no flag and no sleep. Whatever happens in a turn reaches the receivers as one tuple of
    events.

    Signals:
        loaded: (device) the backend is imported and training can start.
        load_failed: (sentence, details) it could not be imported.
        events_arrived: (tuple of events) what one turn brought.
        paused: (run_id) after `pause`; no turn is under way, and `events_arrived` has told of the last one.
    """

    loaded = Signal(str)
    load_failed = Signal(str, str)
    events_arrived = Signal(object)
    paused = Signal(str)

    def __init__(self, factory: TrainingFactory) -> None:
        super().__init__()
        self._factory = factory
        self._backend: TrainingBackend | None = None
        self._trainings: dict[str, _Training] = {}
        self._speed = FULL_SPEED
        self._n_receipts = 0
        self._n_untaken = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._turn)

    @property
    def backend(self) -> TrainingBackend:
        """For others that live in this thread."""
        assert self._backend is not None, "the engine asks nothing before `loaded`"
        return self._backend

    def wait_for(self, receipt: Receipt) -> None:
        """Be never many turns ahead of the receiver that gives these; called before the thread starts."""
        self._n_receipts += 1
        self.events_arrived.connect(receipt.give, Qt.ConnectionType.QueuedConnection)
        receipt.given.connect(self._on_taken, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def load(self) -> None:
        """Import the backend."""
        try:
            self._backend = self._factory()
            device = self._backend.start_device(_NICENESS)
        except Exception as error:  # noqa: BLE001 - whatever an import raises, the window has to tell it
            _log.exception("The training side could not be loaded")
            self.load_failed.emit(f"TensorFlow could not be loaded: {error}", traceback.format_exc())
            return
        # Not before: while libraries are imported, this thread holds the interpreter that the window needs.
        set_niceness(_NICENESS)
        self.loaded.emit(device)

    @Slot(object, bool, str)
    def start(self, request: TrainingRequest, paused: bool, replaced: str) -> None:
        """Begin a training.

        Args:
            request: what to train.
            paused: wait at the first position for Resume or Step.
            replaced: the run whose training is stopped and kept, if it still goes on; others take turns with
                the new one.
        """
        for run_id in (replaced, request.run_id):
            self.stop(run_id)
        training = _Training(request.run_id, self.backend.train(request))
        self._trainings[request.run_id] = training
        if self._advance(training, None) and not paused:
            self.resume(request.run_id)

    @Slot(str)
    def pause(self, run_id: str) -> None:
        """Take no more turns of a training until `resume` or `step`."""
        self._hold(run_id)
        self.paused.emit(run_id)

    @Slot(str)
    def resume(self, run_id: str) -> None:
        """Take turns again."""
        training = self._trainings.get(run_id)
        if training is not None:
            training.is_on, training.due = True, time.monotonic()
            self._wait_for_turn()

    @Slot(str)
    def step(self, run_id: str) -> None:
        """Take one batch, then pause."""
        self._take_limited_turn(run_id, 1)

    @Slot(str)
    def stop(self, run_id: str) -> None:
        """Keep the newest weights and end the training."""
        self._take_limited_turn(run_id, 0)

    @Slot(str, float)
    def set_learning_rate(self, run_id: str, rate: float) -> None:
        """Use another rate from the next turn on."""
        training = self._trainings.get(run_id)
        if training is not None:
            training.learning_rate = rate

    @Slot(object)
    def set_speed(self, speed: TrainingSpeed) -> None:
        """Go faster or slower from now on."""
        self._speed = speed
        for training in self._trainings.values():
            training.due = time.monotonic()
        self._wait_for_turn()

    @Slot()
    def finish(self) -> None:
        """Keep what there is and leave the thread's event loop."""
        for run_id in tuple(self._trainings):
            self.stop(run_id)
        self._timer.stop()
        self.thread().quit()

    @Slot()
    def _on_taken(self) -> None:
        self._n_untaken -= 1
        if not self._timer.isActive():
            self._wait_for_turn()

    def _next(self) -> _Training | None:
        running = (training for training in self._trainings.values() if training.is_on)
        return min(running, key=lambda training: training.due, default=None)

    def _wait_for_turn(self) -> None:
        training = self._next()
        if training is None or self._n_untaken >= _MOST_AHEAD:
            self._timer.stop()
        else:
            self._timer.start(max(0, round(1000 * (training.due - time.monotonic()))))

    @Slot()
    def _turn(self) -> None:
        training = self._next()
        if training is not None:
            training.due = time.monotonic() + self._speed.interval_ms / 1000
            self._advance(
                training, StepBudget(TURN_SECONDS, self._speed.steps_per_turn, training.learning_rate)
            )
        self._wait_for_turn()

    def _take_limited_turn(self, run_id: str, n_steps: int) -> None:
        training = self._trainings.get(run_id)
        if training is not None:
            self._hold(run_id)
            self._advance(training, StepBudget(0.0, n_steps, training.learning_rate))

    def _advance(self, training: _Training, budget: StepBudget | None) -> bool:
        """Take one turn (the first is None); returns whether the training goes on after it."""
        try:
            events = next(training.loop) if budget is None else training.loop.send(budget)
        except Exception as error:  # noqa: BLE001 - the thread survives; the user reads a sentence
            self._fail(training, error)
            return False
        for event in events:
            if isinstance(event, SnapshotTaken) and event.recorded:
                training.retained = event.snapshot.position
            elif isinstance(event, TrainingStarted):
                training.learning_rate = event.learning_rate
                training.retained = event.recorded[-1] if event.recorded else None
        is_over = any(isinstance(event, TrainingEnded) for event in events)
        if is_over:
            self._close(training)
        self._report(events)
        return not is_over

    def _report(self, events: tuple[Event, ...]) -> None:
        if events:
            self._n_untaken += self._n_receipts
            self.events_arrived.emit(events)

    def _hold(self, run_id: str) -> None:
        training = self._trainings.get(run_id)
        if training is not None:
            training.is_on = False
            self._wait_for_turn()

    def _close(self, training: _Training) -> None:
        self._trainings.pop(training.run_id, None)
        training.loop.close()

    def _fail(self, training: _Training, error: Exception) -> None:
        message, details = message_and_details(error, "Training stopped")
        self._close(training)
        suggestion = None
        if isinstance(error, NonFiniteLossError):
            suggestion = Suggestion("learning_rate", training.learning_rate / 10)
            if training.retained is not None:
                message += f" {str(training.retained).capitalize()} is kept."
        self._report((TrainingFailed(training.run_id, message, details, training.retained, suggestion),))
