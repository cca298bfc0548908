"""Collects garbage in the interface's thread only, between two events."""

from PySide6.QtCore import QObject, QTimer, Slot

from cadl_gui.system.garbage import Collector

_INTERVAL_MS = 50


class GarbageCollection(QObject):
    """Replaces Python's automatic collection; see `system.garbage.Collector`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._collector = Collector()
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    @Slot()
    def _collect(self) -> None:
        self._collector.collect_due()
