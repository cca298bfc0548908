"""What the program tells the user in words, wherever it comes from."""

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.health import HealthNote, Suggestion
from cadl_gui.engine.run import Run


class Remedy(NamedTuple):
    """What may help a training that failed: another value of one of its settings."""

    run: Run
    suggestion: Suggestion


class Notifications(QObject):
    """Everybody who has something to tell calls a method; the window listens to the signals.

    Signals:
        failed: (sentence, details, `Remedy` or None) something went wrong; the program stays usable.
        warned: (sentence, details) something is not as it should be, but goes on.
        health_noted: (`Run`, `HealthNote`) something is not well with a training.
        saved: (path) a file is whole on disk.
    """

    failed = Signal(str, str, object)
    warned = Signal(str, str)
    health_noted = Signal(object, object)
    saved = Signal(object)

    @Slot(str, str)
    def fail(self, message: str, details: str = "", remedy: Remedy | None = None) -> None:
        """Say that something went wrong.

        Args:
            message: what.
            details: for whoever asks, such as a traceback.
            remedy: what may help.
        """
        self.failed.emit(message, details, remedy)

    @Slot(str, str)
    def warn(self, message: str, details: str = "") -> None:
        """Say that something is not as it should be; details are for whoever asks."""
        self.warned.emit(message, details)

    def note(self, run: Run, note: HealthNote) -> None:
        """Say what is not well with a training."""
        self.health_noted.emit(run, note)

    @Slot(object)
    def report_saved(self, path: object) -> None:
        """Say that a file is whole on disk."""
        self.saved.emit(path)
