"""Re-encoding an image converges, or is stopped."""

import numpy as np
from answerer import decoder

from cadl_gui.ui.latent.fixed_point_iteration import FixedPointIteration


def test_re_encoding_continues_until_it_converges(qtbot, engine):
    feedback = FixedPointIteration(engine)
    latents = []
    feedback.moved.connect(lambda latent: latents.append(latent[0]))
    with qtbot.waitSignal(feedback.ended) as ended:
        feedback.start(decoder(), np.array([8, 8], np.float32))
        qtbot.waitUntil(lambda: engine.answer_all() or not feedback.is_running)
    np.testing.assert_allclose(latents[:3], [4, 2, 1])
    assert abs(latents[-1]) < 1e-2
    assert ended.args[0] == f"Converged after {len(latents)} iterations."


def test_single_iteration_is_counted_as_one(qtbot, engine):
    feedback = FixedPointIteration(engine)
    with qtbot.waitSignal(feedback.ended) as ended:
        feedback.start(decoder(), np.array([0, 0], np.float32))
        qtbot.waitUntil(lambda: engine.answer_all() or not feedback.is_running)
    assert ended.args[0] == "Converged after 1 iteration."


def test_feedback_can_be_stopped(qtbot, engine):
    feedback = FixedPointIteration(engine)
    feedback.start(decoder(), np.array([8, 8], np.float32))
    feedback.stop()
    with qtbot.assertNotEmitted(feedback.moved):
        engine.answer_all()
