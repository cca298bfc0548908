"""Which positions of a long run are shipped, and that halving the precision of weights is invisible."""

import json

import numpy as np
import pytest
from tools.pretrained import (
    FINISHED,
    SHIPPED,
    SHIPPED_EPOCHS,
    finished,
    looks_the_same,
    make,
    parsed,
    retained_positions,
    shipped_config,
    thin,
)

from cadl_gui.domain.metrics import best_epoch
from cadl_gui.domain.position import EARLY_BATCHES, Position
from cadl_gui.domain.presets import PRESETS
from cadl_gui.runs.layout import history_path
from cadl_gui.runs.reader import read_run
from cadl_gui.runs.snapshots import read_snapshot

pytestmark = [
    pytest.mark.tf,
    # Keras 3.15 saves variables through an `__array__` that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def positions(epochs):
    early = [Position(0, batch) for batch in EARLY_BATCHES]
    return tuple(sorted([Position(epoch) for epoch in range(epochs + 1)] + early))


@pytest.mark.parametrize("epochs", [1, 5, 30, 60])
def test_the_first_and_the_last_position_and_early_batches_are_retained(epochs):
    retained = retained_positions(positions(epochs), epochs, n_epochs=6)
    assert retained == sorted(set(retained))
    assert retained[0] == Position(0)
    assert retained[-1] == Position(epochs)
    assert [position.step for position in retained if position.step] == [5, 20, 100]
    assert sum(position.epoch > 0 for position in retained) == min(epochs, 6)


@pytest.mark.parametrize("n_epochs", [3, 4, 6])
def test_retained_epochs_are_further_and_further_apart(n_epochs):
    retained = retained_positions(positions(60), 60, n_epochs)
    epochs = [position.epoch for position in retained if position.epoch]
    assert len(epochs) == n_epochs
    assert (np.diff(epochs, n=2) > 0).all()


def test_a_run_that_retained_few_epochs_ships_those_nearest_by_their_ratio():
    few = [Position(epoch) for epoch in (0, 1, 2, 4, 9, 18, 36, 43, 44)]
    assert retained_positions(tuple(few), 44, 6) == [Position(epoch) for epoch in (0, 1, 2, 4, 9, 18, 44)]
    # The square root of 121 is 11, and 17 is nearer to it than 6 by ratio only.
    few = [Position(epoch) for epoch in (0, 1, 6, 17, 121)]
    assert retained_positions(tuple(few), 121, 3) == [Position(epoch) for epoch in (0, 1, 17, 121)]


@pytest.mark.parametrize("epochs", [1, 7, 44, 300])
@pytest.mark.parametrize("n_epochs", [2, 3, 6])
def test_of_retained_positions_all_are_retained_again(epochs, n_epochs):
    best = epochs * 2 // 3
    once = retained_positions(positions(epochs), best, n_epochs)
    assert retained_positions(tuple(once), best, n_epochs) == once


def test_runs_trained_further_for_shipping_change_only_what_a_branch_may():
    for name, changes in FINISHED.items():
        config = PRESETS[name].config.replace(**SHIPPED[name])
        branch = finished(config, config.training.epochs, changes)
        assert branch.training.epochs > config.training.epochs
        assert {name: branch.value(name) for name in changes} == changes


def test_the_best_epoch_is_retained_wherever_it_is():
    """It is marked on the timeline, so a click there must show its weights."""
    with_best, without = (set(retained_positions(positions(60), best, 4)) for best in (56, 60))
    assert with_best - without == {Position(56)}
    assert without < with_best
    assert set(retained_positions(positions(60), None, 4)) == without
    few = tuple(Position(epoch) for epoch in (0, 1, 50, 60))
    assert set(retained_positions(few, 55, 3)) == set(few)


def test_what_ships_are_presets_of_ours():
    assert set(SHIPPED_EPOCHS) < set(SHIPPED) <= set(PRESETS)
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


@pytest.mark.slow
def test_a_run_of_two_phases_ships_its_best_epoch_from_whichever_it_is(tmp_path):
    """The second phase is a run of its own, which begins with what the first one recorded, and spoils it."""
    random = np.random.default_rng(5)
    images = (random.random((133, 6, 5, 1)) ** 3 * 255).astype(np.uint8)
    np.savez(tmp_path / "noise.npz", images=images)
    config = PRESETS["autoencoder"].config.replace(
        layers=(12, 5), batch_size=20, epochs=10, dataset=str(tmp_path / "noise.npz")
    )
    make("quick", config, tmp_path, finish={"epochs": 24, "learning_rate": 0.3})
    run = read_run(tmp_path / "quick")
    assert [record.epoch for record in run.history.epochs] == list(range(25))
    best = best_epoch(run.config, run.history.epochs)
    assert 5 < best <= 10
    assert [position.epoch for position in run.recorded if not position.step] == [0, 1, 5, best, 24]
    assert read_snapshot(run.folder, Position(best)).position == Position(best)
    are_halved = {
        position: all(
            (array == array.astype(np.float16)).all()
            for array in read_snapshot(run.folder, position).weights.values()
        )
        for position in run.recorded
    }
    assert not are_halved.pop(Position(24)), "the last one is exact, for branches"
    assert True in are_halved.values()
    history = history_path(run.folder)
    lines = [json.loads(line) for line in history.read_text("utf-8").splitlines()]
    for line in lines:
        if line.get("epoch") == 5:
            line["metrics"]["val_loss"] = 0.0
    history.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    thin(run.folder)
    thinner = read_run(tmp_path / "quick")
    assert set(run.recorded) - set(thinner.recorded) == {Position(best)}
    assert [record.epoch for record in thinner.history.epochs] == list(range(25))


def test_a_run_is_made_from_another_seed_and_validated_on_the_same_images():
    made, own = shipped_config("autoencoder", 7), shipped_config("autoencoder")
    assert made.training.seed == 7 != own.training.seed
    assert made.seed_of_split == own.seed_of_split
    assert made.replace(seed=own.training.seed, split_seed=own.data.split_seed) == own
    assert own == PRESETS["autoencoder"].config.replace(**SHIPPED["autoencoder"])


def test_the_command_line_names_runs_and_a_seed_in_any_order(capsys):
    asked = [(), ("--seed", "3"), ("vae", "--seed", "3"), ("--seed", "3", "vae", "softmax")]
    chosen = [parsed(["folder", *words]) for words in asked]
    assert [(each.names, each.seed) for each in chosen] == [
        ([], None), ([], 3), (["vae"], 3), (["vae", "softmax"], 3)
    ]  # fmt: skip
    with pytest.raises(SystemExit):
        parsed(["folder", "vea"])
    assert "No run of “vea” ships." in capsys.readouterr().err
