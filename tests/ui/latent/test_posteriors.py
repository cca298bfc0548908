"""Posteriors are requested part by part once the timeline is at rest, and delivered as a whole."""

import numpy as np
import pytest
from answerer import Answerer, decoder

from cadl_gui.ui.latent.posteriors import Posteriors

N = 300


class Encoder(Answerer):
    """Has a number of test images; the mean of each is its number."""

    n_images = N

    def value_of(self, request):
        numbers = np.arange(request.first, min(request.first + request.n, self.n_images))
        return np.broadcast_to(numbers[:, None, None], (len(numbers), 2, 2)).astype(np.float32)


@pytest.fixture
def engine(qapp):
    return Encoder()


@pytest.fixture
def posteriors(engine):
    posteriors = Posteriors(engine)
    posteriors.heard = []
    posteriors.arrived.connect(posteriors.heard.append)
    return posteriors


def test_all_parts_arrive_in_order(qtbot, engine, posteriors):
    posteriors.fetch(decoder(), N)
    assert not engine.waiting, "the timeline may still be dragged"
    qtbot.waitUntil(lambda: bool(engine.waiting))
    engine.answer_all()
    (arrived,) = posteriors.heard
    np.testing.assert_array_equal(arrived[:, 0, 0], np.arange(N))


def test_parts_for_weights_that_were_left_are_dropped(qtbot, engine, posteriors):
    posteriors.fetch(decoder(1), N)
    qtbot.waitUntil(lambda: bool(engine.waiting))
    posteriors.fetch(decoder(2), 1)
    engine.answer()
    assert not engine.waiting, "no more is asked about the weights that were left"
    qtbot.waitUntil(lambda: bool(engine.waiting))
    engine.answer_all()
    assert [len(arrived) for arrived in posteriors.heard] == [1]


@pytest.mark.parametrize("message", ["", "The dataset is not at hand."])
def test_without_its_test_images_a_run_has_none(qtbot, engine, posteriors, message):
    engine.n_images = 0
    posteriors.fetch(decoder(), N)
    qtbot.waitUntil(lambda: bool(engine.waiting))
    while engine.waiting:
        engine.answer(message)
    assert not posteriors.heard
