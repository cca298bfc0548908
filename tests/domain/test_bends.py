"""Bends are a few numbers besides the weights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.bends import Bend, Part, bend_of, bends_text, scaled, swapped
from cadl_gui.domain.errors import CadlError

A, B, C = (Part("encoder_1", unit) for unit in range(3))
KERNEL = Part("encoder_2", 1, 0)


def test_a_factor_takes_the_place_of_the_one_before():
    bends = scaled(scaled((), A, 2.0), A, 0.5)
    assert bends == (Bend(A, A, 0.5),)


def test_what_changes_nothing_is_no_bend():
    assert scaled(scaled((), A, 0.0), A, 1.0) == ()
    assert swapped(swapped((), A, B), A, B) == ()
    assert swapped((), A, A) == ()


def test_a_swap_takes_factors_along():
    bends = swapped(scaled((), A, 0.0), A, B)
    assert bend_of(bends, A) == Bend(A, B, 1.0)
    assert bend_of(bends, B) == Bend(B, A, 0.0)


def test_three_in_a_ring():
    bends = swapped(swapped((), A, B), B, C)
    assert [bend_of(bends, part).origin for part in (A, B, C)] == [B, C, A]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from([0.0, 0.5, 1.0, 2.0]))))
def test_every_part_always_occurs_once(changes):
    """However parts are swapped and scaled, none is lost and none occurs twice."""
    parts, bends = [Part("a", unit) for unit in range(5)], ()
    for one, other, factor in changes:
        bends = scaled(swapped(bends, parts[one], parts[other]), parts[one], factor)
    assert sorted(bend_of(bends, part).origin for part in parts) == parts
    assert bends == tuple(sorted(bends))


def test_only_like_parts_of_one_layer_are_swapped():
    with pytest.raises(CadlError, match="not of one layer"):
        swapped((), A, KERNEL)
    with pytest.raises(CadlError, match="a kernel with a kernel"):
        swapped((), Part("encoder_2", 1), KERNEL)


def test_bends_are_reported_in_words():
    bends = scaled(swapped(scaled((), A, 0.0), B, C), KERNEL, -0.5)
    assert bends_text(bends) == (
        "encoder_1 · unit 0: muted; encoder_1 · unit 1: from unit 2; encoder_1 · unit 2: from unit 1; "
        "encoder_2 · unit 1 · kernel of input 0: × −0.5"
    )
