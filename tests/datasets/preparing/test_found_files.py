"""Names are sorted as people count, however many there are."""

import random

from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.datasets.preparing.found_files import in_natural_order, natural_key


def test_numbers_are_counted_and_capitals_neglected():
    names = ["b10.png", "B2.png", "a", "b1/10.png", "b1/9.png", "007.png", "7.png"]
    assert in_natural_order(names) == ["007.png", "7.png", "a", "b1/9.png", "b1/10.png", "B2.png", "b10.png"]


@given(st.lists(st.text("aB1٣0/."), max_size=30))
def test_every_order_comes_to_the_same(names):
    shuffled = random.Random(0).sample(names, len(names))
    assert in_natural_order(shuffled) == in_natural_order(names) == sorted(names, key=natural_key)


def test_more_than_are_sorted_at_once():
    numbers = random.Random(0).sample(range(10_000), 10_000)
    assert in_natural_order([f"{n}.png" for n in numbers]) == [f"{n}.png" for n in range(10_000)]
