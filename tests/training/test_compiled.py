"""A network whose training is over is reused by the next training of its kind, which only makes it faster."""

import itertools
import threading

import numpy as np
import pytest
import tensorflow as tf
from stores import images_of, leave_in_files
from weights import assert_same_weights

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.position import Position
from cadl_gui.models import build
from cadl_gui.training import stepper
from cadl_gui.training.compiled import CompiledNetwork, IdleNetworks, Way
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

NOISY = CONVOLUTIONAL.replace(
    layers=(4,), kernel_sizes=(3,), strides=(2,), denoising=True, dropout=0.2, batch_normalisation=True
)


@pytest.fixture
def gpu(gpus):
    """Networks believe that they train on a GPU; what they measure is the processor."""
    gpus({})


def without(compiled):
    """A measurement by which XLA is slower."""
    return lambda _n: 2.0 if compiled.way.xla else 1.0


class Timed(CompiledNetwork):
    """A network whose calls take a second in one way, and two in all others."""

    def __init__(self, config, fastest):
        super().__init__(build(config, SHAPE, 0))
        self.now = 0.0
        self.fastest = fastest

    def steps_of_gathered(self, block):
        return self._timed(super().steps_of_gathered(block))

    def steps_on_device(self, block):
        return self._timed(super().steps_on_device(block))

    def _timed(self, steps):
        def call(*arguments):
            self.now += 1.0 if self.way == self.fastest else 2.0
            return steps(*arguments)

        return call


DENSE = RunConfig.of(preset="test", layers=(3,), batch_size=4)
EXACT, COARSE = Way("float32", xla=False), Way("bfloat16", xla=False)
EXACT_XLA, COARSE_XLA = Way("float32", xla=True), Way("bfloat16", xla=True)


@pytest.mark.parametrize("fastest", [EXACT, EXACT_XLA], ids=["without", "with"])
@pytest.mark.parametrize("config", [DENSE, CONVOLUTIONAL], ids=["dense", "convolutional"])
def test_on_a_gpu_the_way_that_is_faster_is_measured(gpu, monkeypatch, config, fastest):
    timed = Timed(config, fastest)
    monkeypatch.setattr(stepper.time, "perf_counter", lambda: timed.now)
    train(timed, config)
    assert (timed.way, timed.ways) == (fastest, (fastest,))


@pytest.mark.parametrize("batches_in_memory", [True, False])
@pytest.mark.parametrize("fastest", [EXACT, COARSE], ids=["float32", "bfloat16"])
@pytest.mark.parametrize("config", [CONVOLUTIONAL, NOISY], ids=["convolutional", "noisy"])
def test_measurement_leaves_no_trace(monkeypatch, config, fastest, batches_in_memory):
    """Weights, moments and running means are those of a training that was asked for this precision."""
    if not batches_in_memory:
        leave_in_files(monkeypatch, more_bytes_than=0)
    timed = Timed(config.replace(precision="auto"), fastest)
    with monkeypatch.context() as clock:
        clock.setattr(stepper.time, "perf_counter", lambda: timed.now)
        train(timed, config)
    asked = new(config.replace(precision=fastest.precision))
    train(asked, config)
    assert (timed.way, timed.ways, timed.now > 20) == (fastest, (fastest,), True)
    for one, other in zip(timed.variables, asked.variables, strict=True):
        np.testing.assert_array_equal(one.value, other.value, err_msg=one.path)


def test_a_deterministic_training_measures_nothing(monkeypatch):
    timed = Timed(CONVOLUTIONAL.replace(precision="auto"), COARSE)
    monkeypatch.setattr(stepper.time, "perf_counter", lambda: timed.now)
    train(timed, CONVOLUTIONAL, deterministic=True)
    assert (timed.way, timed.ways, timed.now < 20) == (EXACT, (EXACT, COARSE), True)


