"""Lives in the training thread and advances one training at a time, turn by turn."""

import logging
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cadl_gui.core.errors import CadlError, NonFiniteLossError
from cadl_gui.core.events import Event, SnapshotTaken, TrainingEnded, TrainingFailed, TrainingStarted
from cadl_gui.core.health import Suggestion
from cadl_gui.core.niceness import step_back
from cadl_gui.core.requests import OpenFile, RenameRun, SaveCheckpoint, TrainingRequest, Turn
from cadl_gui.engine.backends import TrainingBackend, TrainingFactory, TrainingLoop
from cadl_gui.engine.pace import FULL_SPEED, TURN_SECONDS, Pace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cadl_gui.core.position import Position

_log = logging.getLogger(__name__)

_NICENESS = 10
"""An answer takes milliseconds of what the training has, and then comes twice as soon
(tests/benchmarks/drawing_latency.py)."""

_FOLLOW_MS = 500
"""How often the folders of runs that other processes train are looked at."""


class TrainingWorker(QObject):
    """Drives the generator of the training backend with a timer that it owns.

    Pausing is stopping the timer: there is no lock, no flag and no sleep. Whatever happens in a turn reaches
    the receivers as one tuple of events.

    Signals:
        loaded: (device) the backend is imported and training can start.
        load_failed: (sentence, details) it could not be imported.
        happened: (tuple of events) what one turn, or one opened file, brought.
        paused: after `pause`; no turn is under way, and `happened` has told of the last one.
        saved: (path) a checkpoint is whole on disk.
        refused: (sentence, details) a file could not be saved.
        open_failed: (run_id, sentence, details) a file could not be opened.
        interrupted: (list of `InterruptedRun`) trainings that died, the newest first.
    """

    loaded = Signal(str)
    load_failed = Signal(str, str)
    happened = Signal(object)
    paused = Signal()
    saved = Signal(object)
    refused = Signal(str, str)
    open_failed = Signal(str, str, str)
    interrupted = Signal(object)

    def __init__(self, factory: TrainingFactory) -> None:
        super().__init__()
        self._factory = factory
        self._backend: TrainingBackend | None = None
        self._loop: TrainingLoop | None = None
        self._run_id = ""
        self._kept: Position | None = None
        self._learning_rate = 0.0
        self._pace = FULL_SPEED
        self._timer: QTimer | None = None
        self._followed: dict[str, Iterator[tuple[Event, ...]]] = {}
        self._follow_timer: QTimer | None = None

    @property
    def backend(self) -> TrainingBackend:
        """For others that live in this thread."""
        assert self._backend is not None, "the engine asks nothing before `loaded`"
        return self._backend

    @Slot()
    def load(self) -> None:
        """Import the backend. The timer is made here, so that it belongs to this thread."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn)
        self._follow_timer = QTimer(self)
        self._follow_timer.setInterval(_FOLLOW_MS)
        self._follow_timer.timeout.connect(self._follow)
        try:
            self._backend = self._factory()
            device = self._backend.start_device(_NICENESS)
        except Exception as error:  # noqa: BLE001 - whatever an import raises, the window has to tell it
            _log.exception("The training side could not be loaded")
            self.load_failed.emit(f"TensorFlow could not be loaded: {error}", traceback.format_exc())
            return
        # Not before: while libraries are imported, this thread holds the interpreter that the window needs.
        step_back(_NICENESS)
        self.loaded.emit(device)

    @Slot(object, bool)
    def start(self, request: TrainingRequest, paused: bool) -> None:
        """Begin a training; a paused one waits at its first position for Resume or Step."""
        self.stop()
        self._run_id, self._kept = request.run_id, None
        self._loop = self.backend.train(request)
        if self._advance(None) and not paused:
            self.resume()

    @Slot()
    def pause(self) -> None:
        """Take no more turns until `resume` or `step`."""
        self._hold()
        self.paused.emit()

    @Slot()
    def resume(self) -> None:
        """Take turns again."""
        if self._loop is not None and self._timer is not None:
            self._timer.start(0)

    @Slot()
    def step(self) -> None:
        """Take one batch, then pause."""
        self._hold()
        self._advance(Turn(seconds=0.0, max_steps=1, learning_rate=self._learning_rate))

    @Slot()
    def stop(self) -> None:
        """Keep the newest weights and end the training."""
        self._hold()
        self._advance(Turn(seconds=0.0, max_steps=0, learning_rate=self._learning_rate))

    @Slot(float)
    def set_learning_rate(self, rate: float) -> None:
        """Use another rate from the next turn on."""
        self._learning_rate = rate

    @Slot(object)
    def set_pace(self, pace: Pace) -> None:
        """Go faster or slower from now on."""
        self._pace = pace
        if self._timer is not None and self._timer.isActive():
            self._timer.start(0)

    @Slot(object)
    def open_file(self, request: OpenFile) -> None:
        """Read a checkpoint or a run folder."""
        try:
            opened = self.backend.open(request)
            self.happened.emit((opened,))
            if opened.writer:
                self._followed[request.run_id] = iter(self.backend.follow(request))
                self._follow_later()
        except Exception as error:  # noqa: BLE001 - the thread survives whatever a file does
            told = _told(error, f"{request.path.name} could not be opened")
            self.open_failed.emit(request.run_id, *told)

    @Slot(str)
    def forget(self, run_id: str) -> None:
        """Follow a run no longer."""
        self._followed.pop(run_id, None)
        self._follow_later()

    @Slot(object)
    def look_for_interrupted(self, folder: Path) -> None:
        """Find trainings that died."""
        assert self._backend is not None, "the engine looks for nothing before `loaded`"
        try:
            found = self._backend.interrupted(folder)
        except Exception:  # noqa: BLE001 - the thread survives whatever lies there
            _log.exception("“%s” could not be searched for interrupted runs", folder)
            return
        if found:
            self.interrupted.emit(found)

    @Slot(object)
    def save(self, request: SaveCheckpoint) -> None:
        """Write a checkpoint."""
        try:
            self.backend.save(request)
        except Exception as error:  # noqa: BLE001 - the thread survives whatever a disk does
            self._refuse(error, f"{request.path.name} could not be saved")
            return
        self.saved.emit(request.path)

    @Slot(object)
    def rename(self, request: RenameRun) -> None:
        """Write a run's new name."""
        assert self._backend is not None, "the engine knows no runs before `loaded`"
        try:
            self._backend.rename(request)
        except Exception as error:  # noqa: BLE001 - the thread survives whatever a disk does
            self._refuse(error, f"{request.name} could not be written as a name")

    @Slot()
    def finish(self) -> None:
        """Keep what there is and leave the thread's event loop."""
        self.stop()
        if self._timer is not None:
            self._timer.deleteLater()
            self._timer = None
        if self._follow_timer is not None:
            self._follow_timer.deleteLater()
            self._follow_timer = None
        self.thread().quit()

    @Slot()
    def _follow(self) -> None:
        """Tell what other processes have added to the runs that are followed."""
        for run_id, following in list(self._followed.items()):
            try:
                events = next(following, None)
            except Exception as error:  # noqa: BLE001 - the thread survives whatever others write
                _log.exception("A run can no longer be followed")
                reason = (
                    str(error) if isinstance(error, CadlError) else f"The run cannot be followed: {error}"
                )
                events = (TrainingFailed(run_id, reason, traceback.format_exc()),)
                del self._followed[run_id]
            if events is None:
                del self._followed[run_id]
            elif events:
                self.happened.emit(events)
        self._follow_later()

    def _follow_later(self) -> None:
        if self._follow_timer is None:
            return
        if not self._followed:
            self._follow_timer.stop()
        elif not self._follow_timer.isActive():
            self._follow_timer.start()

    @Slot()
    def _turn(self) -> None:
        began = time.monotonic()
        steps = self._pace.steps_per_turn
        if not self._advance(Turn(TURN_SECONDS, steps, self._learning_rate)):
            return
        elapsed_ms = round((time.monotonic() - began) * 1000)
        assert self._timer is not None, "turns are taken by the timer"
        self._timer.start(max(0, self._pace.interval_ms - elapsed_ms))

    def _advance(self, turn: Turn | None) -> bool:
        """Take one turn (the first is None); returns whether the training goes on after it."""
        if self._loop is None:
            return False
        try:
            events = next(self._loop) if turn is None else self._loop.send(turn)
        except Exception as error:  # noqa: BLE001 - the thread survives; the user reads a sentence
            self._fail(error)
            return False
        self._tell(events)
        if any(isinstance(event, TrainingEnded) for event in events):
            self._close()
            return False
        return True

    def _tell(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, SnapshotTaken) and event.recorded:
                self._kept = event.snapshot.position
            elif isinstance(event, TrainingStarted):
                self._learning_rate = event.learning_rate
                self._kept = event.recorded[-1] if event.recorded else None
        if events:
            self.happened.emit(events)

    def _hold(self) -> None:
        if self._timer is not None:
            self._timer.stop()

    def _close(self) -> None:
        self._hold()
        if self._loop is not None:
            self._loop.close()
            self._loop = None

    def _fail(self, error: Exception) -> None:
        details = traceback.format_exc()
        _log.error("Training failed\n%s", details)
        self._close()
        sentence = str(error) if isinstance(error, CadlError) else f"Training stopped: {error}"
        suggestion = None
        if isinstance(error, NonFiniteLossError):
            suggestion = Suggestion("learning_rate", self._learning_rate / 10)
            if self._kept is not None:
                sentence += f" {str(self._kept).capitalize()} is kept."
        failed = TrainingFailed(self._run_id, sentence, details, self._kept, suggestion)
        self.happened.emit((failed,))

    def _refuse(self, error: Exception, what: str) -> None:
        self.refused.emit(*_told(error, what))


def _told(error: Exception, what: str) -> tuple[str, str]:
    """Sentence and details of an error that is being handled, which are kept in the log."""
    details = traceback.format_exc()
    _log.error("%s\n%s", what, details)
    return str(error) if isinstance(error, CadlError) else f"{what}: {error}", details
