"""At most five ticks, at round numbers, in plain notation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.ui.figures.plot_ticks import tick_text, tick_values


@given(low=st.floats(-1e6, 1e6), span=st.floats(1e-3, 1e6), most=st.integers(2, 5))
def test_linear_ticks_are_few_round_and_within_the_limits(low, span, most):
    ticks = tick_values(low, low + span, is_log=False, most=most)
    assert 1 <= len(ticks) <= most
    assert all(low - 1e-6 * span <= tick <= low + span * (1 + 1e-6) for tick in ticks)
    steps = np.diff(ticks)
    if steps.size:
        np.testing.assert_allclose(steps, steps[0], rtol=1e-6)


@given(low=st.floats(-6, 6), span=st.floats(0.01, 12), most=st.integers(2, 5))
def test_log_ticks_are_few_and_within_the_limits(low, span, most):
    ticks = tick_values(low, low + span, is_log=True, most=most)
    assert len(ticks) <= most
    assert ticks == sorted(ticks)
    assert all(low - 1e-6 <= tick <= low + span + 1e-6 for tick in ticks)


@pytest.mark.parametrize(("low", "high"), [(0.03, 0.45), (0.01, 3), (0.001, 100), (130, 180), (1e-4, 1e6)])
def test_log_ticks_read_as_plain_numbers(low, high):
    texts = [
        tick_text(round(10**tick, 12)) for tick in tick_values(np.log10(low), np.log10(high), is_log=True)
    ]
    assert 2 <= len(texts) <= 5
    assert not any("e" in text for text in texts)
    assert all(low <= float(text.replace(",", "")) <= high for text in texts)


@given(low=st.floats(-6, 6), span=st.floats(1, 12), most=st.integers(2, 5))
def test_a_log_axis_has_no_single_tick(low, span, most):
    """A single tick defines no scale."""
    assert len(tick_values(low, low + span, is_log=True, most=most)) >= 2


def test_log_ticks_of_a_usual_loss():
    assert [tick_text(round(10**tick, 12)) for tick in tick_values(-1.6, -0.3, is_log=True)] == [
        "0.05",
        "0.1",
        "0.2",
        "0.5",
    ]


def test_in_a_low_plot_a_tick_is_where_a_loss_that_falls_to_its_tenth_has_come_to():
    """The lowest one was 0.02, and a class was asked whether the curve ends at 0.005."""
    ticks = tick_values(np.log10(0.0043), np.log10(0.075), is_log=True, most=3)
    assert [tick_text(round(10**tick, 12)) for tick in ticks] == ["0.005", "0.02"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.05, "0.05"),
        (3 * 0.1, "0.3"),
        (20000, "20,000"),
        (134.4, "134.4"),
        (1e-5, "0.00001"),
        (3e12, "3e+12"),
    ],
)
def test_plain_numbers(value, text):
    assert tick_text(value) == text
