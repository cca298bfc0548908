"""Long runs retain many early epochs, ever fewer later ones, and always the first, the best and the last."""

from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.position import EARLY_BATCHES, UNTRAINED, Position
from cadl_gui.domain.snapshot_retention import DENSE_EPOCHS, positions_to_retain, unretained_ranges

EARLY = tuple(Position(0, batch) for batch in EARLY_BATCHES)


def run_of(n_epochs):
    """All positions that a run records: early batches and every epoch."""
    return sorted([*EARLY, *map(Position, range(n_epochs + 1))])


def epochs_of(positions):
    return [position.epoch for position in positions if position.step == 0]


def test_a_run_of_a_hundred_epochs_keeps_all():
    assert positions_to_retain(run_of(DENSE_EPOCHS), best_epoch=90) == tuple(run_of(DENSE_EPOCHS))


def test_later_epochs_are_ever_further_apart():
    retained = epochs_of(positions_to_retain(run_of(800), best_epoch=None))
    assert retained == [*range(101), *range(102, 201, 2), *range(204, 401, 4), *range(408, 801, 8)]


@given(st.integers(1, 10_000))
def test_number_of_retained_epochs_grows_with_the_logarithm(n_epochs):
    octaves = max(0, n_epochs // DENSE_EPOCHS).bit_length()
    assert len(positions_to_retain(run_of(n_epochs), best_epoch=None)) <= len(EARLY) + 102 + 51 * octaves


@given(st.integers(1, 2000), st.data())
def test_the_first_the_best_and_the_last_are_retained(n_epochs, data):
    best = data.draw(st.integers(0, n_epochs))
    retained = positions_to_retain(run_of(n_epochs), best)
    assert {UNTRAINED, Position(best), Position(n_epochs), *EARLY} <= set(retained)
    assert list(retained) == sorted(set(retained))


@given(st.lists(st.integers(0, 50), min_size=150, max_size=260))
def test_thinning_after_each_epoch_is_thinning_once(losses):
    """The best epoch so far is dropped when there is a better one, so in the end the same ones remain."""
    retained, best = (UNTRAINED,), 0
    for epoch, loss in enumerate(losses, start=1):
        best = epoch if epoch == 1 or loss < losses[best - 1] else best
        retained = positions_to_retain([*retained, Position(epoch)], best)
    assert retained == positions_to_retain(map(Position, range(len(losses) + 1)), best)


def test_a_stop_inside_a_late_epoch_is_retained_only_while_it_is_the_last():
    stopped = Position(150, 17)
    assert stopped in positions_to_retain([*run_of(150), stopped], None)
    assert stopped not in positions_to_retain([*run_of(151), stopped], None)


def test_run_without_recorded_epochs_keeps_none():
    assert positions_to_retain([], None) == ()


def test_gaps_are_between_retained_epochs():
    assert unretained_ranges(run_of(5)) == []
    assert unretained_ranges([UNTRAINED, Position(0, 5), Position(1), Position(4), Position(4, 9)]) == [
        (1, 4)
    ]
    assert unretained_ranges([Position(7)]) == []
