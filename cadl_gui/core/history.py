"""What a run has recorded about itself: the loss of every step and the metrics of every epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class EpochRecord:
    """One line of the history, written when an epoch is safely on disk.

    Attributes:
        epoch: counted from 1; 0 is the untrained network.
        metrics: `loss` (mean over the epoch's batches), `val_loss` and others, by name.
        images_per_second: training speed over the epoch; 0.0 for epoch 0.
    """

    epoch: int
    metrics: Mapping[str, float]
    images_per_second: float = 0.0


@dataclass
class History:
    """Grows while a run trains.

    Attributes:
        steps_per_epoch: batches of one epoch.
        epochs: the complete epochs, in order.
        learning_rates: (step, rate) from which the rate held; step 0 is the start.
    """

    steps_per_epoch: int
    epochs: list[EpochRecord] = field(default_factory=list)
    learning_rates: list[tuple[int, float]] = field(default_factory=list)
    _losses: NDArray[np.float32] = field(default_factory=lambda: np.empty(1024, np.float32))
    _n_steps: int = 0

    @property
    def n_steps(self) -> int:
        """Steps whose loss is known."""
        return self._n_steps

    @property
    def step_losses(self) -> NDArray[np.float32]:
        """Loss of every step so far, (steps,) float32; a read-only view that later steps do not change."""
        view = self._losses[: self._n_steps]
        view.flags.writeable = False
        return view

    def add_steps(self, losses: NDArray[np.float32]) -> None:
        """Append the losses of the next steps, (k,) float32."""
        needed = self._n_steps + len(losses)
        if needed > len(self._losses):
            grown = np.empty(max(needed, 2 * len(self._losses)), np.float32)
            grown[: self._n_steps] = self._losses[: self._n_steps]
            self._losses = grown
        self._losses[self._n_steps : needed] = losses
        self._n_steps = needed

    def add_epoch(self, record: EpochRecord) -> None:
        """Append a complete epoch."""
        self.epochs.append(record)

    def add_learning_rate(self, step: int, rate: float) -> None:
        """Note that from `step` on the rate is another, unless it is not."""
        if not self.learning_rates or self.learning_rates[-1][1] != rate:
            self.learning_rates.append((step, rate))

    def curve(self, metric: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """A metric over the epochs: x (epoch) and y, both (epochs,) float64."""
        known = [record for record in self.epochs if metric in record.metrics]
        x = np.array([record.epoch for record in known], np.float64)
        return x, np.array([record.metrics[metric] for record in known], np.float64)

    def step_curve(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The loss of every step: x in epochs (the end of step i is `(i + 1) / steps_per_epoch`) and y."""
        y = self.step_losses.astype(np.float64)
        return (np.arange(len(y)) + 1) / self.steps_per_epoch, y


def smooth(values: Sequence[float] | NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """Exponential moving average without start-up bias.

    Args:
        values: (n,) finite numbers.
        weight: share of the past in [0, 1); 0 returns the values.

    Returns:
        (n,) float64; the first equals the first value, and a constant stays itself.
    """
    if not 0 <= weight < 1:
        raise ValueError(f"Expected a weight in [0, 1). Received: weight={weight}")
    source = np.asarray(values, np.float64)
    if weight == 0 or len(source) == 0:
        return source.copy()
    smoothed = np.empty_like(source)
    total, share = 0.0, 0.0
    for i, value in enumerate(source):
        total = weight * total + (1 - weight) * value
        share = weight * share + (1 - weight)
        smoothed[i] = total / share
    return smoothed
