"""A thread keeps one Python thread state from slot to slot, which pybind11 and Keras rely on."""

import threading

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.engine.thread import PythonThread


class Receiver(QObject):
    heard = Signal(bool)

    def __init__(self):
        super().__init__()
        self.local = threading.local()

    @Slot()
    def hear(self):
        self.heard.emit(hasattr(self.local, "value"))
        self.local.value = 1


class Sender(QObject):
    said = Signal()


def test_thread_local_values_survive_from_slot_to_slot(qtbot):
    thread, receiver, sender, heard = PythonThread(), Receiver(), Sender(), []
    receiver.moveToThread(thread)
    sender.said.connect(receiver.hear, Qt.ConnectionType.QueuedConnection)
    receiver.heard.connect(heard.append)
    thread.start()
    sender.said.emit()
    sender.said.emit()
    qtbot.waitUntil(lambda: len(heard) == 2)
    thread.quit()
    assert thread.wait(5000)
    assert heard == [False, True]
