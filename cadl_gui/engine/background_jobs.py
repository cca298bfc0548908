"""Jobs that take longer than a frame and need no network: exports, films, reading files."""

import time
from collections.abc import Callable, Generator
from threading import Event, Thread
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance, Slot

from cadl_gui.engine.failure import message_and_details
from cadl_gui.system.words import _

Work = Callable[[], Any]
"""Returns a value, or a generator that yields its progress and returns the value. It must not touch Qt's
widgets."""


_SECONDS_BETWEEN_CHANGES = 0.1

_busy: set["BackgroundJobs"] = set()
"""Keeps these objects alive after their window has closed, while their threads may still emit."""


class JobCancelledError(Exception):
    """The job was cancelled."""


class BackgroundJob(QObject):
    """One task for `BackgroundJobs`. The object lives, emits and is deleted in the window's thread.

    Args:
        work: see `Work`.
        failure: start of the message for an unexpected error.

    Signals:
        progressed: (object) progress, as yielded by the generator.
        finished: (object) the value that the work returned.
        failed: (message, details) the work raised an error.
        cancelled: the job was cancelled on request.
        over: (`BackgroundJob`) emitted last, however the job ended.
    """

    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(str, str)
    cancelled = Signal()
    over = Signal(object)

    # Emitted in the working thread.
    _stage_done = Signal(object)
    _ended = Signal()

    def __init__(self, work: Work, failure: str = _("This could not be done")) -> None:
        super().__init__()
        self._work = work
        self._failure = failure
        self._stages: Generator[Any, None, Any] | None = None
        self._is_cancelled = Event()
        self._is_dropped = False
        self._end: tuple[str, tuple[Any, ...]] = "cancelled", ()
        self._stage_done.connect(self.progressed, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def cancel(self) -> None:
        """Cancel the job before its next stage; `cancelled` follows unless the job has ended by then."""
        self._is_cancelled.set()

    def drop(self) -> None:
        """Cancel the job; however it ends, only `over` is emitted."""
        self._is_dropped = True
        self.cancel()

    def raise_if_cancelled(self) -> None:
        """Stop the work if it was cancelled; called in the working thread.

        Raises:
            JobCancelledError: if the job was cancelled.
        """
        if self._is_cancelled.is_set():
            raise JobCancelledError

    def advance(self) -> bool:
        """Run the next stage; called in the working thread.

        Returns:
            Whether there is more to do.
        """
        try:
            self.raise_if_cancelled()
            value = self._advanced()
        except JobCancelledError:
            self._end = "cancelled", ()
        except Exception as error:  # noqa: BLE001 - the program survives; the user reads a message
            self._end = "failed", message_and_details(error, self._failure)
        else:
            if self._stages is not None:
                self._stage_done.emit(value)
                return True
            self._end = "finished", (value,)
        self.close()
        self._ended.emit()
        return False

    def close(self) -> None:
        """Close the generator, so that it cleans up unfinished work; called in the working thread."""
        stages, self._stages = self._stages, None
        if stages is not None:
            stages.close()

    def _advanced(self) -> Any:
        """Return the progress after one stage, or the result when there are no more stages."""
        if self._stages is None:
            given = self._work()
            if not isinstance(given, Generator):
                return given
            self._stages = given
        try:
            return next(self._stages)
        except StopIteration as end:
            self._stages = None
            return end.value

    @Slot()
    def _on_ended(self) -> None:
        signal, values = self._end
        self._end, self._work = (
            ("", ()),
            _nothing,
        )  # release what they refer to
        if not self._is_dropped:
            getattr(self, signal).emit(*values)
        self.over.emit(self)


class TurnwiseWorker(QObject):
    """Runs jobs in the training thread, one stage at a time, between the turns of the trainings.

    Between stages, the thread returns to its event loop, so that training continues and cancelling works.
    """

    def __init__(self) -> None:
        super().__init__()
        self._jobs: list[BackgroundJob] = []
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._advance_next)

    @Slot(object)
    def begin(self, job: BackgroundJob) -> None:
        """Add a job."""
        self._jobs.append(job)
        self._timer.start(0)

    @Slot()
    def finish(self) -> None:
        """Close all jobs, since the thread is about to end."""
        self._timer.stop()
        while self._jobs:
            self._jobs.pop().close()

    @Slot()
    def _advance_next(self) -> None:
        job = self._jobs.pop(0)
        if job.advance():
            self._jobs.append(job)
        if self._jobs:
            self._timer.start(0)


