"""A run knows which of its weights are kept."""

import pytest
from fakes import description

from cadl_gui.core.history import History
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
