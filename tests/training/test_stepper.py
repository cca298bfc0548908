"""The number of steps in a turn, with a clock that only steps advance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared_steps import Place
from stores import images_of, leave_in_files

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.position import Position
from cadl_gui.models import build
from cadl_gui.training import stepper as stepper_module
from cadl_gui.training.compiled import CompiledNetwork
from cadl_gui.training.sharing import Call
from cadl_gui.training.stepper import Stepper

pytestmark = pytest.mark.tf

CONFIGURATION = RunConfig.of(preset="test", layers=(3,), batch_size=4)
IMAGES = np.random.default_rng(1).integers(0, 256, (40, 4, 4, 1), np.uint8)


class Losses:
    def __init__(self, first, n):
        self._numbers = np.arange(first, first + n, dtype=np.float32)[:, None]

    def numpy(self):
        return self._numbers


@pytest.fixture
def timed(monkeypatch):
    """A stepper whose steps take `seconds_per_step` each, and its clock."""

    class Timed(CompiledNetwork):
        now = 0.0
        seconds_per_step = 0.01

        def __init__(self):
            super().__init__(build(CONFIGURATION, (4, 4, 1), 0))
            self.calls = []
            self.stepper = Stepper(self, CONFIGURATION.training, images_of(IMAGES))
            self.calls.clear()

        def steps_on_device(self, block):
            return self.called

        def called(self, images, labels, order, rates, called):
            _, first, _, n = called.numpy().tolist()
            self.now += n * self.seconds_per_step
            self.calls.append(n)
            return Losses(first, n)

        def run_steps(self, seconds, max_steps=1_000_000):
            began = self.now
            metrics = self.stepper.run_steps(
                Position(0, 0), max_steps=max_steps, seconds=seconds, learning_rate=0.1
            )
            return metrics["loss"], self.now - began

    timed = Timed()
    monkeypatch.setattr(stepper_module.time, "perf_counter", lambda: timed.now)
    return timed


def test_turns_fill_their_time_but_for_less_than_a_step(timed):
    @given(st.floats(1e-4, 1.0), st.floats(0.0, 2.0))
    def check(seconds_per_step, seconds):
        timed.seconds_per_step = seconds_per_step
        timed.run_steps(0.0)  # learns how long a step takes now
        losses, took = timed.run_steps(seconds)
        assert seconds <= took + seconds_per_step * 1.001
        assert took <= seconds + seconds_per_step * 1.001
        np.testing.assert_array_equal(losses, np.arange(len(losses)))

    check()


def test_a_turn_is_few_calls_into_the_graph(timed):
    """One step per call would cost a quarter of the speed."""
    timed.run_steps(0.1)
    timed.calls.clear()
    losses, _ = timed.run_steps(0.1)
    assert len(losses) >= 10
    assert len(timed.calls) <= 2


def test_a_limit_is_never_passed(timed):
    timed.run_steps(0.1)
    for limit in (1, 3, 7):
        assert len(timed.run_steps(10.0, limit)[0]) == limit


@pytest.mark.parametrize("bytes_per_call", [1, 3 * 4 * 16, 1_000_000])
@pytest.mark.parametrize("convolutional", [False, True])
def test_the_same_steps_give_the_same_weights_however_they_are_cut_into_calls(bytes_per_call, convolutional):
    """Bit for bit, both with XLA (dense) and without (convolutions)."""
    config = CONFIGURATION.replace(denoising=True)
    if convolutional:
        config = config.replace(convolutional=True, kernel_sizes=(3,), strides=(2,))

    def trained(**limit):
        network = build(config, (4, 4, 1), 0)
        stepper = Stepper(CompiledNetwork(network), config.training, images_of(IMAGES), **limit)
        losses = [
            stepper.run_steps(Position(epoch), max_steps=10, seconds=60, learning_rate=0.01)["loss"]
            for epoch in (0, 1)
        ]
        return np.concatenate(losses), [variable.numpy() for variable in network.variables]

    losses, weights = trained()
    other_losses, other_weights = trained(block_bytes=bytes_per_call)
    np.testing.assert_array_equal(losses, other_losses)
    for one, other in zip(weights, other_weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_compiling_leaves_no_trace():
    """Weights, Adam's moments and its step count are unchanged."""
    model = build(CONFIGURATION, (4, 4, 1), 0)
    variables = [*model.variables, *model.optimizer.variables]
    before = [variable.value.numpy() for variable in variables]
    Stepper(CompiledNetwork(model), CONFIGURATION.training, images_of(IMAGES))
    for variable, value in zip(variables, before, strict=True):
        np.testing.assert_array_equal(variable.value, value)


def test_every_step_of_a_run_draws_numbers_of_its_own():
    """Twice the same image, no learning: only the corruption distinguishes steps, in all epochs."""
    config = CONFIGURATION.replace(denoising=True)
    network = build(config, (4, 4, 1), 0)
    stepper = Stepper(CompiledNetwork(network), config.training, images_of(np.repeat(IMAGES[:1], 40, axis=0)))
    epochs = [
        stepper.run_steps(Position(epoch), max_steps=10, seconds=60, learning_rate=0.0)["loss"]
        for epoch in (0, 1, 0)
    ]
    np.testing.assert_array_equal(epochs[0], epochs[2])
    assert len(np.unique(np.concatenate(epochs[:2]))) == 20


@pytest.mark.parametrize("bytes_in_memory", [0, 1_000_000])
def test_workers_take_the_parts_of_each_batch(monkeypatch, bytes_in_memory):
    """Without learning, the loss of a batch is the mean of those of its parts, wherever the images are."""

    def losses(n_workers, index):
        compiled = CompiledNetwork(build(CONFIGURATION, (4, 4, 1), 0))
        compiled.batch_size //= n_workers
        place = Place(n_workers, index)
        stepper = Stepper(compiled, CONFIGURATION.training, images_of(IMAGES), place)
        taken = [stepper.take(Call(epoch, 0, 10, 0.0))[:, 0] for epoch in (0, 1)]
        stepper.close()
        return np.concatenate(taken)

    leave_in_files(monkeypatch, more_bytes_than=bytes_in_memory)
    parts = [losses(2, 0), losses(2, 1)]
    assert (parts[0] != parts[1]).all()
    np.testing.assert_allclose(np.mean(parts, axis=0), losses(1, 0), rtol=1e-6)