@pytest.mark.parametrize(
    ("exact", "coarse", "chosen"),
    [
        ([2.0], [1.0], "bfloat16"),
        ([1.0], [2.0], "float32"),
        ([1.0], [1.0], "float32"),
        ([1.0, 1.2], [1.1, 0.98, 1.3], "float32"),
        ([1.0, 1.1], [1.2, 0.9, 1.2, 1.2, 1.2, 0.9, 1.2, 1.2, 1.2], "float32"),
        ([1.3, 9.0, 1.2], [1.0, 20.0, 1.1], "bfloat16"),
    ],
    ids=["faster", "slower", "equal", "spread", "lucky", "busy"],
)
def test_auto_is_bfloat16_only_if_it_is_clearly_faster(exact, coarse, chosen):
    """Also where both are at times slowed down by other programs."""
    compiled = new(CONVOLUTIONAL.replace(precision="auto"))
    taken = {"float32": itertools.cycle(exact), "bfloat16": itertools.cycle(coarse)}
    stages = []

    def measure(n):
        assert n == 1  # steps that take a second
        return next(taken[compiled.way.precision])

    compiled.measure(measure, stages.append)
    assert compiled.way == Way(chosen, xla=False)
    assert f" {min(exact) * 1e3:,.0f} ms in float32" in compiled.precision_reason
    assert f" {min(coarse) * 1e3:,.0f} ms in bfloat16" in compiled.precision_reason
    assert [stage.split()[-1] for stage in stages] == ["float32", "bfloat16", "fastest"]


def test_as_many_steps_are_measured_as_make_a_call_long_and_all_ways_take_as_many():
    compiled = new(CONVOLUTIONAL.replace(precision="auto"))
    asked = []

    def measure(n):
        asked.append(n)
        return 1e-3 if compiled.way == COARSE else 2e-3

    compiled.measure(measure)
    assert asked == [1] * 4 + [10] * 18


def test_a_measurement_that_is_cancelled_chooses_nothing_and_reads_no_more_images(monkeypatch):
    leave_in_files(monkeypatch, more_bytes_than=0)
    compiled = new(CONVOLUTIONAL.replace(precision="auto"))

    def cancel(stage):
        if "fastest" in stage:
            raise ZeroDivisionError

    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        Stepper(compiled, CONVOLUTIONAL.training, IMAGES, on_stage=cancel)
    assert threading.active_count() == before
    assert (compiled.way, compiled.ways) == (EXACT, (EXACT, COARSE))


def test_a_processor_knows_whether_xla_is_faster():
    compiled = new(DENOISING)
    train(compiled, DENOISING)
    assert compiled.way == Way("float32", xla=True)
    assert compiled.ways == (compiled.way,)


def test_on_a_gpu_auto_tries_both_precisions_with_xla_and_without(gpu):
    ways = new(DENSE.replace(precision="auto")).ways
    assert sorted(ways) == sorted([EXACT, COARSE, EXACT_XLA, COARSE_XLA])
    assert ways[0] == EXACT_XLA


def test_the_noise_of_a_run_does_not_depend_on_what_was_measured(gpu):
    ruled, measured = new(DENOISING), new(DENOISING)
    measured.measure(without(measured))
    assert (ruled.way.xla, measured.way.xla) == (True, False)
    expected = train(ruled, DENOISING, deterministic=True)
    for path, weights in train(measured, DENOISING).items():
        np.testing.assert_allclose(weights, expected[path], atol=2e-4, err_msg=path)


def test_a_way_that_does_not_work_is_not_chosen(gpu, caplog):
    compiled = new(DENOISING.replace(precision="auto"))

    def measure(_n):
        if compiled.way != EXACT:
            raise tf.errors.UnimplementedError(None, None, "no such operation")
        return 1.0

    compiled.measure(measure)
    assert compiled.way == EXACT
    assert "in float32 with XLA do not work here" in caplog.text
    assert "do not work" in compiled.precision_reason


def test_an_error_that_is_not_the_fault_of_xla_is_raised(gpu):
    def measure(_n):
        raise tf.errors.ResourceExhaustedError(None, None, "out of memory")

    with pytest.raises(tf.errors.ResourceExhaustedError):
        new(DENOISING).measure(measure)


def test_a_network_is_measured_once(idle):
    """The next training by `auto` takes what was chosen, and says why."""
    config = DENSE.replace(precision="auto")
    with idle.lend(new(config)) as compiled:
        compiled.measure(lambda _n: 2.0 if compiled.way.xla else 1.0)
        compiled.network.training_config = config.replace(precision="bfloat16").training
    with idle.lend(new(config.replace(seed=2))) as again:
        train(again, config)
    assert again is compiled
    assert again.way == COARSE
    assert "2,000 ms in float32" in again.precision_reason
