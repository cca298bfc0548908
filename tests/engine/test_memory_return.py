"""Memory of a run is returned to the system when the run is over, but not while another one trains."""

import pytest
from idle import due, wait_until_idle

from cadl_gui.domain.events import TrainingEnded
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.memory_return import MemoryReturn
from cadl_gui.engine.training_status import TrainingState

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=2)


@pytest.fixture
def given_back():
    """Grows with each return of memory; `tests/system/test_free_memory.py` tests the C library itself."""
    return []


@pytest.fixture
def engine(qtbot, backends, given_back):
    """An engine that returns memory at once."""
    memory = MemoryReturn(0, lambda: given_back.append("now"))
    engine = Engine(*(lambda each=each: each for each in backends), runs_folder=None, memory=memory)
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    yield engine
    assert engine.shut_down(60_000)


@pytest.fixture
def train(qtbot, engine):
    def train(**changed):
        engine.training.train(CONFIGURATION.replace(**changed))
        qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)

    return train


def test_memory_is_returned_a_moment_after_a_training_and_not_at_once(qtbot, given_back):
    memory = MemoryReturn(20, lambda: given_back.append("now"))
    memory.take((TrainingEnded("run", Position(2), complete=True),))
    assert len(due(memory)) == 1
    assert not given_back
    qtbot.waitUntil(lambda: given_back == ["now"])
    assert not due(memory)


@pytest.mark.parametrize("learning_rate", [0.01, 1e6], ids=["complete", "failed"])
def test_memory_is_returned_once_when_a_training_has_ended(engine, train, given_back, learning_rate):
    train(learning_rate=learning_rate)
    wait_until_idle(engine)
    assert given_back == ["now"]


def test_memory_stays_while_a_training_goes_on_or_is_paused(qtbot, engine, given_back):
    engine.training.train(CONFIGURATION.replace(epochs=10_000))
    qtbot.waitUntil(lambda: bool(engine.runs) and engine.runs[0].history.n_steps > 100)
    engine.training.pause()
    wait_until_idle(engine)
    assert not given_back


def test_memory_is_returned_when_a_run_cannot_be_restored_any_more(engine, train, given_back):
    """It can be restored until the next one is removed."""
    for seed in (1, 2):
        train(seed=seed)
    wait_until_idle(engine)
    given_back.clear()
    engine.runs.remove(engine.runs[-1])
    wait_until_idle(engine)
    assert given_back == []
    engine.runs.remove(engine.runs[-1])
    wait_until_idle(engine)
    assert given_back == ["now"]
