"""Weights and activations change with run, position and image; late answers are dropped."""

import numpy as np
import pytest
from answerer import Answerer
from fakes import FakeTraining, description
from weighted_fakes import WeightedInference

from cadl_gui.domain.history import History
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import ComputeActivations, FetchSnapshot, ListOperations, Reconstruct
from cadl_gui.engine.run import Run
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.inspect.inspection import Inspection

SOFTMAX = preset("softmax").config.replace(epochs=2)


@pytest.fixture
def backends():
    return FakeTraining(), WeightedInference()


@pytest.fixture
def inspection(qtbot, engine):
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    engine.training.train(SOFTMAX)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.IDLE and bool(engine.runs))
    return Inspection(engine)


def image(value):
    return np.full((28, 28, 1), value, np.float32)


def test_an_image_is_followed(qtbot, inspection):
    inspection.set_image(image(0.5))
    heard = []
    inspection.activations_arrived.connect(heard.append)
    inspection.set_active(True)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[0][0][0, 4] == pytest.approx(2)


def test_the_answer_is_about_the_position_that_is_shown(qtbot, inspection, engine):
    inspection.set_active(True)
    with qtbot.waitSignal(inspection.weights_arrived, check_params_cb=lambda s: s.position == Position(1)):
        engine.view.show(Position(1))


@pytest.fixture
def asked(qapp):
    """An inspection of a run with epochs 0 and 1, whose requests wait until the test answers them."""
    engine = Answerer()
    recorded = [Position(0), Position(1)]
    run = Run("A", description("run", SOFTMAX), History(10), recorded, newest=Position(1))
    engine.view.show_run(run)
    inspection = Inspection(engine)
    inspection.set_active(True)
    return engine, inspection


def heard_by(signal):
    heard = []
    signal.connect(heard.append)
    return heard


def test_answers_about_earlier_positions_and_runs_are_dropped(asked):
    engine, inspection = asked
    heard = heard_by(inspection.weights_arrived)
    newest = engine.last(FetchSnapshot)
    engine.view.show(Position(0))
    engine.reply(newest, "late", Position(1))
    first = engine.last(FetchSnapshot)
    engine.view.show(Position(1))
    engine.reply(first, "late")
    engine.view.show_run(None)
    engine.reply(engine.last(FetchSnapshot), "of a run that is shown no more")
    assert not heard


def test_an_answer_about_an_earlier_image_is_dropped(asked):
    engine, inspection = asked
    heard = heard_by(inspection.activations_arrived)
    inspection.set_image(image(0.4))
    earlier = engine.last(ComputeActivations)
    inspection.set_image(image(0.5))
    engine.reply(earlier, "late", Position(1))
    assert not heard
    engine.reply(engine.last(ComputeActivations), "this one", Position(1))
    assert heard == ["this one"]


def test_what_cannot_be_fetched_or_computed_is_reported(asked):
    engine, inspection = asked
    failed, not_computed = heard_by(inspection.failed), heard_by(engine.notifications.unanswered)
    inspection.set_image(image(0.4))
    engine.reply(engine.last(FetchSnapshot), message="Not kept.")
    engine.reply(engine.last(ComputeActivations), message="Not a number.")
    assert (failed, not_computed) == (["Not kept."], ["Not a number."])


def test_newest_weights_that_are_those_gone_back_to_are_shown(asked):
    engine, inspection = asked
    heard = heard_by(inspection.weights_arrived)
    newest = engine.last(FetchSnapshot)
    engine.view.show(Position(1))
    engine.reply(newest, "asked for when they were the newest", Position(1))
    assert len(heard) == 1


def test_while_it_follows_somewhat_older_weights_are_better_than_none(asked):
    engine, inspection = asked
    heard = heard_by(inspection.weights_arrived)
    engine.reply(engine.last(FetchSnapshot), "older", Position(0, 7))
    assert heard == ["older"]


def test_while_hidden_no_weights_are_requested(asked):
    engine, inspection = asked
    engine.reply(engine.last(FetchSnapshot), "value", Position(1))
    inspection.set_active(False)
    engine.view.show(Position(0))
    assert len(engine.asked) == 1
    inspection.set_active(True)
    assert engine.last(FetchSnapshot).position == Position(0)


def test_reconstruction_and_graph_are_of_the_image_and_the_run_of_now(qapp):
    engine, recorded = Answerer(), [Position(0), Position(1)]
    config = preset("lecture-autoencoder").config
    first, other = (
        Run("A", description(name, config), History(10), recorded, newest=Position(1)) for name in "ab"
    )
    engine.view.show_run(first)
    inspection = Inspection(engine)
    inspection.set_active(True)
    made, listed = heard_by(inspection.reconstructed), []
    for value in (0.25, 0.5):
        inspection.set_image(image(1))
        earlier = engine.last(Reconstruct)
        inspection.set_image(image(value))
        engine.reply(earlier, image(1)[np.newaxis], Position(1))
        assert not made
        engine.reply(engine.last(Reconstruct), image(value)[np.newaxis], Position(1))
        assert [float(each.mean()) for each in made] == [value]
        inspection.set_image(image(0.75))
        engine.reply(engine.last(Reconstruct), message="Not a number.")
        assert made.pop() is None, "what was shown is of other weights"
        made.clear()
        inspection.list_operations(listed.append)
        engine.view.show_run(other)
        engine.reply(engine.last(ListOperations), ("of the first",))
        inspection.list_operations(listed.append)
        engine.reply(engine.last(ListOperations), ("of the other",))
        assert listed == [("of the other",)]
        listed.clear()
        engine.view.show_run(first)


def test_without_an_image_there_are_no_activations_and_with_another_one_there_are(asked):
    engine, inspection = asked
    spec = model_spec(SOFTMAX.model, (28, 28, 1), 10)
    inspection.set_network(spec)
    for _ in range(2):
        inspection.set_image(image(0.5))
        layers = tuple(np.ones((1, *layer.output_shape), np.float32) for layer in spec.layers)
        engine.reply(engine.last(ComputeActivations), layers, Position(1))
        assert [*inspection.network.maps] == [layer.name for layer in spec.layers]
        inspection.set_image(None)
        assert not inspection.network.maps
