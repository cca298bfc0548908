"""Training speed: from one batch per second, slow enough for a class to watch, to unlimited."""

import math
from dataclasses import dataclass

TURN_SECONDS = 0.1
"""Length of a turn at full speed. Interactive requests are answered in another thread, so this only bounds
how quickly Pause and Stop act; one step per turn would cost a quarter of the speed."""

_SHORTEST_INTERVAL_MS = 33


@dataclass(frozen=True)
class TrainingSpeed:
    """A training speed.

    Attributes:
        batches_per_second: positive, or None for full speed.
    """

    batches_per_second: float | None = None

    def __post_init__(self) -> None:
        if self.batches_per_second is not None and self.batches_per_second <= 0:
            raise ValueError(f"Expected a positive rate. Received: {self.batches_per_second=}")

    @property
    def steps_per_turn(self) -> int | None:
        """Batches per turn, or None for as many as fit."""
        if self.batches_per_second is None:
            return None
        return math.ceil(self.batches_per_second * _SHORTEST_INTERVAL_MS / 1000)

    @property
    def interval_ms(self) -> int:
        """Milliseconds between the starts of two turns; 0 starts the next turn at once."""
        if self.batches_per_second is None or self.steps_per_turn is None:
            return 0
        return round(1000 * self.steps_per_turn / self.batches_per_second)


FULL_SPEED = TrainingSpeed()
TRAINING_SPEEDS = (*(TrainingSpeed(rate) for rate in (1, 2, 5, 10, 20, 50, 100, 200)), FULL_SPEED)
"""The values of the speed slider."""
