"""Work that takes longer than a frame and asks no network: exports, films, files that are read."""

import time
from collections.abc import Callable, Generator
from threading import Event, Thread
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cadl_gui.engine.failure import message_and_details

Work = Callable[[], Any]
"""Gives a value, or a generator that yields how far it is and returns the value. It touches nothing that Qt
shows."""


_busy: set["BackgroundJobs"] = set()
"""A window that closes does not take along what a thread still tells."""


class JobCancelledError(Exception):
    """Nobody wants the work any more."""


class BackgroundJob(QObject):
    """One piece of work, for `BackgroundJobs`. It lives, tells and dies in the window's thread.

    Args:
        work: what to do.
        failure: begins the sentence that tells of an unexpected error.

    Signals:
        progressed: (object) how far it is, as its generator says.
        finished: (object) what it gave.
        failed: (sentence, details) it gave nothing.
        cancelled: it was given up, as was wished.
        over: (`BackgroundJob`) it has told how it ended.
    """

    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(str, str)
    cancelled = Signal()
    over = Signal(object)

    # From the thread that works.
    _stage_done = Signal(object)
    _ended = Signal()

    def __init__(self, work: Work, failure: str = "This could not be done") -> None:
        super().__init__()
        self._work = work
        self._failure = failure
        self._stages: Generator[Any, None, Any] | None = None
        self._is_cancelled = Event()
        self._end: tuple[str, tuple[Any, ...]] = "cancelled", ()
        self._stage_done.connect(self.progressed, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def cancel(self) -> None:
        """Give it up at the next place where it can be; `cancelled` follows, unless it was done before."""
        self._is_cancelled.set()

    def raise_if_cancelled(self) -> None:
        """End the work if it was cancelled; called in the thread that works.

        Raises:
            JobCancelledError: if so.
        """
        if self._is_cancelled.is_set():
            raise JobCancelledError

    def advance(self) -> bool:
        """Work up to the next place where it tells how far it is, in the thread that works.

        Returns:
            Whether there is more to do.
        """
        try:
            self.raise_if_cancelled()
            value = self._advanced()
        except JobCancelledError:
            self._end = "cancelled", ()
        except Exception as error:  # noqa: BLE001 - the program survives; the user reads a sentence
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
        """Leave what is half done, and nothing behind; called in the thread that works."""
        stages, self._stages = self._stages, None
        if stages is not None:
            stages.close()

    def _advanced(self) -> Any:
        """How far it is; or without stages any more, what it gave."""
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
        )  # let go of what they hold
        getattr(self, signal).emit(*values)
        self.over.emit(self)


class TurnwiseWorker(QObject):
    """Lives in the training thread and takes jobs from stage to stage, between the turns of the trainings.

    In between the thread is back in its event loop: a training goes on, a cancel is heard.
    """

    def __init__(self) -> None:
        super().__init__()
        self._jobs: list[BackgroundJob] = []
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._advance_next)

    @Slot(object)
    def begin(self, job: BackgroundJob) -> None:
        """Begin another."""
        self._jobs.append(job)
        self._timer.start(0)

    @Slot()
    def finish(self) -> None:
        """Leave them: the thread is about to end."""
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
    """Begins jobs, and keeps those that are under way, whatever becomes of those who wanted them.

    Args:
        worker: takes those that are to be done in the training thread.
    """

    _begin = Signal(object)

    def __init__(self, worker: TurnwiseWorker | None = None) -> None:
        super().__init__()
        self._threads: dict[BackgroundJob, Thread] = {}
        if worker is not None:
            self._begin.connect(worker.begin, Qt.ConnectionType.QueuedConnection)

    def start(self, job: BackgroundJob) -> None:
        """Begin a job in a thread of its own. Once it has told its end, it is gone."""
        self._keep(job)
        _busy.add(self)
        self._threads[job] = Thread(target=_do, args=(job,), name="background job")
        self._threads[job].start()

    def start_between_turns(self, job: BackgroundJob) -> None:
        """Begin a job in the training thread, for work that needs TensorFlow; see `start`."""
        self._keep(job)
        self._begin.emit(job)

    def _keep(self, job: BackgroundJob) -> None:
        # Qt's, not Python's: the other thread's reference may be the last to go, and would destroy it there.
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
    def is_busy(self) -> bool:
        """Whether a thread of a job is still running."""
        return any(thread.is_alive() for thread in self._threads.values())

    def join(self, seconds: float) -> bool:
        """Wait so long for the jobs that are under way; returns whether all of them ended."""
        deadline = time.monotonic() + seconds
        for thread in self._threads.values():
            thread.join(max(0.0, deadline - time.monotonic()))
        return not self.is_busy


def _nothing() -> None:
    """Done already."""


def _do(job: BackgroundJob) -> None:
    while job.advance():
        pass
