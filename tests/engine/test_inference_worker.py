"""The order in which requests are answered."""

import numpy as np
import pytest
from fakes import SHAPE, FakeInference, bright, description
from PySide6.QtWidgets import QApplication

from cadl_gui.domain.errors import NotYetError
from cadl_gui.domain.position import UNTRAINED
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify, FindEvidence
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine import inference_worker
from cadl_gui.engine.inference_worker import InferenceWorker

IMAGES = np.zeros((1, *SHAPE), np.float32)


@pytest.fixture(autouse=True)
def keeps_priority(monkeypatch):
    """The worker is in the thread of the tests, whose low priority later ones would inherit."""
    monkeypatch.setattr(inference_worker, "set_niceness", lambda _: None)


def test_a_question_goes_before_the_next_part_of_a_long_answer(qtbot):
    backend = FakeInference()
    about = description("run", preset("softmax").config)
    backend.register(about)
    backend.update("run", Snapshot(UNTRAINED, bright(0.5)), recorded=True)
    worker, answered = InferenceWorker(lambda: backend), []
    worker.replied.connect(lambda reply: answered.append(reply.number))
    worker.load()
    worker.respond(1, FindEvidence("run", None, IMAGES[0]))
    worker.respond(2, Classify("run", None, IMAGES))
    assert answered == [2]
    QApplication.processEvents()
    assert answered == [2, 1]


class Early(FakeInference):
    """Answers as before TensorFlow is loaded: evidence has to wait."""

    def __init__(self):
        super().__init__()
        self.register(description("run", preset("softmax").config))
        self.update("run", Snapshot(UNTRAINED, bright(0.5)), recorded=True)
        self.is_complete = False

    def complete(self, on_answerable):
        self.is_complete = True

    def respond_in_parts(self, request):
        if isinstance(request, FindEvidence) and not self.is_complete:
            raise NotYetError
        return (yield from super().respond_in_parts(request))


def early_worker():
    worker, replies = InferenceWorker(Early), []
    worker.replied.connect(replies.append)
    worker.load()
    return worker, replies


def test_what_only_tensorflow_can_answer_waits_for_it_and_nothing_else_does(qtbot):
    worker, replies = early_worker()
    worker.respond(1, FindEvidence("run", None, IMAGES[0]))
    worker.respond(2, Classify("run", None, IMAGES))
    assert [reply.number for reply in replies] == [2]
    worker.complete()
    qtbot.waitUntil(lambda: len(replies) == 2)
    assert [reply.number for reply in replies] == [2, 1]
    assert not replies[1].message


def test_without_tensorflow_what_waits_for_it_is_refused_and_the_rest_is_answered():
    worker, replies = early_worker()
    worker.respond(1, FindEvidence("run", None, IMAGES[0]))
    worker.give_up("TensorFlow could not be loaded: no AVX")
    worker.respond(2, FindEvidence("run", None, IMAGES[0]))
    worker.respond(3, Classify("run", None, IMAGES))
    assert [reply.number for reply in replies] == [1, 2, 3]
    assert [reply.message for reply in replies] == [*["TensorFlow could not be loaded: no AVX"] * 2, ""]
