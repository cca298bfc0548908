"""Numbers as they are written beside pictures."""

import pytest

from cadl_gui.ui.widgets.number_text import number_text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.12345, "0.123"),
        (-0.5, "−0.5"),
        (0.0, "0"),
        (-0.0, "0"),
        (3e38, "3e+38"),
        (-1e-9, "−1e−09"),
        (float("nan"), "not a number"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
    ],
)
def test_a_number_has_three_digits_and_a_true_minus(value, words):
    assert number_text(value) == words
