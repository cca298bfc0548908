"""The learning rate of each step does not depend on the turns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stores import images_of

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.position import Position
from cadl_gui.models import build
from cadl_gui.training.compiled import CompiledNetwork
from cadl_gui.training.stepper import Stepper, schedule

pytestmark = pytest.mark.tf

COSINE = RunConfig.of(preset="test", layers=(3,), epochs=4, batch_size=5, schedule="cosine")
IMAGES = np.random.default_rng(1).integers(0, 256, (40, 4, 4, 1), np.uint8)


@given(st.integers(1, 20), st.integers(1, 500))
def test_a_cosine_falls_from_one_through_a_half_to_nothing(epochs, steps_per_epoch):
    config = COSINE.replace(epochs=epochs)
    n = epochs * steps_per_epoch
    shares = schedule(config.training, np.arange(n + 1), steps_per_epoch)
    assert shares[0] == 1
    assert shares[-1] == pytest.approx(0, abs=1e-12)
    assert (np.diff(shares) < 0).all()
    np.testing.assert_allclose(shares, (1 + np.cos(np.pi * np.linspace(0, 1, n + 1))) / 2, atol=1e-12)
    np.testing.assert_allclose(shares + shares[::-1], 1, atol=1e-12)


def test_beyond_its_end_a_cosine_stays_at_nothing():
    np.testing.assert_allclose(schedule(COSINE.training, np.array([32, 40, 900]), 8), 0, atol=1e-12)


def test_a_constant_rate_is_constant():
    np.testing.assert_array_equal(schedule(COSINE.replace(schedule="constant").training, np.arange(99), 8), 1)


def test_the_optimiser_is_given_the_rate_of_each_step():
    """The turn's rate times the schedule at the step's position in the run."""
    network = build(COSINE, (4, 4, 1), 0)
    stepper = Stepper(CompiledNetwork(network), COSINE.training, images_of(IMAGES))
    for position, step in (
        (Position(0, 0), 0),
        (Position(0, 7), 7),
        (Position(2, 3), 19),
        (Position(3, 7), 31),
    ):
        stepper.run_steps(position, max_steps=1, seconds=60, learning_rate=0.5)
        expected = 0.5 * (1 + np.cos(np.pi * step / 32)) / 2
        assert float(network.optimizer.learning_rate) == pytest.approx(expected, rel=1e-5)
