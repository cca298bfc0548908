"""A branch shares what its history depends on, and nothing of its parent's later epochs."""

import numpy as np
import pytest
from reported_runs import CONFIGURATION, STEPS, description, record, snapshot
from stores import store

from cadl_gui.datasets.split import split
from cadl_gui.domain.branching import BRANCH_FIELDS, Branch, branched, can_branch, past_of
from cadl_gui.domain.configuration import FIELDS
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.health import HealthNote
from cadl_gui.domain.history import History
from cadl_gui.domain.position import UNTRAINED, Position

ALL = (UNTRAINED, Position(0, 1), Position(1), Position(2), Position(3))


def branch_at(epoch):
    history = History(STEPS)
    history.add_steps({"loss": np.arange(3 * STEPS, dtype=np.float32)})
    for number in range(4):
        history.add_epoch(record(number))
        history.add_note(HealthNote(Position(number), "gap", f"Note {number}."))
    history.add_learning_rate(0, 1e-3)
    history.add_learning_rate(STEPS + 1, 1e-4)
    return Branch(description(), history, ALL, snapshot(Position(epoch)))


def test_the_past_ends_before_the_record_of_the_epoch_itself():
    past = past_of(branch_at(2))
    np.testing.assert_array_equal(past.step_losses, np.arange(2 * STEPS))
    assert [known.epoch for known in past.epochs] == [0, 1]
    without = branch_at(2)
    del without.history.epochs[2]
    assert [known.epoch for known in past_of(without).epochs] == [0, 1], "it was not recorded at all"
    assert past.learning_rates == [(0, 1e-3), (STEPS + 1, 1e-4)]
    assert [note.position.epoch for note in past.notes] == [0, 1, 2]


def test_an_untrained_branch_has_no_past():
    branch = branch_at(0)
    assert past_of(branch).n_steps == 0
    assert past_of(branch).learning_rates == []
    assert branch.earlier == ()


def test_branch_knows_where_it_came_from():
    assert branch_at(2).origin == "First try, epoch 2"
    assert branch_at(2).earlier == (UNTRAINED, Position(0, 1), Position(1))


def test_only_whole_epochs_can_be_branched():
    assert can_branch(Position(3))
    assert not can_branch(Position(3, 1))


def test_a_branch_of_the_last_epoch_trains_for_as_many_epochs_again():
    assert branched(CONFIGURATION, 1).training.epochs == CONFIGURATION.training.epochs
    assert (
        branched(CONFIGURATION, CONFIGURATION.training.epochs).training.epochs
        == 2 * CONFIGURATION.training.epochs
    )


def test_training_may_differ_but_the_network_may_not():
    changed = branched(CONFIGURATION, 1, {"learning_rate": 0.5, "epochs": 7})
    assert (changed.training.learning_rate, changed.training.epochs) == (0.5, 7)
    assert branched(CONFIGURATION, 1, {"layers": CONFIGURATION.model.layers}) == CONFIGURATION
    with pytest.raises(UserError, match="A branch cannot change Layers"):
        branched(CONFIGURATION, 1, {"layers": (9,)})


def test_with_another_seed_the_images_stay_in_their_parts():
    """Otherwise, the branch would be validated and tested on images that its parent was trained on."""
    dataset = store("Noise", np.zeros((200, 4, 4, 1), np.uint8), None, n_test=0)
    first = split(dataset, CONFIGURATION)
    other = branched(CONFIGURATION, 1, {"seed": 5})
    assert other.training.seed == 5
    again = branched(other, 1, {"seed": 6})
    for config in (other, again, branched(CONFIGURATION, 1)):
        for part in ("train", "validation", "test"):
            np.testing.assert_array_equal(getattr(split(dataset, config), part), getattr(first, part))
    assert branched(CONFIGURATION, 1).data.split_seed == -1
    assert not np.array_equal(split(dataset, CONFIGURATION.replace(seed=5)).test, first.test)


def test_an_epoch_must_be_left():
    with pytest.raises(UserError, match="a branch from epoch 2 needs more"):
        branched(CONFIGURATION, 2, {"epochs": 2})


def test_every_field_that_may_change_is_one():
    assert set(BRANCH_FIELDS) < set(FIELDS)
