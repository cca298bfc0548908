"""A thread for objects whose slots call into TensorFlow."""

from PySide6.QtCore import QThread


class PythonThread(QThread):
    """A `QThread` that keeps one Python thread state for its whole life.

    The event loop of a plain `QThread` runs in C++, and each slot that it calls creates a Python thread state
    and destroys it again. pybind11, which binds TensorFlow, caches the first thread state that it sees in a
    thread, so the second slot that reaches it crashes the process. Thread-local values, in which Keras keeps
    its scopes, would not survive from slot to slot either. Entering the event loop from Python keeps one
    state alive throughout.
    """

    def run(self) -> None:
        """Run the event loop, from Python."""
        self.exec()
