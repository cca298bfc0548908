"""Which earlier epochs of a run a web page has."""

from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.training_requests import earlier_positions


def test_at_most_ten_are_chosen_from_the_first_to_the_last_before():
    recorded = [UNTRAINED, Position(0, 5), *map(Position, range(1, 90))]
    assert earlier_positions(recorded, Position(2)) == [UNTRAINED, Position(0, 5), Position(1)]
    assert earlier_positions(recorded, Position(2, 7)) == recorded[:4]
    assert earlier_positions(recorded, UNTRAINED) == []
    assert earlier_positions([Position(3)], Position(3)) == []
    for last in range(5, 90):
        before = recorded[: last + 1]
        chosen = earlier_positions(recorded, Position(last))
        assert (chosen[0], chosen[-1]) == (before[0], before[-1])
        assert chosen == sorted(set(chosen))
        assert len(chosen) == min(len(before), 10)
