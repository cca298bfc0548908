"""A training is given up at any stage of its start, and the next try starts."""

from queue import SimpleQueue

import pytest
from fakes import FakeInference, FakeTraining

from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_speed import TrainingSpeed
from cadl_gui.engine.training_status import TrainingState


class Staged(FakeTraining):
    """Starts in two stages; the second one comes when a test says so."""

    def __init__(self):
        super().__init__()
        self.words = SimpleQueue()

    def train(self, request):
        request.on_stage("Reading")
        self.words.get(timeout=60)
        request.on_stage("Compiling")
        yield from super().train(request)


@pytest.fixture
def backends():
    return Staged(), FakeInference()


def test_training_that_was_given_up_while_it_started_starts_at_the_next_try(
    qtbot, engine, backends, tmp_path
):
    training, _ = backends
    engine.training.set_speed(TrainingSpeed(1))
    engine.runs.open(tmp_path)
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
    (run,) = engine.runs
    for _ in range(2):
        engine.training.resume_run(run)
        assert (engine.training.state, engine.training.stage) == (TrainingState.STARTING, "")
        qtbot.waitUntil(lambda: engine.training.stage == "Reading")
        engine.training.cancel_start()
        assert (engine.training.state, engine.training.stage) == (TrainingState.IDLE, "")
        training.words.put("go on")
    engine.training.resume_run(run)
    qtbot.waitUntil(lambda: engine.training.stage == "Reading")
    training.words.put("go on")
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    assert len(training.requests) == 1, "no other one came as far"
    assert (engine.training.run, engine.training.stage) == (run, "")


def test_training_beside_one_that_is_given_up_goes_on(qtbot, engine, backends, tmp_path):
    training, _ = backends
    config = preset("lecture-autoencoder").config.replace(epochs=1000)
    engine.runs.open(tmp_path)
    qtbot.waitUntil(lambda: len(engine.runs) == 1)
    training.words.put("go on")
    engine.training.train(config)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.TRAINING)
    other, run = engine.runs
    engine.training.train(config, alongside=True)
    engine.view.show_run(other)  # then the verbs are about the one begun last
    qtbot.waitUntil(lambda: engine.training.stage == "Reading")
    engine.training.cancel_start()
    training.words.put("go on")
    before = run.newest
    qtbot.waitUntil(lambda: run.newest >= Position(before.epoch + 1, 1))
    assert tuple(engine.runs) == (other, run)
    assert engine.training.run is run
