"""Threads keep one Python thread state, which pybind11 and Keras need, and can lower their priority."""

import os
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QObject, Qt, Signal, Slot

from cadl_gui.engine.thread import PythonThread
from cadl_gui.system.niceness import set_niceness


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
    assert thread.wait(60_000)
    assert heard == [False, True]


class Niceness(QObject):
    reported = Signal(int)

    @Slot()
    def tell(self):
        set_niceness(19)
        self.reported.emit(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has it for a thread")
def test_a_thread_can_step_back_behind_the_interface(qtbot):
    thread, receiver, sender, heard = PythonThread(), Niceness(), Sender(), []
    before = os.getpriority(os.PRIO_PROCESS, 0)
    receiver.moveToThread(thread)
    sender.said.connect(receiver.tell, Qt.ConnectionType.QueuedConnection)
    receiver.reported.connect(heard.append)
    thread.start()
    sender.said.emit()
    qtbot.waitUntil(lambda: len(heard) == 1)
    thread.quit()
    assert thread.wait(60_000)
    assert heard == [19]
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has it for a thread")
def test_a_program_that_was_started_behind_others_stays_there():
    """Root may raise the priority again, so the test has to check that it does not."""
    program = (
        "import os; from cadl_gui.system.niceness import set_niceness\n"
        "os.nice(19); set_niceness(7); print(os.getpriority(os.PRIO_PROCESS, 0))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "19\n"
