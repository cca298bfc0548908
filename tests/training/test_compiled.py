"""A network whose training is over is reused by the next training of its kind, which only makes it faster."""

import numpy as np
import pytest
import tensorflow as tf
from stores import images_of
from weights import assert_same_weights

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.position import Position
from cadl_gui.models import build
from cadl_gui.training import stepper
from cadl_gui.training.compiled import CompiledNetwork, IdleNetworks
from cadl_gui.training.stepper import Stepper

pytestmark = [pytest.mark.tf, pytest.mark.slow]

SHAPE = (4, 4, 1)
IMAGES = images_of(np.random.default_rng(1).integers(0, 256, (40, *SHAPE), np.uint8))
DENOISING = RunConfig.of(preset="test", layers=(3,), batch_size=4, denoising=True)


def new(config):
    return CompiledNetwork(build(config, SHAPE, 0))


def train(compiled, config, **options):
    """Three steps; returns the network's weights after them."""
    training = Stepper(compiled, config.training, IMAGES, **options)
    training.run_steps(Position(0), max_steps=3, seconds=60, learning_rate=0.01)
    return compiled.network.weights_by_path


@pytest.fixture
def idle():
    return IdleNetworks()


def test_a_network_that_was_trained_before_trains_as_a_new_one_does(idle):
    """With new initial weights and corruption and a reset optimiser; the seed is not part of a graph."""
    other = DENOISING.replace(seed=2, epochs=9)
    expected = train(new(other), other)
    with idle.lend(new(DENOISING)) as first:
        train(first, DENOISING)
    with idle.lend(new(other)) as second:
        assert second is first
        assert second.network.training_config == other.training
        assert_same_weights(train(second, other), expected)


def test_what_was_compiled_is_not_compiled_again(idle):
    with idle.lend(new(DENOISING)) as compiled:
        train(compiled, DENOISING)
    block = 10
    steps = compiled.steps_on_device(block)
    with idle.lend(new(DENOISING.replace(seed=2))) as compiled:
        train(compiled, DENOISING.replace(seed=2))
    assert compiled.steps_on_device(block) is steps  # a function that is compiled once, when it is made


@pytest.mark.parametrize(
    "change",
    [
        {"corruption_amount": 0.1},
        {"batch_size": 5},
        {"layers": (5,)},
        {"weight_decay": 0.1},
        {"precision": "bfloat16"},
    ],
)
def test_a_network_of_another_kind_is_not_lent(idle, change):
    with idle.lend(new(DENOISING)) as first:
        pass
    with idle.lend(new(DENOISING.replace(**change))) as second:
        assert second is not first


def test_two_trainings_by_turns_have_a_network_each(idle):
    with idle.lend(new(DENOISING)) as first, idle.lend(new(DENOISING)) as second:
        assert first is not second


def test_a_training_that_fails_gives_its_network_back(idle):
    with pytest.raises(ZeroDivisionError), idle.lend(new(DENOISING)) as first:
        raise ZeroDivisionError
    with idle.lend(new(DENOISING)) as second:
        assert second is first


def test_of_too_many_the_least_recently_used_are_dropped():
    configs = [DENOISING.replace(layers=(units,)) for units in (3, 4, 5)]
    network = new(configs[0]).network
    n_floats = sum(
        variable.value.numpy().size for variable in (*network.variables, *network.optimizer.variables)
    )
    idle = IdleNetworks(most_bytes=3 * 4 * n_floats)
    with idle.lend(new(configs[0])) as first:
        pass
    for config in configs[1:]:
        with idle.lend(new(config)):
            pass
    with idle.lend(new(configs[2])) as last:
        assert last.network is not first.network
    with idle.lend(new(configs[0])) as again:
        assert again is not first


def test_of_networks_that_xla_does_not_compile_a_few_are_retained(idle):
    """Thousands of objects each made garbage collections stop the window; others would be compiled again."""
    convolutional = RunConfig.of(
        preset="test", batch_size=4, convolutional=True, layers=(3,), kernel_sizes=(3,), strides=(2,)
    )
    configs = [DENOISING, *(convolutional.replace(batch_size=4 + i) for i in range(6))]
    lent = []
    for config in configs:
        with idle.lend(new(config)) as compiled:
            lent.append(compiled)
    again = []
    for config in reversed(configs):
        with idle.lend(new(config)) as compiled:
            again.append(compiled in lent)
    assert again[-1]
    assert again[0]
    assert again.count(True) < len(configs) - 1


