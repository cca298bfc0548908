"""A picture that is fed back to its network settles, or is stopped."""

import numpy as np
from answerer import decoder

from cadl_gui.ui.latent.feedback import Feedback


def test_feedback_goes_on_until_the_code_settles(qtbot, engine):
    feedback = Feedback(engine)
    codes = []
    feedback.moved.connect(lambda code: codes.append(code[0]))
    with qtbot.waitSignal(feedback.ended) as ended:
        feedback.start(decoder(), np.array([8, 8], np.float32))
        qtbot.waitUntil(lambda: engine.answer_all() or not feedback.is_running)
    np.testing.assert_allclose(codes[:3], [4, 2, 1])
    assert abs(codes[-1]) < 1e-2
    assert ended.args[0] == f"Settled after {len(codes)} rounds."


def test_feedback_can_be_stopped(qtbot, engine):
    feedback = Feedback(engine)
    feedback.start(decoder(), np.array([8, 8], np.float32))
    feedback.stop()
    with qtbot.assertNotEmitted(feedback.moved):
        engine.answer_all()
