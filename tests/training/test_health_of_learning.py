"""Notes on a network that does not learn; none on the shipped runs, nor on a preset's usual settings."""

import numpy as np
import pytest

from cadl_gui.domain.health import Suggestion
from cadl_gui.domain.history import EpochRecord
from cadl_gui.domain.learning_rates import learning_rate_to_try
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import PRESETS, preset
from cadl_gui.runs.reader import read_run
from cadl_gui.system.resources import shipped_runs
from cadl_gui.training.health import STUCK_STEPS, HealthChecks

SOFTMAX = preset("lecture-softmax").config
LEARNING = {"stuck", "worse", "chance"}


def record(epoch, val_loss, loss=1.0, **metrics):
    return EpochRecord(epoch, {**({"loss": loss} if epoch else {}), "val_loss": val_loss, **metrics})


def begun(config=SOFTMAX, val_loss=2.3):
    """Checks of a training that has begun with this loss."""
    checks = HealthChecks(config, 10)
    assert checks.after_epoch(record(0, val_loss, val_accuracy=0.1), {}) == []
    return checks


def after_steps(checks, losses, size=50, rate=SOFTMAX.training.learning_rate):
    """The notes on losses that come in turns of some steps."""
    notes = []
    for first in range(0, len(losses), size):
        turn = np.array(losses[first : first + size], np.float32)
        notes += checks.after_steps(turn, Position(0, first + len(turn)), first + len(turn), rate)
    return notes


def test_a_loss_that_does_not_fall_is_reported_once():
    notes = after_steps(begun(), [2.3] * 3 * STUCK_STEPS)
    assert [(note.kind, note.position) for note in notes] == [("stuck", Position(0, STUCK_STEPS))]
    assert notes[0].message.startswith("After 500 batches the loss is 2.3; it began at 2.3.")


def test_an_absurd_learning_rate_is_named_and_the_presets_is_suggested():
    (note,) = after_steps(begun(), [2.3] + [9000.0] * STUCK_STEPS, rate=1000.0)
    assert "The learning rate 1000 is too large; 0.001 is usual here." in note.message
    assert note.suggestion == Suggestion("learning_rate", 0.001)


def test_a_loss_that_falls_is_not_reported():
    assert after_steps(begun(), np.linspace(2.3, 1.5, STUCK_STEPS).tolist()) == []


def test_a_resumed_training_is_not_checked_again():
    checks = begun()
    assert checks.after_steps(np.full(20, 2.3, np.float32), Position(1, 20), STUCK_STEPS + 20, 1e-3) == []


def test_worse_than_the_untrained_network_is_reported_once_and_says_in_what():
    checks = begun()
    (note,) = checks.after_epoch(record(1, 10_234.0, 9000.0, val_accuracy=0.05), {})
    assert note.kind == "worse"
    assert note.message.startswith("The validation loss rose from 2.3 to 10,234. Another")
    assert checks.after_epoch(record(2, 1.0, 1.0, val_accuracy=0.85), {}) == []
    (note,) = checks.after_epoch(record(3, 10_234.0, 9000.0, val_accuracy=0.85), {})
    assert note.message.startswith(
        "The validation loss rose from 2.3 to 10,234, although accuracy rose, too: the network is too sure"
    )
    checks = begun()
    checks.after_epoch(record(1, 10_234.0, 9000.0, val_accuracy=0.85), {})
    assert checks.after_epoch(record(2, 10_000.0, 9000.0, val_accuracy=0.85), {}) == []
    assert checks.after_epoch(record(3, 0.5, 0.5, val_accuracy=0.85), {}) == []
    assert len(checks.after_epoch(record(4, 10_000.0, 9000.0, val_accuracy=0.85), {})) == 1


def test_network_that_learns_its_images_by_heart_is_not_blamed_on_the_learning_rate():
    (note,) = begun().after_epoch(record(1, 3.0, 0.1, val_accuracy=0.5), {})
    assert "by heart" in note.message
    assert note.suggestion is None


def test_problem_is_reported_once_although_two_checks_see_it():
    checks = begun()
    assert len(after_steps(checks, [9000.0] * STUCK_STEPS, rate=1000.0)) == 1
    assert checks.after_epoch(record(1, 9000.0, 9000.0, val_accuracy=0.1), {}) == []


def test_a_resumed_training_does_not_repeat_it():
    checks = HealthChecks(SOFTMAX, 10)
    checks.catch_up([record(0, 2.3), record(1, 9000.0, 9000.0)], {}, {"stuck"})
    assert checks.after_epoch(record(2, 9000.0, 9000.0), {}) == []


@pytest.mark.parametrize(
    ("n_classes", "accuracy", "guesses"),
    [
        (10, 0.1135, True),
        (10, 0.2, False),
        (2, 0.52, True),
        (2, 0.6, False),
        (100, 0.012, True),
        (0, 0, False),
    ],
)
def test_an_accuracy_at_chance_is_reported(n_classes, accuracy, guesses):
    checks = HealthChecks(SOFTMAX, n_classes)
    checks.after_epoch(record(0, 2.3, val_accuracy=accuracy), {})
    notes = checks.after_epoch(record(1, 2.2, 2.2, val_accuracy=accuracy), {})
    assert [note.kind for note in notes] == ["chance"] * guesses


@pytest.mark.parametrize("loss", [2.2, 9.0])
def test_a_classifier_is_not_judged_by_a_handful_of_images(loss):
    for n_validation in (6, 19, 20):
        checks = HealthChecks(SOFTMAX, 10, n_validation)
        checks.after_epoch(record(0, 2.3, val_accuracy=0.0), {})
        notes = checks.after_epoch(record(1, loss, 2.2, val_accuracy=0.0), {})
        assert len(notes) == (n_validation == 20)


@pytest.mark.parametrize("folder", shipped_runs(), ids=lambda path: path.name)
def test_no_shipped_run_gets_such_a_note(folder):
    """Their histories, as they were recorded, in turns of a few batches and as if resumed at each epoch."""
    run = read_run(folder)
    checks = HealthChecks(run.config, 10 if run.config.model.is_classifier else 0)
    losses, size = run.history.step_losses, 7
    notes = []
    for made in run.history.epochs:
        notes += checks.after_epoch(made, {})
        first = made.epoch * run.steps_per_epoch
        for at in range(first, min(first + run.steps_per_epoch, len(losses)), size):
            turn = losses[at : min(at + size, first + run.steps_per_epoch)]
            rate = run.config.training.learning_rate
            notes += checks.after_steps(turn, Position(made.epoch), at + len(turn), rate)
    assert not LEARNING & {note.kind for note in notes}


@pytest.mark.parametrize("name", PRESETS)
def test_no_presets_learning_rate_is_called_unusual(name):
    rate = PRESETS[name].config.training.learning_rate
    assert learning_rate_to_try(rate, name) == rate / 10
    assert learning_rate_to_try(1000.0, name) == rate
