"""A tab shows the current run where it suits, else the last one that did."""

import pytest

from cadl_gui.core.position import Position
from cadl_gui.core.presets import preset
from cadl_gui.engine.engine import EngineState
from cadl_gui.ui.suited_run import SuitedRun

SOFTMAX, VAE = (preset(name).configuration.replace(epochs=2) for name in ("softmax", "vae"))


@pytest.fixture
def loaded(qtbot, engine):
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    return engine


@pytest.fixture
def suited(loaded):
    return SuitedRun(loaded, lambda configuration: configuration.is_variational)


def train(qtbot, engine, configuration):
    n = len(engine.runs) + 1
    engine.train(configuration)
    qtbot.waitUntil(lambda: engine.state is EngineState.IDLE and len(engine.runs) == n)
    return engine.runs[-1]


def test_nothing_suits_at_first(suited):
    assert suited.run is None
    assert suited.position is None


def test_a_run_that_does_not_suit_leaves_the_last_one_that_did(qtbot, loaded, suited):
    vae = train(qtbot, loaded, VAE)
    assert suited.is_current
    softmax = train(qtbot, loaded, SOFTMAX)
    assert loaded.view.run is softmax
    assert suited.run is vae
    assert not suited.is_current
    loaded.view.show(Position(1))
    assert suited.position is None


def test_the_timeline_moves_the_current_run_only(qtbot, loaded, suited):
    train(qtbot, loaded, VAE)
    with qtbot.waitSignal(suited.position_changed):
        loaded.view.show(Position(1))
    assert suited.position == Position(1)
    loaded.view.follow()
    assert suited.position is None


def test_a_removed_run_is_not_shown_any_more(qtbot, loaded, suited):
    first = train(qtbot, loaded, VAE)
    second = train(qtbot, loaded, VAE)
    loaded.remove(second)
    assert suited.run is first
    with qtbot.waitSignal(suited.run_changed):
        loaded.remove(first)
    assert suited.run is None
