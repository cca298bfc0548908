"""Garbage is collected in the window's thread, whichever thread created it."""

import gc
import threading
import weakref

import pytest
from PySide6.QtWidgets import QDialog

from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.window.garbage_collection import GarbageCollection

pytestmark = pytest.mark.gui

N_DIALOGS = 20


class Network:
    """A few objects that refer to each other, as Keras's networks do."""

    def __init__(self):
        self.itself = self


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
    qtbot, qapp, engine, automatic_collection, collecting_threads, littering_thread
):
    collection = GarbageCollection(engine, qapp)
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


@pytest.fixture
def loaded(qtbot, engine):
    """The engine, ready to train."""
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    return engine


@pytest.fixture
def collecting(qapp, loaded, automatic_collection):
    # What earlier tests left would make the first collection long, and the next one wait for a minute.
    gc.collect()
    gc.freeze()
    collection = GarbageCollection(loaded, qapp)
    yield
    collection.deleteLater()


def unused_network():
    """One that is no longer used, and that no collection but a full one finds; returns whether it is gone."""
    network = Network()
    gc.collect()
    network = weakref.ref(network)
    return lambda: network() is None


def train(qtbot, engine, **changed):
    n = len(engine.runs)
    engine.training.train(preset("vae").config.replace(epochs=1, **changed))
    qtbot.waitUntil(lambda: len(engine.runs) > n and engine.training.state is TrainingState.IDLE)


def test_a_network_is_gone_soon_after_a_training(qtbot, loaded, collecting):
    is_gone = unused_network()
    train(qtbot, loaded)
    qtbot.waitUntil(is_gone)


def test_a_network_is_gone_soon_after_its_run_was_removed_for_good(qtbot, loaded, collecting):
    """It can be restored until the next is removed."""
    for seed in (1, 2):
        train(qtbot, loaded, seed=seed)
    is_collected = unused_network()
    qtbot.waitUntil(is_collected)
    is_gone = unused_network()
    for run in tuple(loaded.runs):
        loaded.runs.remove(run)
    qtbot.waitUntil(is_gone)
