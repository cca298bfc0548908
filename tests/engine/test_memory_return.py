"""Memory of a run is returned to the system when the run is over, but not while another one trains."""

import pytest

from cadl_gui.domain.presets import preset
from cadl_gui.engine import memory_return
from cadl_gui.engine.training_controller import TrainingState

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=2)


@pytest.fixture
def given_back(monkeypatch):
    """Grows with each return of memory; `tests/system/test_free_memory.py` tests the C library itself."""
    times = []
    monkeypatch.setattr(memory_return, "give_back_free_memory", lambda: times.append("now"))
    return times


@pytest.fixture
def train(qtbot, engine):
    def train(**changed):
        engine.training.train(CONFIGURATION.replace(**changed))
        qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE)

    return train


@pytest.mark.parametrize("learning_rate", [0.01, 1e6], ids=["complete", "failed"])
def test_a_moment_after_a_training_has_ended(qtbot, train, given_back, learning_rate):
    train(learning_rate=learning_rate)
    assert not given_back
    qtbot.waitUntil(lambda: given_back == ["now"])


def test_not_while_one_goes_on(qtbot, engine, given_back):
    engine.training.train(CONFIGURATION.replace(epochs=10_000))
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    qtbot.wait(2500)
    assert engine.training.state is TrainingState.TRAINING
    assert not given_back


def test_a_moment_after_a_run_cannot_be_restored_any_more(qtbot, engine, train, given_back):
    """It can be restored until the next one is removed."""
    for seed in (1, 2):
        train(seed=seed)
    qtbot.waitUntil(lambda: given_back == ["now"])
    engine.runs.remove(engine.runs[-1])
    qtbot.wait(2500)
    assert given_back == ["now"]
    engine.runs.remove(engine.runs[-1])
    qtbot.waitUntil(lambda: given_back == ["now", "now"])
