"""Runs the trainings, turn by turn, in the training thread."""

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cadl_gui.domain.errors import NonFiniteLossError
from cadl_gui.domain.events import (
    Event,
    SnapshotTaken,
    StepsTaken,
    TrainingEnded,
    TrainingFailed,
    TrainingStarted,
)
from cadl_gui.domain.health import Suggestion
from cadl_gui.domain.learning_rates import learning_rate_to_try
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.engine.backends import TrainingBackend, TrainingFactory, TrainingLoop
from cadl_gui.engine.failure import message_and_details
from cadl_gui.engine.receipt import Receipt
from cadl_gui.engine.training_speed import FULL_SPEED, TURN_SECONDS, TrainingSpeed
from cadl_gui.system.niceness import Niceness, set_niceness
from cadl_gui.system.words import _

_log = logging.getLogger(__name__)

_MOST_AHEAD = 20
"""Most turns that may be emitted but not yet handled, summed over all receivers. For a tiny dataset, a turn
is a whole epoch and takes a millisecond: without this limit, its events, each with weights, would pile up
in front of a busy window."""

_HALF_LIFE_SECONDS = 5.0
"""Time after which what was measured of the speed counts half; long enough to contain the end of an epoch."""


@dataclass(eq=False)
class _Training:
    """A training under way.

    Attributes:
        run_id: id of its run.
        loop: generator that trains; see `TrainingLoop`.
        preset: name of its preset, whose learning rate is known to work.
        learning_rate: learning rate of its next turn.
        retained: position of the newest recorded weights.
        is_on: whether it takes turns; False while it is paused.
        due: when its next turn may begin, in seconds of the monotonic clock.
        images: number of images trained lately, in `seconds`; earlier ones count less.
        seconds: how long its turns took lately.
    """

    run_id: str
    loop: TrainingLoop
    preset: str
    batch_size: int
    learning_rate: float = 0.0
    retained: Position | None = None
    is_on: bool = False
    due: float = 0.0
    images: float = 0.0
    seconds: float = 0.0

    def timed(self, events: tuple[Event, ...], seconds: float) -> tuple[Event, ...]:
        """Return the events of a turn with the speed of whole turns, in which epochs are also written."""
        steps = [event for event in events if isinstance(event, StepsTaken)]
        if not steps or not seconds:
            return events
        kept = 0.5 ** (seconds / _HALF_LIFE_SECONDS)
        self.images = kept * self.images + self.batch_size * sum(len(each.metrics["loss"]) for each in steps)
        self.seconds = kept * self.seconds + seconds
        speed = self.images / self.seconds
        return tuple(replace(each, images_per_second=speed) if each in steps else each for each in events)


class _StartCancelledError(Exception):
    """The user does not want the training that is starting."""


