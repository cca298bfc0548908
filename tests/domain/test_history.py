"""A growing history does not move arrays that it has returned, and smooths without start-up bias."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.health import FAILED, HealthNote
from cadl_gui.domain.history import EpochRecord, History, smooth
from cadl_gui.domain.position import Position

finite = st.floats(-1e6, 1e6, width=32)


@given(st.lists(st.lists(finite, max_size=700), max_size=6))
def test_losses_come_back_in_order(chunks):
    history = History(10)
    for chunk in chunks:
        history.add_steps({"loss": np.array(chunk, np.float32)})
    np.testing.assert_array_equal(
        history.step_losses, np.array([loss for chunk in chunks for loss in chunk], np.float32)
    )
    x, y = history.step_curve()
    assert len(x) == len(y) == history.n_steps


def test_a_view_of_the_losses_stays_what_it_was():
    history = History(10)
    history.add_steps({"loss": np.ones(3, np.float32)})
    view = history.step_losses
    history.add_steps({"loss": np.zeros(5000, np.float32)})
    np.testing.assert_array_equal(view, np.ones(3, np.float32))
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 2


def test_curves_are_measured_in_epochs():
    history = History(4)
    history.add_steps({"loss": np.arange(6, dtype=np.float32)})
    history.add_epoch(EpochRecord(0, {"val_loss": 2.0}))
    history.add_epoch(EpochRecord(1, {"loss": 1.0, "val_loss": 1.5}, 100.0))
    np.testing.assert_allclose(history.step_curve()[0], [0.25, 0.5, 0.75, 1, 1.25, 1.5])
    x, y = history.curve("val_loss")
    np.testing.assert_array_equal(x, [0, 1])
    np.testing.assert_array_equal(y, [2, 1.5])
    assert len(history.curve("loss")[0]) == 1


def test_every_metric_of_a_step_has_a_curve():
    history = History(2)
    history.add_steps({"loss": np.float32([3, 2]), "kl_loss": np.float32([1, 0.5])})
    history.add_steps({"loss": np.float32([1]), "kl_loss": np.float32([0.25])})
    x, y = history.step_curve("kl_loss")
    np.testing.assert_array_equal(x, [0.5, 1, 1.5])
    np.testing.assert_array_equal(y, [1, 0.5, 0.25])
    assert [len(part) for part in history.step_curve("accuracy")] == [0, 0]
    assert history.n_steps == 3


@pytest.mark.parametrize(
    "metrics",
    [
        {"loss": np.zeros(1, np.float32)},
        {"loss": np.zeros(1, np.float32), "accuracy": np.zeros(1, np.float32)},
        {"loss": np.zeros(2, np.float32), "kl_loss": np.zeros(1, np.float32)},
        {"kl_loss": np.zeros(1, np.float32)},
    ],
)
def test_metrics_that_do_not_continue_those_before_are_a_programming_error(metrics):
    history = History(2)
    history.add_steps({"loss": np.zeros(2, np.float32), "kl_loss": np.zeros(2, np.float32)})
    with pytest.raises(ValueError, match=r"Expected .* Received"):
        history.add_steps(metrics)
    assert history.n_steps == 2


def test_a_learning_rate_is_noted_once():
    history = History(4)
    for step, rate in ((0, 0.1), (4, 0.1), (8, 0.2)):
        history.add_learning_rate(step, rate)
    assert history.learning_rates == [(0, 0.1), (8, 0.2)]


@given(finite, st.integers(1, 50), st.floats(0, 0.99))
def test_a_constant_stays_itself_when_smoothed(value, n, weight):
    np.testing.assert_allclose(smooth([value] * n, weight), [value] * n, rtol=1e-9, atol=1e-9)


@given(st.lists(finite, min_size=1, max_size=50), st.floats(0, 0.99))
def test_smoothing_is_the_weighted_mean_of_the_past(values, weight):
    powers = [weight**k for k in range(len(values))]
    oracle = [
        sum(p * v for p, v in zip(powers, reversed(values[: i + 1]), strict=False)) / sum(powers[: i + 1])
        for i in range(len(values))
    ]
    np.testing.assert_allclose(smooth(values, weight), oracle, rtol=1e-6, atol=1e-3)


@pytest.mark.parametrize("weight", [0.01, 0.6, 0.99])
@pytest.mark.parametrize("n", [63, 64, 65, 1000])
def test_many_steps_are_smoothed_as_one_after_the_other(n, weight):
    values = np.random.default_rng(0).normal(2, 1, n)
    total = share = 0.0
    for value, smoothed in zip(values, smooth(values, weight), strict=True):
        total, share = weight * total + (1 - weight) * value, weight * share + (1 - weight)
        assert smoothed == pytest.approx(total / share, rel=1e-9)


@pytest.mark.parametrize("weight", [-0.1, 1.0])
def test_smoothing_needs_a_share(weight):
    with pytest.raises(ValueError, match="weight"):
        smooth([1.0], weight)


def history_of(losses):
    history = History(10)
    for epoch, loss in enumerate(losses):
        history.add_epoch(EpochRecord(epoch, {"val_loss": loss}))
    return history


@given(st.lists(st.floats(1e-6, 1e6), min_size=2, max_size=50))
def test_levels_lie_between_the_lowest_and_the_highest(losses):
    levels = history_of(losses).levels("val_loss")
    assert [epoch for epoch, _ in levels] == list(range(len(losses)))
    assert all(0 <= level <= 1 for _, level in levels)
    if len(set(losses)) > 1:
        assert levels[losses.index(min(losses))][1] == 0


def test_a_loss_that_falls_by_tens_falls_in_a_straight_line():
    levels = [level for _, level in history_of([1, 0.1, 0.01]).levels("val_loss")]
    assert levels == pytest.approx([1, 0.5, 0])
    assert history_of([1]).levels("val_loss") == ()


def test_the_past_of_a_position_is_a_copy():
    history = history_of([3, 2, 1])
    history.add_steps({"loss": np.arange(20, dtype=np.float32)})
    past = history.up_to(Position(1, 3))
    assert past.n_steps == 13
    assert [record.epoch for record in past.epochs] == [0, 1]
    history.add_epoch(EpochRecord(3, {}))
    assert len(past.epochs) == 2


def test_what_ended_a_training_came_after_the_weights_that_were_kept():
    """A note on it has their position, which a branch, a resumed run and a checkpoint begin with."""
    history = history_of([3, 2, 1])
    notes = [HealthNote(Position(1), kind, kind) for kind in ("units", FAILED)]
    for note in notes:
        history.add_note(note)
    assert history.up_to(Position(1)).notes == notes[:1]


@pytest.mark.parametrize(
    ("position", "n_retained"), [((0, 9), 1), ((1, 0), 1), ((1, 1), 2), ((2, 0), 2), ((2, 1), 3)]
)
def test_a_rate_that_begins_with_the_next_step_is_not_of_the_past(position, n_retained):
    """Step 10 is the first of the second epoch: a rate that begins there had no effect in the first."""
    history = History(10)
    rates = [(0, 0.1), (10, 0.2), (20, 0.4)]
    for step, rate in rates:
        history.add_learning_rate(step, rate)
    history.add_steps({"loss": np.zeros(30, np.float32)})
    assert history.up_to(Position(*position)).learning_rates == rates[:n_retained]


def grown(*losses, **others):
    history = History(2)
    history.add_epoch(EpochRecord(0, {"val_loss": 2.0}))
    for epoch, loss in enumerate(losses, 1):
        history.add_steps({"loss": np.full(2, loss, np.float32), **others})
        history.add_epoch(EpochRecord(epoch, {"val_loss": loss}, images_per_second=epoch * loss))
    return history


def test_a_history_is_a_prefix_of_what_continues_it():
    whole = grown(1.0, 0.5, 0.25)
    for n in range(4):
        assert grown(*(1.0, 0.5, 0.25)[:n]).is_prefix_of(whole)
        assert whole.is_prefix_of(grown(*(1.0, 0.5, 0.25)[:n])) == (n == 3)
    faster = grown(1.0, 0.5, 0.25)
    faster.epochs[1] = EpochRecord(1, faster.epochs[1].metrics, 1e6)
    assert faster.is_prefix_of(whole)


def test_histories_that_parted_are_no_prefixes_of_each_other():
    whole, other_step = grown(1.0, 0.5), grown(1.0)
    other_step.add_steps({"loss": np.array([0.5, 0.75], np.float32)})
    others = grown(1.0, accuracy=np.ones(2, np.float32)), grown(1.0, 0.25), grown(0.75, 0.5, 0.25)
    for other in (*others, other_step):
        assert not other.is_prefix_of(whole)
        assert not whole.is_prefix_of(other)
