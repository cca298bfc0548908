"""Collects garbage in the interface's thread only, between two events."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication

from cadl_gui.domain.events import Event, TrainingEnded, TrainingFailed, TrainingStarted
from cadl_gui.engine.engine import Engine
from cadl_gui.system.garbage import Collector
from cadl_gui.ui.controls.timer import Timer

_INTERVAL_MS = 50

_RELEASED_AFTER_MS = 1000
"""By then all threads have released what has ended; `engine.memory_return` comes after the collection."""


class GarbageCollection(QObject):
    """Replaces Python's automatic collection; see `system.garbage.Collector`.

    Everything is collected soon after a training has started, which discards the network that it was prepared
    with if an earlier one of its kind is reused, after one has ended, and after a run was removed for good:
    networks consist of reference cycles. While another program has the keyboard, what has lived long is
    collected, too.

    Args:
        engine: where trainings and runs begin and end.
        parent: deletes the object.
    """

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self._collector = Collector()
        Timer(self, self._collect, _INTERVAL_MS, repeats=True).start()
        self._release_timer = Timer(self, self._collector.make_full_due, _RELEASED_AFTER_MS)
        engine.runs.applied.connect(self._on_event)
        engine.runs.forgotten.connect(self._collect_all_soon)

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if isinstance(event, TrainingStarted | TrainingEnded | TrainingFailed):
            self._collect_all_soon()

    @Slot()
    def _collect_all_soon(self) -> None:
        self._release_timer.start()

    @Slot()
    def _collect(self) -> None:
        is_watched = QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
        self._collector.collect_due(is_watched=is_watched)
