"""The protocol of the training loop, its arithmetic compared with plain Keras, and infinite losses."""

import itertools
import time

import numpy as np
import pytest
import tensorflow as tf
from oracles import squared_error
from stores import store
from weights import assert_same_weights, same_weights

from cadl_gui.datasets.split import split
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import NonFiniteLossError
from cadl_gui.domain.events import EpochCompleted, SnapshotTaken, StepsTaken, TrainingEnded, TrainingStarted
from cadl_gui.domain.position import EARLY_BATCHES, Position
from cadl_gui.domain.training_requests import StepBudget, TrainingRequest
from cadl_gui.models import build
from cadl_gui.training.loop import train
from cadl_gui.training.train_state import initial_state

pytestmark = [pytest.mark.tf, pytest.mark.slow]

DENSE = RunConfig.of(preset="test", layers=(12, 5), epochs=2, batch_size=4, initial_stddev=0.2)
CONVOLUTIONAL = DENSE.replace(convolutional=True, layers=(4, 3), kernel_sizes=(3, 2), strides=(2, 2))
LONG = StepBudget(seconds=60.0, max_steps=None, learning_rate=1e-3)


@pytest.fixture(scope="module")
def dataset():
    """133 images of 6×5 with two channels, 120 of them for training and validation: 27 batches of 4."""
    random = np.random.default_rng(5)
    images = (random.random((133, 6, 5, 2)) ** 3 * 255).astype(np.uint8)
    return store("Noise", images, random.integers(0, 10, 133), n_test=13)


def begin(dataset, config):
    start = initial_state(config, dataset, split(dataset, config))
    return train(TrainingRequest("run", "Run", config), dataset, start), start


def drive(training, turns):
    """All events of a training; stops sending when it ends."""
    events = list(next(training))
    for budget in turns:
        try:
            events += training.send(budget)
        except StopIteration:
            break
    return events


def collect(training, budget, events):
    """Drive a training with one kind of turn until it raises or ends; its events are added to `events`."""
    events += next(training)
    while True:
        events += training.send(budget)


def of_kind(events, kind):
    return [event for event in events if isinstance(event, kind)]


def snapshots(events, *, recorded):
    return [event.snapshot for event in of_kind(events, SnapshotTaken) if event.recorded == recorded]


def losses_of(events):
    return np.concatenate([event.metrics["loss"] for event in of_kind(events, StepsTaken)])


def test_loop_reports_in_the_documented_order(dataset):
    """Started, the untrained weights and their metrics; at each epoch's end weights, then metrics; ended."""
    training, _ = begin(dataset, DENSE)
    first = next(training)
    assert [type(event) for event in first] == [TrainingStarted, SnapshotTaken, EpochCompleted]
    assert first[0].description.steps_per_epoch == 27
    assert first[1].snapshot.position == Position(0, 0)
    assert first[1].recorded
    assert first[2].record.epoch == 0
    assert set(first[2].record.metrics) == {"val_loss"}
    events = first
    while not isinstance(events[-1], TrainingEnded):
        events = training.send(LONG)
        assert isinstance(events[0], StepsTaken)
        if events[0].position.step == 0:
            assert [type(event) for event in events[1:3]] == [SnapshotTaken, EpochCompleted]
            assert events[1].snapshot.position == events[0].position
            assert events[2].record.epoch == events[0].position.epoch
    assert events[-1].complete
    assert events[-1].position == Position(2, 0)
    with pytest.raises(StopIteration):
        training.send(LONG)


@pytest.mark.parametrize("budget", [LONG, StepBudget(0.0, 1, 1e-3)], ids=["long turns", "single steps"])
def test_turns_that_take_no_time_by_the_clock_are_turns(dataset, monkeypatch, budget):
    """On Windows, a clock that moved on 64 times a second ended the training with a division by zero."""
    training, _ = begin(dataset, DENSE)
    for clock in ("monotonic", "perf_counter"):
        monkeypatch.setattr(time, clock, lambda: 1.0)
    events = drive(training, itertools.repeat(budget))
    assert events[-1].complete
    speeds = [event.images_per_second for event in of_kind(events, StepsTaken)]
    assert np.isfinite(speeds).all()
    assert len(losses_of(events)) == 2 * 27


def test_early_batches_and_every_epoch_are_recorded(dataset):
    """However long turns are, none passes a position that is to be recorded."""
    training, _ = begin(dataset, DENSE)
    events = drive(training, itertools.repeat(LONG))
    expected = [Position(0, 0)]
    expected += [Position(0, batch) for batch in EARLY_BATCHES if batch < 27]
    expected += [Position(1, 0), Position(2, 0)]
    assert [snapshot.position for snapshot in snapshots(events, recorded=True)] == expected