CONVOLUTIONAL = RunConfig.of(
    preset="test", convolutional=True, layers=(48, 48), kernel_sizes=(3, 3), strides=(1, 1), batch_size=10
)


@pytest.fixture
def gpu(gpus):
    """Networks believe that they train on a GPU; what they measure is the processor."""
    gpus({})


def without(compiled):
    """A measurement by which XLA is slower."""
    return lambda: 2.0 if compiled.xla else 1.0


class Timed(CompiledNetwork):
    """A network whose calls take a second with XLA or without, and two in the other way."""

    def __init__(self, config, *, faster_by_xla):
        super().__init__(build(config, SHAPE, 0))
        self.now = 0.0
        self.faster_by_xla = faster_by_xla

    def steps_on_device(self, block):
        steps = super().steps_on_device(block)

        def call(*arguments):
            self.now += 1.0 if self.xla == self.faster_by_xla else 2.0
            return steps(*arguments)

        return call


DENSE = RunConfig.of(preset="test", layers=(3,), batch_size=4)


@pytest.mark.parametrize("faster_by_xla", [False, True])
@pytest.mark.parametrize("config", [DENSE, CONVOLUTIONAL], ids=["dense", "convolutional"])
def test_on_a_gpu_the_way_that_is_faster_is_measured(gpu, monkeypatch, config, faster_by_xla):
    timed = Timed(config, faster_by_xla=faster_by_xla)
    monkeypatch.setattr(stepper.time, "perf_counter", lambda: timed.now)
    train(timed, config)
    assert (timed.xla, timed.can_measure_xla) == (faster_by_xla, False)


@pytest.mark.parametrize(
    ("config", "xla"), [(DENSE, True), (CONVOLUTIONAL, False)], ids=["dense", "convolutional"]
)
def test_measurement_leaves_no_trace(gpu, monkeypatch, config, xla):
    """Where it finds what the rule says, which a deterministic training keeps to."""
    timed = Timed(config, faster_by_xla=xla)
    with monkeypatch.context() as clock:
        clock.setattr(stepper.time, "perf_counter", lambda: timed.now)
        measured = train(timed, config)
    ruled = new(config)
    assert_same_weights(train(ruled, config, deterministic=True), measured)
    assert (ruled.xla, ruled.can_measure_xla) == (xla, True)


def test_a_processor_knows_the_faster_way():
    compiled = new(DENOISING)
    train(compiled, DENOISING)
    assert compiled.xla
    assert not compiled.can_measure_xla


def test_the_noise_of_a_run_does_not_depend_on_what_was_measured(gpu):
    ruled, measured = new(DENOISING), new(DENOISING)
    measured.measure_xla(without(measured))
    assert (ruled.xla, measured.xla) == (True, False)
    expected = train(ruled, DENOISING, deterministic=True)
    for path, weights in train(measured, DENOISING).items():
        np.testing.assert_allclose(weights, expected[path], atol=2e-4, err_msg=path)


def test_a_way_that_does_not_work_is_not_chosen(gpu, caplog):
    compiled = new(DENOISING)

    def measure():
        if compiled.xla:
            raise tf.errors.UnimplementedError(None, None, "no such operation")
        return 1.0

    compiled.measure_xla(measure)
    assert not compiled.xla
    assert "with XLA do not work here" in caplog.text


def test_an_error_that_is_not_the_fault_of_xla_is_raised(gpu):
    def measure():
        raise tf.errors.ResourceExhaustedError(None, None, "out of memory")

    with pytest.raises(tf.errors.ResourceExhaustedError):
        new(DENOISING).measure_xla(measure)


def test_a_network_is_measured_once(gpu, idle):
    with idle.lend(new(DENOISING)) as compiled:
        compiled.measure_xla(without(compiled))
    with idle.lend(new(DENOISING.replace(seed=2))) as again:
        train(again, DENOISING)
    assert again is compiled
    assert not again.xla
