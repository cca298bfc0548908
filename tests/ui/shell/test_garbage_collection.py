"""Garbage is collected in the window's thread, whichever thread created it."""

import threading
import weakref

import pytest
from PySide6.QtWidgets import QDialog

from cadl_gui.ui.shell.garbage_collection import GarbageCollection

pytestmark = pytest.mark.gui

N_DIALOGS = 20


@pytest.fixture
def littering_thread():
    """A thread that creates garbage, as the training does."""
    is_over = threading.Event()

    def litter():
        while not is_over.wait(1e-4):
            for _ in range(100):
                cycle = []
                cycle.append(cycle)

    thread = threading.Thread(target=litter)
    thread.start()
    yield thread
    is_over.set()
    thread.join()


def test_no_dialog_dies_in_another_thread(
    qtbot, qapp, automatic_collection, collecting_threads, littering_thread
):
    collection = GarbageCollection(qapp)
    collecting_threads.clear()  # until now, Python collected by itself
    deaths = []
    for _ in range(N_DIALOGS):
        dialog = QDialog()
        dialog.cycle = dialog
        weakref.finalize(dialog, lambda: deaths.append(threading.get_ident()))
        dialog.show()
        qtbot.waitExposed(dialog)
        dialog.close()
    del dialog
    qtbot.waitUntil(lambda: len(deaths) == N_DIALOGS, timeout=20_000)
    collection.deleteLater()
    assert set(deaths) == collecting_threads == {threading.get_ident()}
