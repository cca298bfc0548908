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


@pytest.mark.parametrize(
    ("n_values", "most"), [(28 * 28, 128), (32 * 32 * 3, 40), (64 * 64 * 3, 8), (10**6, 8)]
)
def test_of_larger_images_fewer_are_asked_at_once(qtbot, engine, posteriors, n_values, most):
    """A request for 128 emoji took 36 ms, and the hand waited for it."""
    posteriors.fetch(decoder(), N, n_values)
    qtbot.waitUntil(lambda: bool(engine.waiting))
    asked = []
    engine.value_of = lambda request: asked.append(request.n) or Encoder.value_of(engine, request)
    engine.answer_all()
    assert 0.5 * most < max(asked) <= most
    (arrived,) = posteriors.heard
    assert len(arrived) == N


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
