"""Runs the steps of a self-test in the program's own event loop, each with a time limit."""

import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from cadl_gui.cli.selftest_driver import UiDriver, Waiting
from cadl_gui.domain.errors import CadlError

_log = logging.getLogger(__name__)

_LOOKS_EVERY_MS = 10


@dataclass(frozen=True)
class Step:
    """A step of the self-test.

    Attributes:
        name: description for people.
        callback: runs the step, yielding conditions to wait for; any exception is a failure.
        limit: time limit in seconds, sufficient for a slow machine.
    """

    name: str
    callback: Callable[[UiDriver], Waiting]
    limit: float = 300.0


class StepRunner(QObject):
    """Runs steps one after the other, then closes the window; stops at the first failure.

    Args:
        steps: the steps, in order.
        driver: driver passed to the steps.
        report: called with the name of each successful step and its duration in seconds.
    """

    def __init__(self, steps: Sequence[Step], driver: UiDriver, report: Callable[[str, float], None]) -> None:
        super().__init__()
        self._steps = iter(steps)
        self._driver = driver
        self._report = report
        self._failure = ""
        self._is_done = False
        self._began = time.monotonic()
        self._step: Step | None = None
        self._waits: Iterator[Callable[[], object]] = iter(())
        self._condition: Callable[[], object] = lambda: True
        self._previous_hook = sys.excepthook
        sys.excepthook = self._on_uncaught
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOKS_EVERY_MS)

    def conclude(self) -> None:
        """Report the result after the program has left its event loop.

        Raises:
            CadlError: if a step failed, the window closed too early, or TensorFlow's threads did not end.
        """
        sys.excepthook = self._previous_hook
        if self._failure:
            raise CadlError(self._failure)
        if not self._is_done:
            raise CadlError(f"The window closed during “{self._name}”.")
        if self._driver.engine.is_running:
            raise CadlError("The window closed, but TensorFlow’s threads did not end.")
        self._report("quit", time.monotonic() - self._began)

    @property
    def is_active(self) -> bool:
        """Whether steps are still running."""
        return self._timer.isActive()

    @property
    def _name(self) -> str:
        return "open the window" if self._step is None else self._step.name

    @Slot()
    def _look(self) -> None:
        try:
            self._advance()
        except Exception as error:  # noqa: BLE001 - the test reports anything that a step raises
            _log.exception("The self-test failed")
            self._fail(str(error) or type(error).__name__)

    def _advance(self) -> None:
        complaint = next(iter(self._driver.complaints), self._driver.error_shown())
        if complaint:
            self._fail(complaint)
            return
        if self._step is not None and time.monotonic() - self._began > self._step.limit:
            self._fail(f"it was not done after {self._step.limit:.0f} s")
            return
        if self._condition():
            self._condition = next(self._waits, self._next_step)

    def _next_step(self) -> bool:
        """End the current step and begin the next; after the last, close the window."""
        now = time.monotonic()
        if self._step is not None:
            self._report(self._step.name, now - self._began)
        self._step, self._began = next(self._steps, None), now
        if self._step is None:
            self._is_done = True
            self._timer.stop()
            self._driver.window.close()
            return False
        self._waits = self._step.callback(self._driver)
        return True

    def _fail(self, message: str) -> None:
        self._timer.stop()
        self._failure = f"“{self._name}” failed: {message.rstrip('.')}."
        QApplication.quit()

    def _on_uncaught(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        """Record exceptions in slots as failures: Qt continues after them, but the test must not."""
        _log.error("Uncaught in a slot", exc_info=(kind, error, traceback))
        self._driver.complaints.append(f"{kind.__name__}: {error}")
