"""Only answers about the weights shown are shown, however late they arrive."""

import pytest

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchSnapshot
from cadl_gui.engine.weights_ref import WeightsRef, matches

BENDS = scaled((), Part("encoder_1", 0), 0.0)
KEPT = WeightsRef("run", Position(1), Position(1), is_training=False)
NEWEST = WeightsRef("run", None, Position(2, 7), is_training=True)


def asked_and_answered(position, answered, *, run_id="run", bends=()):
    """The requested position, and that of the weights that answered."""
    return FetchSnapshot(run_id, position, bends=bends), answered


@pytest.mark.parametrize(
    ("weights", "late", "is_shown"),
    [
        (KEPT, asked_and_answered(Position(1), Position(1)), True),
        (KEPT, asked_and_answered(Position(0), Position(0)), False),
        (KEPT, asked_and_answered(None, Position(2)), False),
        (KEPT, asked_and_answered(None, Position(1)), True),
        (NEWEST, asked_and_answered(None, Position(2, 7)), True),
        (NEWEST, asked_and_answered(None, Position(2, 3)), True),
        (NEWEST, asked_and_answered(Position(1), Position(1)), False),
        (KEPT, asked_and_answered(Position(1), Position(1), run_id="another run"), False),
        (KEPT, asked_and_answered(Position(1), Position(1), bends=BENDS), False),
        (None, asked_and_answered(Position(1), Position(1)), False),
    ],
    ids=[
        "the position shown",
        "a position left",
        "newest weights, left for a recorded position",
        "what were the newest weights and are shown now",
        "the newest weights",
        "somewhat older weights while the newest ones are shown",
        "a recorded position, left for the newest weights",
        "another run",
        "the network before a bend was reset",
        "nothing is shown",
    ],
)
def test_a_late_answer(weights, late, is_shown):
    assert matches(*late, weights) == is_shown


@pytest.mark.parametrize(("weights", "asked"), [(KEPT, Position(1)), (NEWEST, None)])
def test_a_failure_is_about_the_requested_position(weights, asked):
    assert matches(*asked_and_answered(asked, None), weights)
    assert not matches(*asked_and_answered(Position(0), None), weights)
