"""Of the answers that come late, only those about what is shown now are shown."""

import pytest

from cadl_gui.core.bends import Part, scaled
from cadl_gui.core.position import Position
from cadl_gui.core.requests import FetchSnapshot, Reply
from cadl_gui.engine.shown_weights import ShownWeights, is_about

BENDS = scaled((), Part("encoder_1", 0), 0.0)
KEPT = ShownWeights("run", Position(1), Position(1), is_training=False)
NEWEST = ShownWeights("run", None, Position(2, 7), is_training=True)


def reply(position, answered, *, run_id="run", bends=()):
    """To a question about a position, from the weights of the one that answered."""
    return Reply(1, FetchSnapshot(run_id, position, bends=bends), answered, None)


@pytest.mark.parametrize(
    ("weights", "late", "is_shown"),
    [
        (KEPT, reply(Position(1), Position(1)), True),
        (KEPT, reply(Position(0), Position(0)), False),
        (KEPT, reply(None, Position(2)), False),
        (KEPT, reply(None, Position(1)), True),
        (NEWEST, reply(None, Position(2, 7)), True),
        (NEWEST, reply(None, Position(2, 3)), True),
        (NEWEST, reply(Position(1), Position(1)), False),
        (KEPT, reply(Position(1), Position(1), run_id="another run"), False),
        (KEPT, reply(Position(1), Position(1), bends=BENDS), False),
        (None, reply(Position(1), Position(1)), False),
    ],
    ids=[
        "the position shown",
        "a position left",
        "newest weights, left for a kept position",
        "what were the newest weights and are shown now",
        "the newest weights",
        "somewhat older weights while the newest ones are shown",
        "a kept position, left for the newest weights",
        "another run",
        "the network before a bend was straightened",
        "nothing is shown",
    ],
)
def test_a_late_answer(weights, late, is_shown):
    assert is_about(late, weights) == is_shown


@pytest.mark.parametrize(("weights", "asked"), [(KEPT, Position(1)), (NEWEST, None)])
def test_a_refusal_is_about_what_was_asked(weights, asked):
    assert is_about(reply(asked, None), weights)
    assert not is_about(reply(Position(0), None), weights)
