"""Many codes are decoded in small pieces, one job at a time."""

import numpy as np
from answerer import decoder

from cadl_gui.core.position import Position
from cadl_gui.ui.latent.bulk_decode import BulkDecode


def test_bulk_decoding_keeps_the_order_and_tells_its_progress(qtbot, engine):
    bulk = BulkDecode(engine, "bulk")
    progress = []
    bulk.progressed.connect(lambda n, total: progress.append((n, total)))
    codes = np.stack([np.arange(100), np.zeros(100)], 1).astype(np.float32)
    with qtbot.waitSignal(bulk.finished) as finished:
        bulk.start(decoder(), codes)
        engine.answer_all()
    np.testing.assert_array_equal(finished.args[0][:, 0, 0, 0], np.arange(100))
    assert progress[-1] == (100, 100)
    assert not bulk.is_busy


def test_each_code_is_decoded_with_its_own_weights(engine):
    bulk = BulkDecode(engine, "bulk")
    bulk.start([decoder(1), decoder(1), decoder(4)], np.zeros((3, 2), np.float32))
    asked = []
    while engine.waiting:
        request = engine.answer()
        asked.append((request.position, len(request.codes)))
    assert asked == [(Position(1), 2), (Position(4), 1)]


def test_a_cancelled_job_asks_no_more_and_never_finishes(qtbot, engine):
    bulk = BulkDecode(engine, "bulk")
    with qtbot.assertNotEmitted(bulk.finished):
        bulk.start(decoder(), np.zeros((200, 2), np.float32))
        bulk.cancel()
        engine.answer_all()
    assert not bulk.is_busy


def test_a_new_job_takes_the_place_of_an_old_one(qtbot, engine):
    bulk = BulkDecode(engine, "bulk")
    bulk.start(decoder(), np.zeros((200, 2), np.float32))
    with qtbot.waitSignal(bulk.finished) as finished:
        bulk.start(decoder(), np.ones((3, 2), np.float32))
        engine.answer_all()
    assert finished.args[0].mean() == 1
    assert len(finished.args[0]) == 3
