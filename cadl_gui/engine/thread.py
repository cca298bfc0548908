"""A thread for objects whose slots call into TensorFlow."""

from PySide6.QtCore import QThread


class PythonThread(QThread):
    """A `QThread` with one Python thread state for the whole of its life.

    The event loop of a plain `QThread` runs in C++, and every slot that it calls makes a Python thread state
    of its own and destroys it again. pybind11, with which TensorFlow is bound, keeps the first one that it
    meets in a thread and uses it ever after, so that the second slot that reaches it crashes the process.
    Thread-local values, in which Keras keeps its scopes, would not survive from slot to slot either. Entering
    the event loop from Python keeps one state alive around all of it.
    """

    def run(self) -> None:
        """Run the event loop, from Python."""
        self.exec()
