"""Short descriptions of runs."""

import pytest
from fakes import description

from cadl_gui.domain.history import History
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.run import Run
from cadl_gui.ui.run_text import describe


@pytest.mark.parametrize(
    ("epoch", "epochs", "words"),
    [(3, 5, "3/5 epochs"), (5, 5, "5 epochs"), (1, 1, "1 epoch"), (1, 2, "1/2 epochs")],
)
def test_how_far_it_came(epoch, epochs, words):
    config = preset("softmax").config.replace(epochs=epochs)
    run = Run("A", description("run", config), History(10), newest=Position(epoch))
    assert describe(run) == words
