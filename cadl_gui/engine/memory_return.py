"""Returns free memory to the system, in the training thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

from cadl_gui.domain.events import Event, TrainingEnded, TrainingFailed
from cadl_gui.system.free_memory import give_back_free_memory

_AFTER_MS = 2000
"""By then all receivers have released what has ended, and Python's collector has found reference cycles."""


class MemoryReturn(QObject):
    """Returns free memory to the system shortly after a training has ended or a run was removed for good.

    This takes some hundredths of a second, between two turns of other trainings.

    Args:
        after_ms: how long after it, in milliseconds.
        give_back: returns the memory.
    """

    def __init__(
        self, after_ms: int = _AFTER_MS, give_back: Callable[[], object] = give_back_free_memory
    ) -> None:
        super().__init__()
        self._do = give_back
        self._timer = QTimer(self, singleShot=True, interval=after_ms)
        self._timer.timeout.connect(self._give_back)

    @Slot(object)
    def take(self, events: tuple[Event, ...]) -> None:
        """Schedule the return if a training has ended."""
        if any(isinstance(event, TrainingEnded | TrainingFailed) for event in events):
            self._timer.start()

    @Slot()
    def forget(self) -> None:
        """Schedule the return after a run was removed for good."""
        self._timer.start()

    @Slot()
    def finish(self) -> None:
        """Cancel the return: the thread is about to end."""
        self._timer.stop()

    @Slot()
    def _give_back(self) -> None:
        self._do()
