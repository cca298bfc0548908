"""A run knows which of its weights are kept."""

import pytest
from fakes import description

from cadl_gui.core.history import EpochRecord, History
from cadl_gui.core.position import UNTRAINED, Position
from cadl_gui.core.presets import preset
from cadl_gui.engine.run import Run


@pytest.mark.parametrize(
    ("recorded", "position", "kept"),
    [
        ([UNTRAINED, Position(2)], Position(2), Position(2)),
        ([UNTRAINED, Position(2)], Position(1, 7), UNTRAINED),
        ([UNTRAINED, Position(2)], Position(9), Position(2)),
        ([Position(2)], Position(1), None),
        ([], Position(1), None),
    ],
)
def test_the_last_kept_position_up_to_another_is_found(recorded, position, kept):
    run = Run("A", description("run", preset("softmax").configuration), History(10), recorded)
    assert run.kept_until(position) == kept


def test_the_best_epoch_is_one_that_can_be_shown():
    """A run that ships, or a checkpoint, tells of more epochs than it has weights of."""
    history = History(10)
    for epoch, accuracy in enumerate((0.1, 0.8, 0.95, 0.9)):
        history.add_epoch(EpochRecord(epoch, {"val_accuracy": accuracy}, 1.0))
    about = description("run", preset("softmax").configuration)
    run = Run("A", about, history, [UNTRAINED, Position(1), Position(1, 5), Position(2), Position(3)])
    assert (run.best_epoch, run.best_text) == (2, "95.0 % right")
    run.recorded.remove(Position(2))
    assert (run.best_epoch, run.best_text) == (3, "90.0 % right")
    run.recorded = []
    assert (run.best_epoch, run.best_text) == (None, "")
