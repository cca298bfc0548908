"""No two runs in a window have the same letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.run_letters import letters_of, number_of


@pytest.mark.parametrize(
    ("number", "letters"),
    [(0, "A"), (7, "H"), (8, "J"), (23, "Z"), (24, "AA"), (32, "AJ"), (47, "AZ"), (48, "BA"), (600, "AAA")],
)
def test_letters_continue_like_columns_of_a_spreadsheet_without_those_that_look_like_digits(number, letters):
    assert letters_of(number) == letters


@given(st.integers(0, 100_000))
def test_every_number_comes_back_from_its_letters(number):
    assert number_of(letters_of(number)) == number
