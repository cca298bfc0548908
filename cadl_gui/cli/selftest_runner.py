"""Runs the steps of a self-test inside the program's own event loop, each within its time."""

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
    """One thing that has to work.

    Attributes:
        name: what it does, for people.
        callback: does it, yielding conditions to wait for; whatever it raises is a failure.
        limit: seconds that it may take on a slow machine.
    """

    name: str
    callback: Callable[[UiDriver], Waiting]
    limit: float = 300.0


class StepRunner(QObject):
    """Runs steps one after the other, then closes the window; stops at the first that fails.

    Args:
        steps: in order.
        driver: that they use.
        report: called with the name of each step that worked and its seconds.
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
        """Once the program has left its event loop: tell that it did, or what went wrong.

        Raises:
            CadlError: with what went wrong.
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
        """Whether there are steps to run."""
        return self._timer.isActive()

    @property
    def _name(self) -> str:
        return "open the window" if self._step is None else self._step.name

    @Slot()
    def _look(self) -> None:
        try:
            self._advance()
        except Exception as error:  # noqa: BLE001 - whatever a step raises is what the test tells
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
        """End a step and begin the next; after the last, close the window."""
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
        """Hear of exceptions in slots, which Qt survives: the test must not."""
        _log.error("Uncaught in a slot", exc_info=(kind, error, traceback))
        self._driver.complaints.append(f"{kind.__name__}: {error}")
