"""A thread for objects whose slots call into TensorFlow."""

import os
import sys
import threading

from PySide6.QtCore import QObject, QThread


class PythonThread(QThread):
    """A `QThread` with one Python thread state for the whole of its life.

    The event loop of a plain `QThread` runs in C++, and every slot that it calls makes a Python thread state
    of its own and destroys it again. pybind11, with which TensorFlow is bound, keeps the first one that it
    meets in a thread and uses it ever after, so that the second slot that reaches it crashes the process.
    Thread-local values, in which Keras keeps its scopes, would not survive from slot to slot either. Entering
    the event loop from Python keeps one state alive around all of it.

    Args:
        niceness: how far the system puts this thread, and all that it starts, behind the interface; in the
            units of `nice`, 0 to 19. Only Linux has such a thing for a thread.
    """

    def __init__(self, niceness: int = 0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._niceness = niceness

    def run(self) -> None:
        """Run the event loop, from Python."""
        if self._niceness and sys.platform.startswith("linux"):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), self._niceness)
        self.exec()
