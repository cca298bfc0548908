"""A latent vector is unchanged by being copied and pasted, as numbers and as Python."""

import ast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.errors import UserError
from cadl_gui.imaging.latent.latent_text import as_numbers, as_python, from_text, latent_name, latent_text

floats = st.floats(width=32, allow_nan=False, allow_infinity=False)
vectors = st.lists(floats, min_size=1, max_size=8).map(lambda values: np.array(values, np.float32))


@given(vectors)
def test_numbers_come_back_as_the_very_same_float32(latent):
    np.testing.assert_array_equal(from_text(as_numbers(latent), len(latent)), latent)


@given(vectors)
def test_python_comes_back_too(latent):
    np.testing.assert_array_equal(from_text(as_python(latent), len(latent)), latent)


@given(vectors)
def test_the_line_of_python_says_what_it_should(latent):
    line = as_python(latent)
    assert isinstance(ast.parse(line).body[0], ast.Assign)
    values = {}
    exec(line, {"np": np}, values)
    np.testing.assert_array_equal(values["z"], latent[np.newaxis])


def test_numbers_may_be_separated_in_any_way_and_have_a_true_minus_sign():
    np.testing.assert_allclose(from_text("(−1.5; 2e-1)", 2), [-1.5, 0.2])


# The clipboard may hold anything. Of the last one, each letter once counted as a start: that took hours.
@pytest.mark.parametrize(
    "text", ["", "1", "1, 2, 3", "one, two", pytest.param("x" * 1_000_000, id="one endless word")]
)
def test_another_count_of_numbers_is_refused(text):
    with pytest.raises(UserError, match="2 numbers"):
        from_text(text, 2)


def test_a_number_too_large_for_float32_is_refused():
    with pytest.raises(UserError, match="finite"):
        from_text("1e39, 0", 2)


def test_a_latent_vector_is_described_number_by_number():
    assert latent_text((-0.4118, 1.083)) == "z₀ −0.412, z₁ 1.083"


def test_of_a_long_latent_the_first_numbers_are_said():
    assert latent_text([0.5] * 20).startswith("z₀ 0.500, z₁ 0.500")
    assert latent_text([0.5] * 20).endswith("z₇ 0.500 and 12 more")


def test_the_number_of_a_latent_is_its_subscript():
    assert latent_name(12) == "z₁₂"
