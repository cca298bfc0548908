"""A health note is emitted once, with a suggestion, and again only after the problem was gone."""

from dataclasses import replace

import numpy as np
import pytest

from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.health import Suggestion
from cadl_gui.domain.history import EpochRecord
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.training.health import HealthChecks

CONFIGURATION = RunConfig.of(preset="test")
VAE = preset("vae").config.replace(beta=4.0)


def record(epoch, loss=1.0, val_loss=1.0, **metrics):
    trained = {"loss": loss} if epoch else {}
    return EpochRecord(epoch, {**trained, "val_loss": val_loss, **metrics})


def reported(checks, records, ranges=()):
    """Kind and epoch of all notes; ranges are one for all epochs, or one for each."""
    each = list(ranges) or [{}] * len(records)
    notes = [note for made, at in zip(records, each, strict=True) for note in checks.after_epoch(made, at)]
    assert all(note.position.step == 0 for note in notes)
    return [(note.kind, note.position.epoch) for note in notes]


def units(n_dead, n=20, level=0.0):
    """The ranges of a layer in which some units are constant at `level`."""
    lowest, highest = np.zeros(n, np.float32), np.ones(n, np.float32)
    lowest[:n_dead] = highest[:n_dead] = level
    return {"encoder_1": (lowest, highest)}


def test_a_collapse_is_reported_once_and_again_after_it_was_well():
    nats = [0.0, 5.0, 0.05, 0.01, 3.0, 0.02]
    records = [record(epoch, val_kl_loss=kl) for epoch, kl in enumerate(nats)]
    assert reported(HealthChecks(VAE), records) == [("collapse", 2), ("collapse", 5)]


def test_a_collapse_suggests_half_the_beta():
    (note,) = HealthChecks(VAE).after_epoch(record(1, val_kl_loss=0.04), {})
    assert note.position == Position(1)
    assert note.message == (
        "The latent space is collapsing: KL is 0.04, so the latent vector carries no information. Lower β."
    )
    assert note.suggestion == Suggestion("beta", 2.0)


def test_without_a_beta_to_lower_nothing_is_suggested():
    (note,) = HealthChecks(VAE.replace(beta=0.0)).after_epoch(record(1, val_kl_loss=0.0), {})
    assert note.suggestion is None


def test_the_untrained_network_has_not_collapsed():
    assert reported(HealthChecks(VAE), [record(0, val_kl_loss=0.0)]) == []


def test_dead_units_are_reported_once_and_again_after_they_lived():
    records = [record(epoch) for epoch in range(6)]
    ranges = [units(n) for n in (0, 8, 9, 1, 8, 8)]
    assert reported(HealthChecks(CONFIGURATION), records, ranges) == [("units", 1), ("units", 4)]


@pytest.mark.parametrize(
    ("n_dead", "n", "complains"), [(1, 3, False), (2, 3, True), (5, 20, False), (6, 20, True)]
)
def test_three_tenths_of_the_units_and_at_least_two(n_dead, n, complains):
    assert bool(HealthChecks(CONFIGURATION).after_epoch(record(1), units(n_dead, n))) == complains


def test_dead_units_are_reported_from_constant_ones():
    (dead,) = HealthChecks(CONFIGURATION).after_epoch(record(1), units(8))
    assert dead.message.startswith("8 of 20 neurons of encoder_1 never react: 0 for every image.")
    assert dead.suggestion == Suggestion("activation", "leaky_relu")
    tanh = HealthChecks(CONFIGURATION.replace(activation="tanh"))
    (constant,) = tanh.after_epoch(record(1), units(8, level=-1.0))
    assert constant.message.startswith("8 of 20 neurons of encoder_1 are the same for every image.")
    assert constant.suggestion is None


def gap_records(steps):
    """One epoch per step: "+" validation loss grew and training loss fell; "-" both fell, "^" both grew."""
    val_loss, records = 1.0, [record(0, val_loss=9.0), record(1, loss=1.0)]
    for epoch, step in enumerate(steps, 2):
        val_loss += -0.1 if step == "-" else 0.1
        records.append(record(epoch, loss=5.0 if step == "^" else 1 / epoch, val_loss=val_loss))
    return records


@pytest.mark.parametrize(
    ("steps", "epochs"),
    [
        ("++-++", []),
        ("+++", [4]),
        ("++++++", [4]),
        ("---+++-+++", [7, 11]),
        ("+++-+", [4]),
        ("", []),
        ("++^+++", [7]),
        ("^+++", [5]),
    ],
)
def test_a_gap_that_widens_for_three_epochs_is_reported_once(steps, epochs):
    assert reported(HealthChecks(CONFIGURATION), gap_records(steps)) == [("gap", epoch) for epoch in epochs]


def test_two_losses_that_grow_together_are_no_gap():
    records = [record(epoch, loss=epoch, val_loss=epoch) for epoch in range(8)]
    assert reported(HealthChecks(CONFIGURATION), records) == []


@pytest.mark.parametrize(
    ("config", "suggested"),
    [
        ({"dropout": 0.0}, Suggestion("dropout", 0.2)),
        ({"dropout": 0.3}, Suggestion("dropout", 0.5)),
        ({"dropout": 0.9}, Suggestion("dropout", 0.95)),
        ({"dropout": 0.95}, None),
        # Nothing is dropped without hidden layers.
        ({"model": "classifier", "layers": (), "dropout": 0.5}, Suggestion("weight_decay", 0.1)),
    ],
)
def test_a_gap_suggests_what_keeps_the_next_run_from_it(config, suggested):
    checks = HealthChecks(CONFIGURATION.replace(**config))
    (note,) = (note for made in gap_records("+++") for note in checks.after_epoch(made, {}))
    assert note.suggestion == suggested
    label = "" if suggested is None else FIELDS[suggested.field].label
    assert note.message.endswith(f"better. {label} may help the next run." if label else "better.")


def test_of_a_classifier_with_a_gap_no_epoch_is_called_better_than_the_one_called_best():
    """Its accuracy is the measure: “an earlier epoch is better” stood above the last epoch, named “best”."""
    checks = HealthChecks(CONFIGURATION.replace(model="classifier"), 10)
    records = [replace(made, metrics=made.metrics | {"val_accuracy": 0.9}) for made in gap_records("+++")]
    (note,) = (note for made in records for note in checks.after_epoch(made, {}))
    assert "by heart." in note.message
    assert "better" not in note.message


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_resumed_run_reports_what_one_that_was_never_interrupted_reports(cut):
    records = [
        EpochRecord(made.epoch, {**made.metrics, "val_kl_loss": kl})
        for made, kl in zip(gap_records("---+++-+++"), (1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0), strict=True)
    ]
    ranges = [units(n) for n in (0, 8, 8, 8, 0, 8, 8, 0, 0, 8, 8, 0)]
    whole = reported(HealthChecks(VAE), records, ranges)
    before = reported(HealthChecks(VAE), records[:cut], ranges[:cut])
    resumed = HealthChecks(VAE)
    resumed.catch_up(records[:cut], ranges[cut - 1])
    assert before + reported(resumed, records[cut:], ranges[cut:]) == whole
    assert len(whole) == 8