def lecture_cost(model, batch):
    """The notebook's graph: kernels, then their transposes, ReLU after each."""
    centred = hidden = batch - model.mean_subtraction.mean.value
    ways_back = []
    for layer in model.encoder_layers:
        kernel = layer.kernel.value
        if layer.spec.kind == "dense":
            hidden = tf.reshape(hidden, (len(batch), -1))
            ways_back.append(lambda x, kernel=kernel: tf.matmul(x, kernel, transpose_b=True))
            hidden = tf.nn.relu(tf.matmul(hidden, kernel))
        else:
            back = {"filters": kernel, "output_shape": hidden.shape, "strides": 2, "padding": "SAME"}
            ways_back.append(lambda x, back=back: tf.nn.conv2d_transpose(x, **back))
            hidden = tf.nn.relu(tf.nn.conv2d(hidden, kernel, strides=2, padding="SAME"))
    for way_back in reversed(ways_back):
        hidden = tf.nn.relu(way_back(hidden))
    return tf.reduce_mean(tf.square(tf.reshape(hidden, batch.shape) - centred))


@pytest.mark.parametrize("config", [DENSE, CONVOLUTIONAL])
def test_a_step_is_the_lectures_step(dataset, config):
    """Losses and weights equal those of a plain loop: shuffled batches, the lecture's cost, Adam."""
    training, start = begin(dataset, config)
    events = drive(training, [LONG] * 3)
    steps = len(losses_of(events))
    train_images = dataset.as_floats(start.split.train)
    order = tf.random.experimental.stateless_shuffle(tf.range(len(train_images)), seed=(1, 0)).numpy()

    model = build(config, dataset.image_shape, 0)
    mean = train_images.astype(np.float64).mean(axis=0)
    model.mean_subtraction.mean.assign(mean)
    losses = []
    for i in range(steps):
        batch = train_images[order[4 * i : 4 * i + 4]]
        with tf.GradientTape() as tape:
            loss = lecture_cost(model, batch)
        gradients = tape.gradient(loss, model.trainable_variables)
        model.optimizer.apply(gradients, model.trainable_variables)
        losses.append(float(loss))

    assert steps == 5
    np.testing.assert_allclose(losses_of(events), losses, rtol=1e-4)
    newest = snapshots(events, recorded=True)[-1]
    for path, theirs in model.variables_by_path.items():
        np.testing.assert_allclose(newest.weights[path], theirs.value, atol=2e-5)


@pytest.mark.parametrize("config", [DENSE, CONVOLUTIONAL])
def test_weights_do_not_depend_on_how_steps_are_cut_into_turns(dataset, config):
    """Full speed, one batch per turn, three batches per turn: the same, bit for bit."""
    final = []
    for max_steps in (None, 1, 3):
        training, _ = begin(dataset, config)
        turns = itertools.repeat(StepBudget(seconds=0.002, max_steps=max_steps, learning_rate=1e-3))
        final.append(snapshots(drive(training, turns), recorded=True)[-1])
    for other in final[1:]:
        assert other.position == Position(2, 0)
        assert_same_weights(final[0].weights, other.weights)


