"""The parts that a configuration asks for add up to all images, and a batch size is proposed."""

import pytest

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.part_sizes import batch_size_error, fitting_batch_size, part_sizes


def config(**fields):
    return RunConfig.of(preset="test", **fields)


@pytest.mark.parametrize(
    ("split", "n_validation", "n_test", "sizes"),
    [
        ("official", 0, 0, (83, 9, 9)),
        ("official", 0, 20, (73, 8, 20)),
        ("official", 30, 0, (65, 30, 6)),
        ("official", 30, 20, (51, 30, 20)),
        ("fractions", 30, 20, (82, 10, 9)),
    ],
)
def test_parts_are_those_of_the_dataset_or_shares_of_the_rest(split, n_validation, n_test, sizes):
    config_ = config(split=split, validation_fraction=0.1, test_fraction=0.09)
    assert part_sizes(101, n_validation, n_test, config_) == sizes
    assert sum(sizes) == 101


def test_few_images_are_tested_and_validated_with_first():
    assert [part_sizes(n, 0, 0, config()) for n in range(4)] == [(0, 0, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1)]


@pytest.mark.parametrize(("n_train", "proposed"), [(1, 1), (15, 1), (16, 2), (100, 8), (127, 8), (128, 16)])
def test_batch_that_the_images_do_not_fill_has_a_better_size_of_at_least_eight_a_round(n_train, proposed):
    assert fitting_batch_size(n_train, n_train + 1) == proposed
    assert fitting_batch_size(n_train, n_train) == n_train
    error = batch_size_error(config(batch_size=n_train + 1), n_train)
    assert error.field == "batch_size"
    assert f"{n_train} image" in str(error)
    assert f"({proposed} recommended)" in str(error)
    assert batch_size_error(config(batch_size=n_train), n_train) is None


def test_no_batch_size_helps_without_training_images():
    assert batch_size_error(config(batch_size=1), 0).field == "dataset"
