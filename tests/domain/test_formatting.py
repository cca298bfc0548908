"""The format of numbers beside images."""

import pytest

from cadl_gui.domain.formatting import count_text, number_text, percent_text


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


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [(0.874, 1, "87.4 %"), (0.0, 1, "0 %"), (0.0, 0, "0 %"), (1.0, 1, "100.0 %"), (0.0004, 1, "< 0.1 %"),
     (0.0006, 1, "0.1 %"), (0.004, 0, "< 1 %"), (0.006, 0, "1 %")],
)  # fmt: skip
def test_a_small_share_is_not_reported_as_none(share, decimals, text):
    assert percent_text(share, decimals) == text


@pytest.mark.parametrize(
    ("n", "nouns", "text"),
    [(1, ["epoch"], "1 epoch"), (0, ["epoch"], "0 epochs"), (1200, ["image"], "1,200 images"),
     (2, ["batch", "batches"], "2 batches"), (1, ["class", "classes"], "1 class")],
)  # fmt: skip
def test_count_of_one_has_no_plural(n, nouns, text):
    assert count_text(n, *nouns) == text