class BackgroundJobs(QObject):
    """Starts jobs and keeps them alive while they run, even if their owners are deleted.

    Args:
        worker: runs the jobs that need the training thread.
    """

    _begin = Signal(object)

    def __init__(self, worker: TurnwiseWorker | None = None) -> None:
        super().__init__()
        self._threads: dict[BackgroundJob, Thread] = {}
        if worker is not None:
            self._begin.connect(worker.begin, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        job: BackgroundJob,
        finished: Callable[..., object] | None = None,
        failed: Callable[..., object] | SignalInstance | None = None,
    ) -> None:
        """Run a job in its own thread; it is deleted after `over`."""
        for signal, slot in ((job.finished, finished), (job.failed, failed)):
            if slot is not None:
                signal.connect(slot)
        self._keep(job)
        _busy.add(self)
        self._threads[job] = Thread(target=_do, args=(job,), name="background job")
        self._threads[job].start()

    def start_between_turns(self, job: BackgroundJob) -> None:
        """Run a job in the training thread, for work that needs TensorFlow; see `start`."""
        self._keep(job)
        self._begin.emit(job)

    def _keep(self, job: BackgroundJob) -> None:
        # A Qt parent, not a Python reference: the other thread might drop the last one and delete the job.
        job.setParent(self)
        job.over.connect(self._on_over)

    @Slot(object)
    def _on_over(self, job: BackgroundJob) -> None:
        thread = self._threads.pop(job, None)
        if thread is not None:
            thread.join()
        if not self._threads:
            _busy.discard(self)
        job.deleteLater()

    @property
    def is_idle(self) -> bool:
        """Whether each job is over and gone, also those in the training thread."""
        return not self.children()

    @property
    def is_busy(self) -> bool:
        """Whether the thread of any job is still running."""
        return any(thread.is_alive() for thread in self._threads.values())

    def join(self, seconds: float) -> bool:
        """Wait for running jobs, and return whether all of them ended."""
        deadline = time.monotonic() + seconds
        for thread in self._threads.values():
            thread.join(max(0.0, deadline - time.monotonic()))
        return not self.is_busy


class OneJob(QObject):
    """Runs one job at a time, and tells how far it is; while it is busy, another is refused or replaces it.

    Args:
        jobs: runs it.
        parent: parent object.

    Signals:
        changed: a job has begun, progressed or ended; not more often than ten times a second.
        progressed: (object) see `BackgroundJob`.
        finished: (object) the value that the work returned.
        failed: (message, details) nothing was done.
        cancelled: nothing was done, on request.
    """

    changed = Signal()
    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(str, str)
    cancelled = Signal()

    def __init__(self, jobs: BackgroundJobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: BackgroundJob | None = None
        self._progress: Any = None
        self._reported = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether a job is under way."""
        return self._job is not None

    def cancel(self) -> None:
        """Cancel the job, if one is under way."""
        if self._job is not None:
            self._job.cancel()

    def replace(self, job: BackgroundJob) -> None:
        """Run a job; nothing more is told of the one before."""
        self.drop()
        self._begin(job)

    def drop(self) -> None:
        """Cancel the job, if one is under way, and tell nothing more of it."""
        if self._job is not None:
            self._job.drop()
            self._end()

    def _begin(self, job: BackgroundJob, *, between_turns: bool = False) -> None:
        job.progressed.connect(self._on_progressed)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        self._job, self._progress = job, None
        (self._jobs.start_between_turns if between_turns else self._jobs.start)(job)
        self.changed.emit()

    def _end(self) -> None:
        self._job = None
        self.changed.emit()

    @Slot(object)
    def _on_progressed(self, progress: object) -> None:
        self._progress = progress
        self.progressed.emit(progress)
        # Small images would report it hundreds of times a second.
        if time.monotonic() - self._reported >= _SECONDS_BETWEEN_CHANGES:
            self._reported = time.monotonic()
            self.changed.emit()

    @Slot(object)
    def _on_finished(self, value: object) -> None:
        self._end()
        self.finished.emit(value)

    @Slot(str, str)
    def _on_failed(self, message: str, details: str) -> None:
        self._end()
        self.failed.emit(message, details)

    @Slot()
    def _on_cancelled(self) -> None:
        self._end()
        self.cancelled.emit()


def _nothing() -> None:
    """Replace the work of a job that has ended."""


def _do(job: BackgroundJob) -> None:
    while job.advance():
        pass
