"""The speeds of a training: what the slider says is what is trained."""

import pytest

from cadl_gui.engine.training_speed import FULL_SPEED, TRAINING_SPEEDS, TrainingSpeed

LIMITED = [speed for speed in TRAINING_SPEEDS if speed != FULL_SPEED]


@pytest.mark.parametrize("speed", LIMITED, ids=lambda speed: f"{speed.batches_per_second}")
def test_turns_of_whole_batches_amount_to_the_rate(speed):
    assert 1000 * speed.steps_per_turn / speed.interval_ms == pytest.approx(
        speed.batches_per_second, abs=1e-9
    )


@pytest.mark.parametrize("speed", LIMITED, ids=lambda speed: f"{speed.batches_per_second}")
def test_no_more_turns_a_second_than_the_window_can_show(speed):
    assert speed.interval_ms >= 33


def test_at_full_speed_each_turn_follows_the_last_and_takes_what_fits():
    assert (FULL_SPEED.interval_ms, FULL_SPEED.steps_per_turn) == (0, None)


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_that_is_not_positive_is_refused(rate):
    with pytest.raises(ValueError, match="Expected a positive rate"):
        TrainingSpeed(rate)
