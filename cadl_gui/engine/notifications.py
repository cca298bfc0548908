"""Messages for the user from all parts of the program."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.engine.run import Run


class Remedy(NamedTuple):
    """A change of one setting that may help after a training failed."""

    run: Run
    suggestion: Suggestion


class Notifications(QObject):
    """Collects messages through its methods and passes them to the window by signals.

    Signals:
        failed: (message, details, `Remedy` or None) something went wrong; the program stays usable.
        unanswered: (message) a page could not compute, open or save something, see
            `NotificationPresenter.report_page_failure`.
        warned: (message, details, words, callback) something needs attention but does not stop the work;
            words and callback of a button, see `warn`.
        informed: (message, words, callback) something was done; words and callback of a button.
        status_message: (message) what else an action does, or why it does nothing, for a few seconds.
        health_noted: (`Run`, `HealthNote`) a training has a problem.
        saved: (path, str) a file was saved completely, and what it holds; see `report_saved`.
        resolved: (message) what this message asked for is done; it need not be shown any longer.
    """

    failed = Signal(str, str, object)
    unanswered = Signal(str)
    warned = Signal(str, str, str, object)
    informed = Signal(str, str, object)
    status_message = Signal(str)
    health_noted = Signal(object, object)
    saved = Signal(object, str)
    resolved = Signal(str)

    @Slot(str, str)
    def fail(self, message: str, details: str = "", remedy: Remedy | None = None) -> None:
        """Report an error.

        Args:
            message: one sentence that says what happened.
            details: more on request, such as a traceback.
            remedy: a change that may help.
        """
        self.failed.emit(message, details, remedy)

    @Slot(str, str)
    def warn(
        self, message: str, details: str = "", words: str = "", callback: Callable[[], object] | None = None
    ) -> None:
        """Report something that needs attention.

        Args:
            details: more on request.
            words: text of a button that calls `callback`; "" for none.
        """
        self.warned.emit(message, details, words, callback)

    def inform(self, message: str, words: str = "", callback: Callable[[], object] | None = None) -> None:
        """Report what was done; see `warn`."""
        self.informed.emit(message, words, callback)

    def show_status(self, message: str) -> None:
        """Say something for a few seconds where it covers nothing."""
        self.status_message.emit(message)

    def note(self, run: Run, note: HealthNote) -> None:
        """Report a problem with a run's training."""
        self.health_noted.emit(run, note)

    def resolve(self, message: str) -> None:
        """Report that what a message asked for is done."""
        self.resolved.emit(message)

    def report_saved(self, path: object, what: str = "") -> None:
        """Report that a file was saved completely.

        Args:
            what: what it holds, such as “epoch 1 of B”; "" if its name says so.
        """
        self.saved.emit(path, what)
