"""Bends are stored in one place; a bent run is not saved."""

import pytest
from any_run import rendered

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_status import TrainingState

CONFIGURATION = preset("lecture-autoencoder").config.replace(epochs=1)
MUTED = scaled((), Part("encoder_1", 3), 0.0)


@pytest.fixture
def run(qtbot, engine):
    engine.training.train(CONFIGURATION)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE and bool(engine.runs))
    return engine.runs[0]


def test_a_view_of_the_run_is_notified(qtbot, engine, run):
    seen = rendered(engine.view)
    for bends, n in ((MUTED, 1), ((), 2), ((), 2), (MUTED, 3)):
        engine.bending.bend(run.run_id, bends)
        assert len(seen) == n


def test_a_bent_run_is_saved_only_after_its_bends_are_reset(qtbot, engine, run, tmp_path):
    engine.bending.bend(run.run_id, MUTED)
    with qtbot.waitSignal(engine.notifications.failed) as failed:
        engine.runs.save(run, tmp_path / "bent.keras")
    assert "A lecture-autoencoder is modified" in failed.args[0]
    assert not list(tmp_path.glob("*.keras"))
    engine.bending.bend(run.run_id, ())
    with qtbot.waitSignal(engine.notifications.saved):
        engine.runs.save(run, tmp_path / "straight.keras")


def test_runs_are_bent_one_by_one(engine, run):
    engine.bending.bend(run.run_id, MUTED)
    assert engine.bending.of("another run") == ()
    assert engine.bending.of(run.run_id) == MUTED


@pytest.fixture
def another(qtbot, engine, run):
    """A second run, which is shown."""
    engine.training.train(CONFIGURATION)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE and len(engine.runs) == 2)
    return engine.runs[1]


def test_bends_of_a_run_that_is_not_shown_leave_the_view(qtbot, engine, run, another):
    seen = rendered(engine.view)
    with qtbot.waitSignal(engine.runs.changed) as changed:
        engine.bending.bend(run.run_id, MUTED)
    assert changed.args == [run]
    assert not seen
    engine.view.show_run(run)
    engine.bending.bend(run.run_id, ())
    assert len(seen) == 2


def test_each_run_is_refused_until_its_own_bends_are_reset_and_again_when_it_is_bent_again(
    engine, run, another, tmp_path
):
    said, resolved = [], []
    engine.notifications.failed.connect(lambda message, *_: said.append(message))
    engine.notifications.resolved.connect(resolved.append)
    for bent in (run, another):
        engine.bending.bend(bent.run_id, MUTED)
        engine.runs.save(bent, tmp_path / "bent.keras")
    first, second = said
    assert (first[:2], second[:2]) == ("A ", "B ")
    engine.bending.bend(run.run_id, ())
    assert resolved == [first]
    engine.bending.bend(run.run_id, MUTED)
    engine.bending.bend(run.run_id, ())  # nothing was refused since
    assert resolved == [first]
    engine.bending.bend(run.run_id, MUTED)
    engine.runs.save(run, tmp_path / "bent.keras")
    assert said == [first, second, first]
    for bent in (another, run):
        engine.bending.bend(bent.run_id, ())
    assert resolved == [first, second, first]


def test_restoring_all_networks_leaves_what_else_is_chosen_for_runs(engine, run, another):
    view, keys = engine.view, [engine.runs.key(each) for each in (run, another)]
    for key, place in zip(keys, (1.0, 2.0), strict=True):
        view.change(of_run=view.value.with_run(key, pins=((place, 0.0, 1),), z=(place, -place)))
    before = view.value.of_run
    engine.bending.bend(run.run_id, MUTED)
    bent = view.value.of_run
    for _ in range(2):
        engine.bending.reset()
        assert view.value.of_run == before
        view.undo()
        assert view.value.of_run == bent
