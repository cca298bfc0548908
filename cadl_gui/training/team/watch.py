"""Notices that another worker has ended, and ends what waits for it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import tensorflow as tf
from tensorflow.python.eager import context

from cadl_gui.domain.errors import WorkerLostError

_ABORTED_SECONDS = 20.0
"""How long TensorFlow may take to end what waits for a worker that has ended."""

_REASON_SECONDS = 40.0
"""How long to wait for the reason of an exchange that failed: as long as a silent machine is waited for."""


_FAILED_EXCHANGE = (
    tf.errors.UnavailableError,
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
    tf.errors.FailedPreconditionError,
    tf.errors.InternalError,
    tf.errors.UnknownError,
)
"""What TensorFlow raises if workers do not reach each other; a lack of memory, for one, is something else."""


class Watch:
    """What one worker knows of the others: whether all are still there.

    Args:
        on_stuck: called with a sentence, in another thread, if this process still waits for a worker long
            after that one has ended; expected to end the process.
    """

    def __init__(self, on_stuck: Callable[[str], None]) -> None:
        self._on_stuck = on_stuck
        self._lock = threading.Lock()
        self._lost = threading.Event()
        self._reason = ""
        self._waits = threading.Event()
        self._aborts = False

    def enable_aborting(self) -> None:
        """Let exchanges be ended from now on: TensorFlow knows the other workers."""
        self._aborts = True

    def lose(self, reason: str) -> None:
        """Note that another worker has ended, and end what waits for it. Only the first reason counts.

        Args:
            reason: a sentence for the user.
        """
        with self._lock:
            if self._lost.is_set():
                return
            self._reason = reason
            self._lost.set()
        if self._aborts:
            context.context().abort_collective_ops(tf.errors.UNAVAILABLE, reason)
        timer = threading.Timer(_ABORTED_SECONDS, self._require_end)
        timer.daemon = True
        timer.start()

    def check(self) -> None:
        """Check that all workers are there.

        Raises:
            WorkerLostError: if one has ended.
        """
        if self._lost.is_set():
            raise WorkerLostError(self._reason)

    @contextmanager
    def guarding(self) -> Iterator[None]:
        """See `Team.guarding`."""
        self.check()
        self._waits.set()
        try:
            yield
        except _FAILED_EXCHANGE as error:
            # TensorFlow often notices first, but does not know in words what happened.
            if not self._lost.wait(_REASON_SECONDS):
                raise WorkerLostError(
                    f"The workers can no longer reach each other: {_brief(error)}"
                ) from error
            raise WorkerLostError(self._reason) from error
        finally:
            self._waits.clear()

    def _require_end(self) -> None:
        if self._waits.is_set():
            self._on_stuck(self._reason)


def _brief(error: Exception) -> str:
    """The last line of TensorFlow's message, which says what failed; those before it say where."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
