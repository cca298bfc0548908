"""Limits of a plot's two axes, and their animation."""

import math
from typing import NamedTuple


class Limits(NamedTuple):
    """The visible range of a plot, in axis units."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float


def next_round(span: float, steps: tuple[float, ...] = (1, 2, 5)) -> float:
    """Round up to the next of 1, 2, 5, 10, 20, …, also below 1.

    An axis that grew with every point would never stand still, and would be redrawn each time.

    Args:
        span: Number to round up; 1 is returned if it is not positive.
        steps: The round numbers in [1, 10), ascending.
    """
    if span <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span))
    return next((step * power for step in steps if span <= step * power * (1 + 1e-9)), 10 * power)


def steady_limits(low: float, high: float) -> tuple[float, float]:
    """Move limits outwards to multiples of about a tenth of their span, so that they seldom change."""
    step = next_round((high - low) / 20)
    return step * math.floor(low / step), step * math.ceil(high / step)


class EasedLimits:
    """Animates limits towards a target, slowing down towards the end.

    It has no clock: the caller passes the current time.
    """

    def __init__(self) -> None:
        self._start: Limits | None = None
        self._target: Limits | None = None
        self._started_ms = 0.0
        self._duration_ms = 0.0
        self._arrived = True

    @property
    def arrived(self) -> bool:
        """Whether the last limits returned by `at` were the target."""
        return self._arrived

    def head_for(self, target: Limits, now_ms: float, duration_ms: float) -> None:
        """Start moving from the current limits to a target.

        Args:
            target: The limits to reach; the first ones ever set apply at once.
            duration_ms: Duration of the animation; 0 applies the target at once.
        """
        if target == self._target:
            return
        self._start = target if self._target is None or duration_ms == 0 else self.at(now_ms)
        self._target, self._started_ms, self._duration_ms = target, now_ms, duration_ms
        self._arrived = False

    def arrive(self) -> None:
        """Be at the target at once."""
        self._start = self._target

    def forget(self) -> None:
        """Reset, so that the next limits apply at once."""
        self._start = self._target = None
        self._arrived = True

    def at(self, now_ms: float) -> Limits:
        """Return the limits at a time.

        Raises:
            ValueError: If no target has been set.
        """
        if self._start is None or self._target is None:
            raise ValueError("Expected limits to head for. Received: none yet")
        passed_ms = now_ms - self._started_ms
        if self._start == self._target or passed_ms >= self._duration_ms:
            self._arrived = True
            return self._target
        share = 1 - (1 - passed_ms / self._duration_ms) ** 3
        return Limits(*(a + share * (b - a) for a, b in zip(self._start, self._target, strict=True)))
