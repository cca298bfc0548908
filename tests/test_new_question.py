"""A new request to a network is one class and one function, and a widget shows the answer."""

from dataclasses import dataclass

import numpy as np
import pytest
from keras import ops
from numpy.typing import NDArray
from PySide6.QtWidgets import QLabel

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import NetworkRequest
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.inference import questions
from cadl_gui.inference.inference_service import InferenceService
from cadl_gui.inference.questions import Question
from cadl_gui.models import Autoencoder
from cadl_gui.saved.backend import Training
from cadl_gui.system.resources import resource_path

pytestmark = pytest.mark.gui

IMAGES = np.linspace(0, 1, 2 * 784, dtype=np.float32).reshape(2, 28, 28, 1)


@dataclass(frozen=True, eq=False)
class MeasureLoss(NetworkRequest[NDArray[np.float32]]):
    """Measure how far reconstructions are from the images. Answer: the mean squared difference, (n,)."""

    images: NDArray[np.float32]


def measure_loss(network, images, options):
    """Mean squared difference between images and their reconstructions."""
    return ops.mean(ops.square(network.call(images, options) - images), axis=(1, 2, 3))


@pytest.fixture
def engine(qtbot):
    engine = Engine(Training, InferenceService, runs_folder=None)
    engine.load()
    qtbot.waitUntil(lambda: engine.is_ready)
    yield engine
    assert engine.shut_down(60_000)


@pytest.fixture
def run(qtbot, engine):
    engine.runs.open(resource_path("pretrained/vae"))
    qtbot.waitUntil(lambda: bool(engine.runs))
    return engine.runs[0]


def test_a_question_is_one_class_and_one_function(qtbot, engine, run, monkeypatch):
    monkeypatch.setitem(questions.QUESTIONS, MeasureLoss, Question(Autoencoder, measure_loss))
    label = QLabel()
    qtbot.addWidget(label)
    client = InferenceClient(engine.inference, label)

    def shown():
        label.clear()
        request = MeasureLoss(run.run_id, None, IMAGES)
        client.ask(request, lambda losses, _: label.setText(f"{losses.mean():.6f}"), label.setText)
        qtbot.waitUntil(lambda: label.text() != "")
        return label.text()

    learned = float(shown())
    assert 0 < learned < 1
    engine.bending.bend(run.run_id, scaled((), Part("z_mean", 0), 20.0))
    assert float(shown()) != learned, "the network that is bent answers"


def test_a_network_of_another_kind_says_so(qtbot, engine, run, monkeypatch):
    monkeypatch.setitem(questions.QUESTIONS, MeasureLoss, Question(Autoencoder, measure_loss))
    engine.runs.open(resource_path("pretrained/softmax"))
    qtbot.waitUntil(lambda: len(engine.runs) == 2)
    reported = []
    client = InferenceClient(engine.inference, engine)
    request = MeasureLoss(engine.runs[1].run_id, Position(engine.runs[1].newest.epoch), IMAGES)
    client.ask(request, lambda *_: None, reported.append)
    qtbot.waitUntil(lambda: bool(reported))
    assert reported == ["This run is a classifier: it cannot measure loss."]
