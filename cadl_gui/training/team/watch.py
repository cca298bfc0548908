"""Notices that another worker has ended, and ends what waits for it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import tensorflow as tf
from tensorflow.python.eager import context

from cadl_gui.domain.errors import WorkerLostError
from cadl_gui.system.json_connection import ConnectionEndedError, JsonConnection, SilenceError

_ABORTED_SECONDS = 20.0
"""How long TensorFlow may take to end what waits for a worker that has ended."""

_REASON_SECONDS = 70.0
"""How long to wait for the reason of an exchange that failed: longer than a silent worker is waited for."""


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

_BEAT_SECONDS, _SILENT_SECONDS = 5.0, 60.0
"""Each worker shows every few seconds that it is there, also while it computes. One that is frozen, or whose
machine is, does not, and is not waited for."""


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
        self._is_closed = False

    def enable_aborting(self) -> None:
        """Let exchanges be ended from now on: TensorFlow knows the other workers."""
        self._aborts = True

    def close(self) -> None:
        """Watch no longer: the training is over, and the workers end one after the other."""
        with self._lock:
            self._is_closed = True

    def lose(self, reason: str) -> None:
        """Note that another worker has ended, and end what waits for it. Only the first reason counts."""
        with self._lock:
            if self._lost.is_set() or self._is_closed:
                return
            self._reason = reason
            self._lost.set()
        if self._aborts:
            # TensorFlow documents no other way to end an exchange; its strategy’s own check uses this one.
            context.context().abort_collective_ops(tf.errors.UNAVAILABLE, reason)
        timer = threading.Timer(_ABORTED_SECONDS, self._require_end)
        timer.daemon = True
        timer.start()

    def listen(
        self, connection: JsonConnection, name: str, on_message: Callable[[dict[str, Any]], bool]
    ) -> None:
        """Listen to another worker in a thread of its own, and show it regularly that this one is there.

        Args:
            name: name of the worker, at the beginning of a sentence.
            on_message: called with each message of the worker, in that thread; returns whether it is not the
                last one.
        """
        threading.Thread(target=self._listen, args=(connection, name, on_message), daemon=True).start()
        threading.Thread(target=_beat, args=(connection,), daemon=True).start()

    def _listen(
        self, connection: JsonConnection, name: str, on_message: Callable[[dict[str, Any]], bool]
    ) -> None:
        try:
            while on_message(connection.receive(_SILENT_SECONDS)):
                pass
        except SilenceError:
            self.lose(f"{name} has not answered for {_SILENT_SECONDS:g} s.")
        except ConnectionEndedError:
            self.lose(f"{name} has ended.")

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


def _beat(connection: JsonConnection) -> None:
    """Show the other side that this process is there, until one of them ends."""
    with suppress(ConnectionEndedError):
        while True:
            connection.send({})
            time.sleep(_BEAT_SECONDS)


def _brief(error: Exception) -> str:
    """The last line of TensorFlow's message, which says what failed; those before it say where."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
