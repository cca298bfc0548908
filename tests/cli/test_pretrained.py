"""Which positions of a long run are shipped, and that halving the precision of weights is invisible."""

import numpy as np
import pytest

from cadl_gui.cli.pretrained import FINISHED, SHIPPED, looks_the_same, retained_positions
from cadl_gui.domain.branching import branched
from cadl_gui.domain.position import EARLY_BATCHES, Position
from cadl_gui.domain.presets import PRESETS

pytestmark = pytest.mark.tf


def recorded(epochs):
    early = [Position(0, batch) for batch in EARLY_BATCHES]
    return tuple(sorted([Position(epoch) for epoch in range(epochs + 1)] + early))


@pytest.mark.parametrize("epochs", [1, 5, 30, 60])
def test_about_ten_positions_are_retained_including_the_first_and_the_last(epochs):
    retained = retained_positions(recorded(epochs), epochs)
    assert retained == sorted(set(retained))
    assert retained[0] == Position(0)
    assert retained[-1] == Position(epochs)
    assert len(retained) <= 11
    assert sum(position.step > 0 for position in retained) == 3


def test_retained_epochs_are_further_and_further_apart():
    epochs = [position.epoch for position in retained_positions(recorded(60), 60) if position.epoch > 0]
    gaps = np.diff(epochs)
    assert (np.diff(gaps) >= 0).all()


def test_a_run_that_retained_few_epochs_ships_the_nearest_ones():
    recorded = [Position(epoch) for epoch in (0, 1, 2, 4, 9, 18, 36, 43, 44)]
    retained = retained_positions(tuple(recorded), 44)
    assert retained == [Position(epoch) for epoch in (0, 1, 2, 4, 9, 18, 44)]


def test_runs_trained_further_for_shipping_change_only_what_a_branch_may():
    for name, changes in FINISHED.items():
        config = PRESETS[name].config.replace(**SHIPPED[name])
        assert branched(config, config.training.epochs, changes).training.epochs > config.training.epochs


def test_the_best_epoch_is_retained_wherever_it_is():
    """It is marked on the timeline, so a click there must show its weights."""
    assert Position(56) in retained_positions(recorded(60), 56)
    assert Position(56) not in retained_positions(recorded(60), 60)


def test_what_ships_are_presets_of_ours():
    assert set(SHIPPED) <= set(PRESETS)
    assert not any(name.startswith("lecture-") for name in SHIPPED)


def test_images_may_differ_by_one_level_and_answers_not_at_all():
    """However the other pixels and predictions are."""
    grey = np.full((2, 2, 2, 1), 100 / 255, np.float32)

    def with_one_pixel(value):
        changed = grey.copy()
        changed[1, 0, 1] = value
        return changed

    for level in (99, 101):
        assert looks_the_same(grey, with_one_pixel(level / 255))
    for level in (98, 102, np.nan):
        assert not looks_the_same(grey, with_one_pixel(level / 255))
    answers = np.array([[0.6, 0.3, 0.1], [0.1, 0.2, 0.7]], np.float32)
    assert looks_the_same(answers, np.array([[0.5, 0.4, 0.1], [0.3, 0.3, 0.4]], np.float32))
    assert not looks_the_same(answers, np.array([[0.6, 0.3, 0.1], [0.1, 0.7, 0.2]], np.float32))
    assert not looks_the_same(answers, np.array([[np.nan, 0.3, 0.1], [0.1, 0.2, 0.7]], np.float32))