class TrainingWorker(QObject):
    """Drives the training backend's generators with its own timer.

    Trainings that are not paused take turns; the next turn goes to the one that has waited longest. A paused
    training is simply skipped, so there is no lock, no flag and no sleep. All events of a turn are emitted
    together, as one tuple.

    Signals:
        loaded: (device) the backend is imported and training can start.
        load_failed: (message, details) the backend could not be imported.
        events_arrived: (tuple of events) the events of one turn.
        stage_began: (run_id, text) a training that is starting is at this stage.
        paused: (run_id) follows `pause`; no turn is under way and the last turn's events were emitted.
    """

    loaded = Signal(str)
    load_failed = Signal(str, str)
    events_arrived = Signal(object)
    stage_began = Signal(str, str)
    paused = Signal(str)

    def __init__(self, factory: TrainingFactory, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__()
        self._factory = factory
        self._clock = clock
        self._backend: TrainingBackend | None = None
        self._trainings: dict[str, _Training] = {}
        self._speed = FULL_SPEED
        self._cancelled: set[str] = set()
        self._n_receipts = 0
        self._n_untaken = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._turn)

    @property
    def backend(self) -> TrainingBackend:
        """The backend, for other objects in this thread; only after `loaded`."""
        assert self._backend is not None, "the engine asks nothing before `loaded`"
        return self._backend

    def wait_for(self, receipt: Receipt) -> None:
        """Limit how far training runs ahead of this receipt's receiver; called before the thread starts."""
        self._n_receipts += 1
        self.events_arrived.connect(receipt.give, Qt.ConnectionType.QueuedConnection)
        receipt.given.connect(self._on_taken, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def load(self) -> None:
        """Import the backend; `loaded` or `load_failed` follows."""
        try:
            self._backend = self._factory()
            device = self._backend.start_device(Niceness())
        except Exception as error:  # noqa: BLE001 - whatever an import raises, the window reports it
            _log.exception("The training side could not be loaded")
            self.load_failed.emit(
                _("TensorFlow could not be loaded: {error}").format(error=error), traceback.format_exc()
            )
            return
        # Not earlier: while libraries are imported, this thread holds the interpreter that the window needs.
        set_niceness(Niceness().training)
        self.loaded.emit(device)

    @Slot(object, bool, str)
    def start(self, request: TrainingRequest, paused: bool, replaced: str) -> None:
        """Start a training.

        Args:
            paused: wait at the first position for Resume or Step.
            replaced: id of the run whose training, if still under way, is stopped and its weights recorded;
                "" replaces none. Other trainings share turns with the new one.
        """
        for run_id in (replaced, request.run_id):
            self._take_limited_turn(run_id, 0)
        request = replace(request, on_stage=partial(self._on_stage, request.run_id))
        config = request.config
        loop = self.backend.train(request)
        training = _Training(request.run_id, loop, config.preset, config.training.batch_size)
        self._trainings[request.run_id] = training
        if self._advance(training, None) and not paused:
            self.resume(request.run_id)

    def cancel_start(self, run_id: str) -> None:
        """Give up a training that is starting, before its next stage; may be called in any thread.

        `stop` has to follow, since a training that has no further stage will have started by then.
        """
        self._cancelled.add(run_id)

    def _on_stage(self, run_id: str, stage: str) -> None:
        if run_id in self._cancelled:
            raise _StartCancelledError
        self.stage_began.emit(run_id, stage)

    @Slot(str)
    def pause(self, run_id: str) -> None:
        """Give a training no more turns until `resume` or `step`."""
        self._hold(run_id)
        self.paused.emit(run_id)

    @Slot(str)
    def resume(self, run_id: str) -> None:
        """Give a training turns again."""
        training = self._trainings.get(run_id)
        if training is not None:
            training.is_on, training.due = True, time.monotonic()
            self._wait_for_turn()

    @Slot(str)
    def step(self, run_id: str) -> None:
        """Train one batch, then pause."""
        self._take_limited_turn(run_id, 1)

    @Slot(str)
    def stop(self, run_id: str) -> None:
        """End a training and record its newest weights."""
        self._take_limited_turn(run_id, 0)
        self._cancelled.discard(run_id)

    @Slot(str, float)
    def set_learning_rate(self, run_id: str, rate: float) -> None:
        """Set a training's learning rate from the next turn on."""
        training = self._trainings.get(run_id)
        if training is not None:
            training.learning_rate = rate

    @Slot(object)
    def set_speed(self, speed: TrainingSpeed) -> None:
        """Change the speed of all trainings at once."""
        self._speed = speed
        for training in self._trainings.values():
            training.due = time.monotonic()
        self._wait_for_turn()

    @Slot()
    def finish(self) -> None:
        """Stop all trainings, record their weights, and leave the thread's event loop."""
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
        """Run one turn (the first takes no budget), and return whether the training continues after it."""
        began = self._clock()
        try:
            events = next(training.loop) if budget is None else training.loop.send(budget)
        except _StartCancelledError:
            self._close(training)
            return False
        except Exception as error:  # noqa: BLE001 - the thread survives; the user reads a message
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
        self._report(training.timed(events, self._clock() - began))
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
        message, details = message_and_details(error, _("Training stopped"))
        self._close(training)
        suggestion = None
        if isinstance(error, NonFiniteLossError):
            rate = learning_rate_to_try(training.learning_rate, training.preset)
            suggestion = Suggestion("learning_rate", rate)
            if training.retained is not None:
                kept = str(training.retained).capitalize()
                message += _(" {words} is kept.").format(
                    words=_("The untrained network") if training.retained == UNTRAINED else kept
                )
        self._report((TrainingFailed(training.run_id, message, details, training.retained, suggestion),))
