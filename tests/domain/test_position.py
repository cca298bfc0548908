"""Positions are ordered as in training, and early batches are recorded."""

from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.position import EARLY_BATCHES, UNTRAINED, Position, is_recorded, steps_to_next_record


@given(st.integers(1, 1000))
def test_walking_from_record_to_record_meets_every_early_batch_and_the_epoch_s_end(steps_per_epoch):
    step, met = 0, []
    while step < steps_per_epoch:
        step += steps_to_next_record(Position(0, step), steps_per_epoch)
        met.append(step)
    assert met == [*(batch for batch in EARLY_BATCHES if batch < steps_per_epoch), steps_per_epoch]


@given(st.integers(1, 50), st.integers(0, 99))
def test_later_epochs_are_retained_at_their_end_only(epoch, step):
    assert steps_to_next_record(Position(epoch, step), 100) == 100 - step
    assert is_recorded(Position(epoch, step)) == (step == 0)


def test_positions_read_as_people_say_them():
    assert [str(p) for p in (UNTRAINED, Position(0, 5), Position(3), Position(3, 7))] == [
        "untrained", "epoch 1, batch 5", "epoch 3", "epoch 4, batch 7"
    ]  # fmt: skip
    assert [p.in_epoch(5) for p in (UNTRAINED, Position(0, 5), Position(3), Position(3, 7))] == [
        "untrained", "epoch 1 of 5", "epoch 3 of 5", "epoch 4 of 5"
    ]  # fmt: skip
    assert Position(7).in_epoch(5) == "epoch 7 of 7"
    assert UNTRAINED < Position(0, 5) < Position(1) < Position(1, 1) < Position(2)


def test_a_position_is_named_with_its_run():
    named = [position.of_run("B") for position in (Position(0), Position(3), Position(3, 8))]
    assert named == ["untrained B", "epoch 3 of B", "epoch 4, batch 8 of B"]
