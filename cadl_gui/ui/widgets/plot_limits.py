"""Limits of a plot's two axes, and how they move to other ones."""

import math
from typing import NamedTuple


class Limits(NamedTuple):
    """What a plot shows, in axis units."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float


def next_round(span: float, steps: tuple[float, ...] = (1, 2, 5)) -> float:
    """The next of 1, 2, 5, 10, 20, …, also below 1, that is no smaller; `steps` are those from 1 to 10.

    An axis that grows with every point would never stand still, and would have to be drawn anew each time.
    """
    if span <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span))
    return next((step * power for step in steps if span <= step * power * (1 + 1e-9)), 10 * power)


def steady_limits(low: float, high: float) -> tuple[float, float]:
    """Limits moved outwards to whole steps of about a tenth of what they span, so that they seldom move."""
    step = next_round((high - low) / 20)
    return step * math.floor(low / step), step * math.ceil(high / step)


class EasedLimits:
    """Limits on their way to other limits, slower towards the end.

    It keeps no clock: who draws says what time it is.
    """

    def __init__(self) -> None:
        self._start: Limits | None = None
        self._target: Limits | None = None
        self._started_ms = 0.0
        self._duration_ms = 0.0
        self._arrived = True

    @property
    def arrived(self) -> bool:
        """Whether the last limits that `at` gave were the final ones."""
        return self._arrived

    def head_for(self, target: Limits, now_ms: float, duration_ms: float) -> None:
        """Set out from where the limits are now; the very first ones, or a duration of 0, hold at once."""
        if target == self._target:
            return
        self._start = target if self._target is None or duration_ms == 0 else self.at(now_ms)
        self._target, self._started_ms, self._duration_ms = target, now_ms, duration_ms
        self._arrived = False

    def forget(self) -> None:
        """Make the next limits hold at once."""
        self._start = self._target = None
        self._arrived = True

    def at(self, now_ms: float) -> Limits:
        """The limits at that time.

        Raises:
            ValueError: before there are any.
        """
        if self._start is None or self._target is None:
            raise ValueError("Expected limits to head for. Received: none yet")
        passed_ms = now_ms - self._started_ms
        if self._start == self._target or passed_ms >= self._duration_ms:
            self._arrived = True
            return self._target
        share = 1 - (1 - passed_ms / self._duration_ms) ** 3
        return Limits(*(a + share * (b - a) for a, b in zip(self._start, self._target, strict=True)))
