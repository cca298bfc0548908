"""Lives in the training thread and gives memory back to the system."""

from PySide6.QtCore import QObject, QTimer, Slot

from cadl_gui.domain.events import Event, TrainingEnded, TrainingFailed
from cadl_gui.system.free_memory import give_back_free_memory

_AFTER_MS = 2000
"""By then all receivers have let go of what is over, and Python's collector has found what held itself."""


class MemoryReturn(QObject):
    """Gives free memory back a moment after a training has ended or a run was taken off.

    That takes some hundredths of a second, between two turns of the trainings that go on.
    """

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._timer.timeout.connect(self._give_back)

    @Slot(object)
    def take(self, events: tuple[Event, ...]) -> None:
        """Hear what a training tells."""
        if any(isinstance(event, TrainingEnded | TrainingFailed) for event in events):
            self._timer.start()

    @Slot()
    def forget(self) -> None:
        """Hear that a run was taken off for good."""
        self._timer.start()

    @Slot()
    def finish(self) -> None:
        """Give nothing back any more: the thread is about to end."""
        self._timer.stop()

    @Slot()
    def _give_back(self) -> None:
        give_back_free_memory()
