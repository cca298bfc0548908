"""Pins remember every state they had."""

from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.imaging.latent.pins import Pins

changes = st.lists(
    st.tuples(st.sampled_from(["add", "move", "remove", "clear"]), st.floats(-9, 9)), max_size=12
)


def apply(pins, change, number):
    if change == "add":
        pins.add((number, 0))
    elif change == "clear":
        pins.clear()
    elif pins.pins and change == "move":
        pins.move(0, (number, 1))
    elif pins.pins:
        pins.remove(len(pins.pins) - 1)


@given(changes)
def test_undo_walks_back_to_nothing_and_redo_to_the_end(changes):
    pins = Pins()
    for change in changes:
        apply(pins, *change)
    last = pins.pins
    while pins.can_undo:
        pins.undo()
    assert pins.pins == ()
    while pins.can_redo:
        pins.redo()
    assert pins.pins == last


def test_each_change_is_one_step_back():
    pins = Pins()
    pins.add((1, 2))
    pins.add((3, 4))
    pins.move(0, (5, 6))
    assert pins.pins == ((5, 6), (3, 4))
    pins.undo()
    assert pins.pins == ((1, 2), (3, 4))
    pins.undo()
    assert pins.pins == ((1, 2),)


def test_a_change_after_undo_forgets_what_was_undone():
    pins = Pins()
    pins.add((1,))
    pins.undo()
    pins.add((2,))
    pins.redo()
    assert pins.pins == ((2,),)


def test_undo_and_redo_without_anything_to_do_do_nothing():
    pins = Pins()
    pins.undo()
    pins.redo()
    pins.clear()
    assert not pins.can_undo
    assert pins.pins == ()


def test_several_are_set_in_one_change():
    pins = Pins()
    pins.add((0, 1))
    pins.extend([(2, 3), (4, 5)])
    assert pins.pins == ((0.0, 1.0), (2.0, 3.0), (4.0, 5.0))
    pins.undo()
    assert pins.pins == ((0.0, 1.0),)
