"""A frozen graph as a run, from the file to the answer, with the real backends."""

import numpy as np
import pytest
from checkpoints import FAMILIES, SHAPE, trained
from hostile_graphs import SIDE, lecture_graph

from cadl_gui.domain.errors import CadlError, CheckpointError
from cadl_gui.domain.exports import CLASSIFY
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import (
    Classify,
    Encode,
    FetchSnapshot,
    FindEvidence,
    ListOperations,
    Reconstruct,
)
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.interop.export.frozen_graph import frozen_graph
from cadl_gui.models import BoundFunction
from cadl_gui.saved.backend import Training
from cadl_gui.saved.opened import open_path
from cadl_gui.system.resources import shipped_run

pytestmark = pytest.mark.tf

IMAGES = np.random.default_rng(1).random((3, *SHAPE), np.float32)


@pytest.fixture
def opened(tmp_path):
    """Opens a graph as the window does; returns the event and an inference service."""

    def opened(definition):
        path = tmp_path / "theirs.pb"
        path.write_bytes(definition.SerializeToString())
        event = Training().open(OpenFile("g", path))
        answers = InferenceService()
        answers.register(event.description)
        answers.update("g", event.snapshot, True)
        return event, answers

    return opened


def of_family(family, number=0):
    network = trained(FAMILIES[family])
    return BoundFunction(network.config.kind.functions[number], network)


@pytest.mark.parametrize(("family", "kind"), [("classifier", Classify), ("variational", Reconstruct)])
def test_opened_graph_answers_as_its_network_did(opened, family, kind):
    bound = of_family(family)
    event, answers = opened(frozen_graph(bound))
    assert event.description.name == "theirs"
    assert event.description.config.model.is_classifier == (family == "classifier")
    assert event.recorded == (Position(1),)
    position, answer = answers.respond(kind("g", None, IMAGES))
    assert position == Position(1)
    np.testing.assert_allclose(answer, bound.answers(IMAGES), rtol=1e-4, atol=1e-5)


def test_graphs_of_the_lecture_s_kind_are_runs_too(opened):
    event, answers = opened(lecture_graph())
    assert event.description.image_shape == (SIDE, SIDE, 1)
    assert event.description.n_classes == 10
    assert event.description.examples is None
    images = np.zeros((2, SIDE, SIDE, 1), np.float32)
    assert answers.respond(Classify("g", None, images))[1].shape == (2, 10)


def test_a_classifier_of_digits_is_judged_on_test_images(opened):
    network = open_path(shipped_run("softmax")).network()
    event, _ = opened(frozen_graph(BoundFunction(CLASSIFY, network)))
    artifacts = event.snapshot.artifacts
    assert artifacts.confusion.sum() == 500
    assert np.trace(artifacts.confusion) > 420
    assert len(artifacts.mistakes.labels) == 25
    assert event.description.examples.shape == (100, 28, 28, 1)


def test_what_it_cannot_do_is_reported(opened):
    _, answers = opened(frozen_graph(of_family("classifier")))
    for request in (Encode("g", None, IMAGES), FindEvidence("g", None, IMAGES[0])):
        with pytest.raises(CadlError, match="is a frozen graph: it can only classify"):
            answers.respond(request)


def test_operations_of_an_opened_graph_are_listed_and_it_has_no_weights(opened):
    _, answers = opened(lecture_graph())
    _, operations = answers.respond(ListOperations("g", None))
    assert [operation.kind for operation in operations][-1] == "Softmax"
    assert answers.respond(FetchSnapshot("g", None))[1].weights == {}
    answers.unregister("g")
    with pytest.raises(CadlError, match="not open"):
        answers.respond(FetchSnapshot("g", None))


def test_an_encoder_alone_is_for_the_command_line(opened):
    with pytest.raises(CheckpointError, match="can only encode: `cadl encode` asks it"):
        opened(frozen_graph(of_family("dense", 1)))


@pytest.mark.parametrize("name", ["mine", "mine/saved_model.pb", "mine.onnx"])
def test_what_only_other_programs_load_is_reported_as_such_and_never_read(tmp_path, name):
    (tmp_path / "mine").mkdir()
    for path in (tmp_path / "mine" / "saved_model.pb", tmp_path / "mine.onnx"):
        path.write_bytes(b"\x08\x01")
    with pytest.raises(
        CheckpointError, match=r"is an? .*for other programs to load.*only frozen graphs \(.pb\)"
    ):
        Training().open(OpenFile("g", tmp_path / name))
