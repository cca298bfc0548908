"""Requests about open runs use the right weights and network, or fail with a message."""

import dataclasses

import numpy as np
import pytest
from described import described

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Encode, FetchSnapshot, Reconstruct, Request
from cadl_gui.domain.snapshot import Snapshot, freeze
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.models import build
from cadl_gui.runs.snapshots import write_snapshot

pytestmark = pytest.mark.tf

CONFIGURATION = RunConfig.of(preset="test", layers=(6, 3), initial_stddev=0.4)
SHAPE = (4, 5, 1)
IMAGES = np.random.default_rng(4).random((3, *SHAPE), np.float32)


def description(run_id, config=CONFIGURATION, source=None):
    return described(run_id, config, SHAPE, source=source)


def trained(seed, position, config=CONFIGURATION):
    """A snapshot in place of a training, and its network's reconstructions."""
    model = build(config.replace(seed=seed), SHAPE, 0)
    weights = model.weights_by_path
    return Snapshot(position, weights), model(IMAGES).numpy()


def ask(answers, run_id, position=None):
    return answers.respond(Reconstruct(run_id, position, IMAGES))


def test_the_newest_weights_answer_unless_a_position_is_named():
    answers = InferenceService()
    answers.register(description("run"))
    recorded, first = trained(1, Position(0))
    live, second = trained(2, Position(0, 7))
    answers.update("run", recorded, True)
    answers.update("run", live, False)
    for position, expected_position, expected in (
        (None, Position(0, 7), second),
        (Position(0), Position(0), first),
        (Position(0, 7), Position(0, 7), second),
    ):
        answered, value = ask(answers, "run", position)
        assert answered == expected_position
        np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-6)


def test_runs_of_different_architectures_are_reported_apart():
    wide = CONFIGURATION.replace(layers=(9, 2))
    answers = InferenceService()
    expected = {}
    for seed, (run_id, config) in enumerate([("a", CONFIGURATION), ("b", wide), ("c", CONFIGURATION)]):
        answers.register(description(run_id, config.replace(seed=seed)))
        snapshot, expected[run_id] = trained(seed, Position(0), config)
        answers.update(run_id, snapshot, True)
    for run_id, value in expected.items():
        np.testing.assert_allclose(ask(answers, run_id)[1], value, rtol=1e-5, atol=1e-6)


def test_a_forgotten_run_leaves_the_network_to_those_that_share_it():
    answers = InferenceService()
    for run_id in ("a", "b"):
        answers.register(description(run_id))
        answers.update(run_id, trained(1, Position(0))[0], True)
    answers.unregister("a")
    assert ask(answers, "b")[0] == Position(0)
    with pytest.raises(CadlError, match="not open"):
        ask(answers, "a")
    answers.unregister("a")


def test_weights_that_were_dropped_come_back_from_the_run_folder(tmp_path):
    """With room for one snapshot, all epochs of a run on disk can still be requested."""
    (tmp_path / "snapshots").mkdir()
    answers = InferenceService(cache_bytes=1)
    answers.register(description("run", source=tmp_path))
    expected = []
    for epoch in range(4):
        snapshot, value = trained(epoch, Position(epoch))
        write_snapshot(tmp_path, snapshot)
        answers.update("run", snapshot, True)
        expected.append(value)
    for epoch, value in enumerate(expected):
        np.testing.assert_allclose(ask(answers, "run", Position(epoch))[1], value, rtol=1e-5, atol=1e-6)


def test_unknown_positions_give_a_message():
    answers = InferenceService()
    answers.register(description("run"))
    with pytest.raises(CadlError, match="no weights yet"):
        ask(answers, "run")
    answers.update("run", trained(1, Position(0))[0], True)
    with pytest.raises(CadlError, match="epoch 3"):
        ask(answers, "run", Position(3))


@pytest.mark.parametrize(("layer", "is_true"), [("encoder_1", False), ("decoder_1", True)])
def test_probes_come_with_a_bent_run_only_where_the_bend_leaves_them_true(layer, is_true):
    """Latents and confusion were recorded with the trained network."""
    answers, artifacts = InferenceService(), EvaluationArtifacts(np.zeros((2, 3), np.float16))
    answers.register(description("run"))
    snapshot = dataclasses.replace(trained(1, Position(0))[0], artifacts=artifacts)
    answers.update("run", snapshot, True)
    assert answers.respond(FetchSnapshot("run", None))[1].artifacts is artifacts
    bent = FetchSnapshot("run", None, bends=scaled((), Part(layer, 1), 0.0))
    assert answers.respond(bent)[1].artifacts is (artifacts if is_true else None)


def test_a_request_of_an_unknown_class_is_a_programming_error():
    @dataclasses.dataclass(frozen=True)
    class Unknown(Request):
        pass

    answers = InferenceService()
    answers.register(description("run"))
    answers.update("run", trained(1, Position(0))[0], True)
    with pytest.raises(TypeError, match="Unknown"):
        answers.respond(Unknown("train", "run", None))


def test_answers_are_read_only():
    answers = InferenceService()
    answers.register(description("run"))
    answers.update("run", trained(1, Position(0))[0], True)
    assert not ask(answers, "run")[1].flags.writeable


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_answer_that_is_no_number_is_a_message(value):
    answers = InferenceService()
    answers.register(description("run"))
    own = trained(1, Position(0))[0].weights
    broken = freeze({path: np.full_like(array, value) for path, array in own.items()})
    answers.update("run", Snapshot(Position(0), broken), True)
    with pytest.raises(CadlError, match="NaN or infinity"):
        ask(answers, "run")
    encode = Encode("run", None, IMAGES)
    with pytest.raises(CadlError, match="NaN or infinity"):
        answers.respond(encode)
