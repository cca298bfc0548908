"""Limits of axes are animated and never jump."""

from itertools import pairwise

import pytest

from cadl_gui.ui.figures.plot_limits import EasedLimits, Limits, next_round

OLD, NEW = Limits(0, 1, 0, 10), Limits(0, 2, -4, 10)


def test_first_limits_hold_at_once():
    limits = EasedLimits()
    limits.head_for(OLD, 1000, 300)
    assert limits.at(1000) == OLD
    assert limits.arrived


def test_new_limits_are_reached_after_their_time_and_without_a_jump():
    limits = EasedLimits()
    limits.head_for(OLD, 0, 300)
    limits.head_for(NEW, 1000, 300)
    assert limits.at(1000) == OLD
    highs = [limits.at(1000 + ms).x_high for ms in range(0, 300, 10)]
    assert highs == sorted(highs)
    assert max(b - a for a, b in pairwise(highs)) < 0.15
    assert not limits.arrived
    assert limits.at(1300) == NEW
    assert limits.arrived


def test_other_limits_on_the_way_start_from_where_it_is():
    limits = EasedLimits()
    limits.head_for(OLD, 0, 300)
    limits.head_for(NEW, 0, 300)
    midway = limits.at(100)
    limits.head_for(OLD, 100, 300)
    assert limits.at(100) == midway
    assert limits.at(400) == OLD


def test_no_duration_holds_at_once():
    limits = EasedLimits()
    limits.head_for(OLD, 0, 300)
    limits.head_for(NEW, 0, 0)
    assert limits.at(0) == NEW


def test_forgotten_limits_are_none():
    limits = EasedLimits()
    limits.head_for(OLD, 0, 300)
    limits.forget()
    with pytest.raises(ValueError, match="none yet"):
        limits.at(0)


@pytest.mark.parametrize(
    ("span", "end"), [(0, 1), (0.3, 0.3), (1, 1), (1.01, 1.5), (7, 8), (21, 30), (60, 60), (61, 80)]
)
def test_an_axis_ends_at_the_next_of_its_steps(span, end):
    assert next_round(span, (1, 1.5, 2, 3, 4, 5, 6, 8)) == pytest.approx(end)
