"""Positions and labels of the ticks of an axis."""

from math import ceil, floor, log10

MAX_TICKS = 5

_STEPS = (1.0, 2.0, 5.0)
_TOLERANCE = 1e-9


def tick_values(low: float, high: float, *, is_log: bool, most: int = MAX_TICKS) -> list[float]:
    """Return round numbers between two limits.

    Args:
        low: Lower limit in axis units: the value, or its decimal logarithm on a log axis.
        high: Upper limit, above `low`.
        most: Maximum number of ticks, at least 2.

    Returns:
        Positions in axis units, ascending.
    """
    if not is_log:
        return _linear(low, high, most)
    for mantissas in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
        ticks = _decades(low, high, mantissas)
        if min(most, 3) <= len(ticks) <= most:
            return ticks
    if high - low <= 2:
        fine = _decades(low, high, (1.0, 2.0, 5.0))
        ticks = [log10(value) for value in _linear(10**low, 10**high, most) if value > 0]
        return ticks if len(fine) <= most and len(ticks) > 1 else _some_of(fine, most) or ticks
    return _some_of(_decades(low, high, (1.0,)), most)


def tick_text(value: float) -> str:
    """Format a value as 0.05 or 20,000; with an exponent below 1e-6 and from 1e7 on."""
    if value and not 1e-6 <= abs(value) < 1e7:
        return f"{value:.3g}"
    return f"{value:,.9f}".rstrip("0").rstrip(".")


def _linear(low: float, high: float, most: int) -> list[float]:
    exponent = floor(log10((high - low) / most))
    for step in (mantissa * 10.0**power for power in range(exponent, exponent + 3) for mantissa in _STEPS):
        first, last = ceil(low / step - _TOLERANCE), floor(high / step + _TOLERANCE)
        if last - first < most:
            # Rounded, since 3 * 0.1 is not 0.3.
            return [round(index * step, max(0, 2 - exponent)) for index in range(first, last + 1)]
    raise AssertionError("Expected one of three decades of steps to fit")


def _some_of(ticks: list[float], most: int) -> list[float]:
    """Return at most `most` evenly spaced ticks."""
    return ticks[:: max(1, ceil((len(ticks) - 1) / (most - 1)))]


def _decades(low: float, high: float, mantissas: tuple[float, ...]) -> list[float]:
    exponents = range(floor(low), ceil(high) + 1)
    ticks = [exponent + log10(mantissa) for exponent in exponents for mantissa in mantissas]
    return [tick for tick in ticks if low - _TOLERANCE <= tick <= high + _TOLERANCE]
