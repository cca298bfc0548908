"""Batches of requests are sent one request at a time, and one batch at a time."""

import numpy as np
import pytest
from answerer import Answerer

from cadl_gui.domain.position import Position
from cadl_gui.pictures.rendering import decode_requests
from cadl_gui.ui.request_batch import RequestBatch


@pytest.fixture
def engine(qapp):
    return Answerer()


@pytest.fixture
def series(engine):
    return RequestBatch(engine)


def requests(n, brightness=0.0):
    """Requests to decode n images of this brightness."""
    latents = np.full((n, 2), brightness, np.float32)
    return decode_requests("run", [Position(1)] * n, latents)


def test_a_series_keeps_the_order_and_reports_its_progress(qtbot, engine, series):
    progress = []
    series.progressed.connect(lambda n, total: progress.append((n, total)))
    latents = np.stack([np.arange(100), np.zeros(100)], 1).astype(np.float32)
    with qtbot.waitSignal(series.finished) as finished:
        series.start(decode_requests("run", [Position(1)] * 100, latents))
        engine.answer_all()
    np.testing.assert_array_equal(np.concatenate(finished.args[0])[:, 0, 0, 0], np.arange(100))
    assert progress == [(1, 2), (2, 2)]
    assert not series.is_busy


def test_each_answer_can_be_observed_as_it_arrives(engine, series):
    heard = []
    series.answered.connect(lambda images: heard.append(len(images)))
    series.start(requests(100))
    engine.answer()
    assert heard == [64]
    engine.answer()
    assert heard == [64, 36]


def test_batch_never_has_more_than_one_request_on_its_way(engine, series):
    series.start(requests(200))
    assert len(engine.waiting) == 1
    engine.answer()
    assert len(engine.waiting) == 1


def test_a_cancelled_batch_sends_no_more_requests_and_never_finishes(qtbot, engine, series):
    with qtbot.assertNotEmitted(series.finished):
        series.start(requests(200))
        series.cancel()
        engine.answer_all()
    assert not series.is_busy


def test_a_new_series_takes_the_place_of_an_old_one(qtbot, engine, series):
    series.start(requests(200))
    with qtbot.waitSignal(series.finished) as finished:
        series.start(requests(3, brightness=1.0))
        engine.answer_all()
    images = np.concatenate(finished.args[0])
    assert (len(images), images.mean()) == (3, 1)


def test_what_cannot_be_answered_ends_the_series(qtbot, engine, series):
    with qtbot.waitSignal(series.failed, check_params_cb=lambda message: message == "It is gone."):
        series.start(requests(200))
        engine.answer("It is gone.")
    assert engine.waiting == []
