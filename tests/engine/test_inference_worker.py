"""The order in which requests are answered."""

import numpy as np
from fakes import SHAPE, FakeInference, bright, description
from PySide6.QtWidgets import QApplication

from cadl_gui.domain.position import UNTRAINED
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify, FindEvidence
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.inference_worker import InferenceWorker

IMAGES = np.zeros((1, *SHAPE), np.float32)


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
