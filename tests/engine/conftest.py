"""An engine on fake backends."""

import pytest
from fakes import FakeInference, FakeTraining

from cadl_gui.engine.engine import Engine


@pytest.fixture
def backends():
    return FakeTraining(), FakeInference()


@pytest.fixture
def engine(qtbot, backends):
    """An engine that is ready to train; its threads end with the test."""
    training, inference = backends
    engine = Engine(lambda: training, lambda: inference, runs_folder=None)
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    yield engine
    assert engine.shut_down(60_000)