def test_another_seed_gives_another_run(dataset):
    same, again, other = (
        losses_of(drive(begin(dataset, DENSE.replace(seed=seed))[0], [LONG] * 4)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(same, again)
    assert not np.array_equal(same, other)


def test_each_epoch_has_an_order_of_its_own_and_sees_every_image(dataset):
    """With a learning rate of 0, losses identify batches: other batches, with (nearly) the same mean."""
    training, _ = begin(dataset, DENSE)
    still = itertools.repeat(StepBudget(seconds=60.0, max_steps=None, learning_rate=0.0))
    first, second = losses_of(drive(training, still)).reshape(2, 27)
    assert not np.array_equal(np.sort(first), np.sort(second))
    assert first.mean() == pytest.approx(second.mean(), rel=1e-5)


def test_epoch_metrics_are_means_over_batches_and_over_the_validation_part(dataset):
    training, start = begin(dataset, DENSE)
    events = drive(training, itertools.repeat(LONG))
    last = of_kind(events, EpochCompleted)[-1].record
    assert last.metrics["loss"] == pytest.approx(losses_of(events)[27:].mean(), rel=1e-6)
    images = dataset.as_floats(start.split.validation)
    error = squared_error(start.model, images).mean()
    assert last.metrics["val_loss"] == pytest.approx(error, rel=1e-5)
    assert last.images_per_second > 0


def test_probes_are_the_latents_of_the_first_test_images(dataset):
    training, start = begin(dataset, DENSE)
    artifacts = next(training)[1].snapshot.artifacts
    expected = start.model.encode(dataset.as_floats(start.split.test)).numpy()
    assert artifacts.latents.dtype == np.float16
    np.testing.assert_allclose(artifacts.latents, expected, atol=1e-2)
    np.testing.assert_array_equal(artifacts.labels, dataset.labels[start.split.test])


def test_the_mean_image_is_that_of_the_training_part_only(dataset):
    _, start = begin(dataset, DENSE)
    expected = dataset.as_floats(start.split.train).mean(axis=0)
    np.testing.assert_allclose(start.model.mean_subtraction.mean.value, expected, atol=1e-6)
    _, raw = begin(dataset, DENSE.replace(subtract_mean=False))
    assert not np.any(raw.model.mean_subtraction.mean.value)


def test_a_limited_turn_takes_no_more_and_shows_its_weights(dataset):
    """The Step button: one batch, and the weights after it, each time."""
    training, _ = begin(dataset, DENSE)
    next(training)
    for batch in range(1, 9):
        steps, taken = training.send(StepBudget(seconds=0.0, max_steps=1, learning_rate=1e-3))
        assert steps.position == taken.snapshot.position == Position(0, batch)
        assert len(steps.metrics["loss"]) == 1
        assert taken.recorded == (batch in EARLY_BATCHES)


@pytest.mark.parametrize(
    ("between_turns", "between_looks", "live"),
    [(0.0, 0.0, []), (0.11, 0.0, [3]), (0.11, 0.05, []), (1.0, 0.05, [3])],
    ids=["within the interval", "later", "soon after one that took long", "long after one that took long"],
)
def test_live_weights_are_published_when_due(dataset, monkeypatch, between_turns, between_looks, live):
    """After each of three steps; those of the first two are recorded. Time passes when we let it."""
    times = itertools.count(step=between_looks)
    monkeypatch.setattr(time, "perf_counter", lambda: next(times) + n_turns * between_turns)
    n_turns = 0
    training, _ = begin(dataset, DENSE)
    events = list(next(training))
    while n_turns < 3:
        n_turns += 1
        events += training.send(StepBudget(seconds=0.0, max_steps=None, learning_rate=1e-3))
    assert [snapshot.position.step for snapshot in snapshots(events, recorded=False)] == live


def test_stopped_loop_returns_the_newest_weights(dataset):
    """`max_steps=0` records the current position, takes no step, and ends."""
    training, start = begin(dataset, DENSE)
    events = drive(training, [StepBudget(0.0, 1, 1e-3)] * 3 + [StepBudget(0.0, 0, 1e-3)])
    taken, ended = events[-2:]
    assert taken.recorded
    assert taken.snapshot.position == ended.position == Position(0, 3)
    assert not ended.complete
    assert_same_weights(taken.snapshot.weights, start.model.weights_by_path)
    with pytest.raises(StopIteration):
        training.send(LONG)


def test_stopping_where_the_weights_are_recorded_records_them_only_once(dataset):
    training, _ = begin(dataset, DENSE)
    events = drive(training, [StepBudget(0.0, 1, 1e-3)] * 2 + [StepBudget(0.0, 0, 1e-3)])
    assert [snapshot.position for snapshot in snapshots(events, recorded=True)].count(Position(0, 2)) == 1
    assert isinstance(events[-1], TrainingEnded)


def test_published_weights_never_change(dataset):
    """A snapshot is a read-only copy, unaffected by later steps."""
    training, _ = begin(dataset, DENSE)
    snapshot = next(training)[1].snapshot
    before = {path: array.copy() for path, array in snapshot.weights.items()}
    drive_on = [training.send(LONG) for _ in range(3)]
    assert drive_on
    assert not any(array.flags.writeable for array in snapshot.weights.values())
    assert_same_weights(snapshot.weights, before)


def test_learning_rate_is_the_turns(dataset):
    """With a rate of 0, weights do not change."""
    training, _ = begin(dataset, DENSE)
    untrained = next(training)[1].snapshot
    _, still = training.send(StepBudget(60.0, 1, 0.0))
    assert_same_weights(untrained.weights, still.snapshot.weights)
    _, moved = training.send(StepBudget(60.0, 1, 0.5))
    assert not same_weights(moved.snapshot.weights, untrained.weights)


def test_a_loss_that_explodes_names_its_batch_and_shows_no_such_weights(dataset):
    """In one long turn or batch by batch, it is the same batch, and all published weights are finite."""
    blamed = []
    for max_steps in (None, 1):
        training, _ = begin(dataset, DENSE.replace(layers=(12, 8, 5), output_activation="linear"))
        events = []
        with pytest.raises(NonFiniteLossError) as stopped:
            collect(training, StepBudget(60.0, max_steps, 1e6), events)
        blamed.append((stopped.value.epoch, stopped.value.batch))
        for event in of_kind(events, SnapshotTaken):
            assert all(np.isfinite(array).all() for array in event.snapshot.weights.values())
        assert np.isfinite(losses_of(events)).all()
    assert blamed[0] == blamed[1]
    assert blamed[0][0] == 1


def test_weights_that_explode_after_a_finite_loss_name_the_batch_that_made_them(dataset):
    training, _ = begin(dataset, DENSE)
    next(training)
    for _ in range(3):
        training.send(StepBudget(0.0, 1, 1e-3))
    with pytest.raises(NonFiniteLossError) as stopped:
        training.send(StepBudget(0.0, 1, float("inf")))
    assert (stopped.value.epoch, stopped.value.batch) == (1, 4)


def test_weights_are_known_by_their_layers_and_not_by_what_was_built_before(dataset):
    for _ in range(2):
        training, _ = begin(dataset, DENSE.replace(layers=(4,), tied=False))
        assert set(next(training)[1].snapshot.weights) == {
            "mean_subtraction/mean",
            "encoder_1/linear/kernel",
            "decoder_1/linear/kernel",
        }
