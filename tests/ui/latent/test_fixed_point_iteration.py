"""Re-encoding an image converges, or is stopped."""

import numpy as np
import pytest
from answerer import decoder

from cadl_gui.ui.latent.fixed_point_iteration import FixedPointIteration


class Heard:
    """What a fixed-point iteration told."""

    def __init__(self):
        self.latents, self.ended = [], []


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def feedback(engine, heard):
    feedback = FixedPointIteration(engine, engine)
    feedback.moved.connect(heard.latents.append)
    feedback.ended.connect(heard.ended.append)
    return feedback


def test_re_encoding_continues_until_it_converges(qtbot, engine, feedback, heard):
    for _ in range(2):  # again, once it has ended
        heard.latents.clear()
        feedback.start(decoder(), np.array([8, 8], np.float32))
        qtbot.waitUntil(lambda: engine.answer_all() or bool(heard.ended))
        firsts = [latent[0] for latent in heard.latents]
        np.testing.assert_allclose(firsts[:3], [4, 2, 1])
        assert abs(firsts[-1]) < 1e-2
        assert heard.ended.pop() == f"Converged after {len(firsts)} iterations."


def test_single_iteration_is_counted_as_one(qtbot, engine, feedback, heard):
    feedback.start(decoder(), np.array([0, 0], np.float32))
    qtbot.waitUntil(lambda: engine.answer_all() or bool(heard.ended))
    assert heard.ended == ["Converged after 1 iteration."]


def test_feedback_can_be_stopped(engine, feedback, heard):
    feedback.start(decoder(), np.array([8, 8], np.float32))
    feedback.stop()
    engine.answer_all()
    assert (heard.latents, heard.ended) == ([], ["Stopped after 0 iterations."])
