"""History of a run: the metrics of every step and every epoch.

The learning rate is part of it; a resumed run continues with its last value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.health import FAILED, HealthNote
from cadl_gui.domain.position import Position

_BLOCK = 64
"""Steps that are smoothed at once."""


@dataclass(frozen=True)
class EpochRecord:
    """The record of one epoch, written once the epoch's files are on disk.

    Attributes:
        epoch: number of the epoch, from 1; 0 is the untrained network.
        metrics: metrics by name: `loss` (mean over the epoch's batches), `val_loss` and others.
        images_per_second: training speed over the epoch; 0.0 for epoch 0.
    """

    epoch: int
    metrics: Mapping[str, float]
    images_per_second: float = 0.0


@dataclass
class History:
    """Metrics, learning rates and health notes of a run; grows during training.

    Attributes:
        steps_per_epoch: batches per epoch.
        epochs: records of the completed epochs, in order.
        learning_rates: changes of the learning rate as (first step, rate); step 0 is the start.
        notes: health notes, in order.
    """

    steps_per_epoch: int
    epochs: list[EpochRecord] = field(default_factory=list)
    learning_rates: list[tuple[int, float]] = field(default_factory=list)
    notes: list[HealthNote] = field(default_factory=list)
    _steps: dict[str, "_Growing"] = field(default_factory=dict)

    @property
    def n_steps(self) -> int:
        """Number of steps whose metrics are recorded."""
        return self._steps["loss"].n if "loss" in self._steps else 0

    @property
    def step_metrics(self) -> Mapping[str, NDArray[np.float32]]:
        """Metrics of every step so far by name, as read-only views of shape (steps,), float32."""
        return {name: values.view() for name, values in self._steps.items()}

    @property
    def step_losses(self) -> NDArray[np.float32]:
        """Loss of every step so far, (steps,) float32, read-only."""
        return self._steps["loss"].view() if "loss" in self._steps else np.empty(0, np.float32)

    def add_steps(self, metrics: Mapping[str, NDArray[np.float32]]) -> None:
        """Append the metrics of the next steps.

        Args:
            metrics: metrics by name, including `loss`, (k,) float32 each.

        Raises:
            ValueError: if the names differ from those of earlier steps, `loss` is missing or the lengths
                differ.
        """
        if self.n_steps and metrics.keys() != self._steps.keys():
            raise ValueError(f"Expected {sorted(self._steps)}. Received: {sorted(metrics)}")
        if "loss" not in metrics or len({len(values) for values in metrics.values()}) != 1:
            raise ValueError(f"Expected metrics of one length, loss among them. Received: {sorted(metrics)}")
        for name, values in metrics.items():
            self._steps.setdefault(name, _Growing()).append(values)

    def add_epoch(self, record: EpochRecord) -> None:
        """Append the record of a completed epoch."""
        self.epochs.append(record)

    def add_learning_rate(self, step: int, rate: float) -> None:
        """Record the learning rate from `step` onwards, if it differs from the last one."""
        if not self.learning_rates or self.learning_rates[-1][1] != rate:
            self.learning_rates.append((step, rate))

    def add_note(self, note: HealthNote) -> None:
        """Append a health note."""
        self.notes.append(note)

    def up_to(self, position: Position) -> "History":
        """Copy the history up to a position, inclusive.

        A note on what ended the training is left out: it has the position of the last weights that were kept,
        but came after them.
        """
        n_steps = position.epoch * self.steps_per_epoch + position.step
        past = History(self.steps_per_epoch)
        if self._steps and n_steps:
            past.add_steps({name: values[:n_steps] for name, values in self.step_metrics.items()})
        past.epochs += [record for record in self.epochs if record.epoch <= position.epoch]
        past.learning_rates += [(step, rate) for step, rate in self.learning_rates if step < n_steps]
        past.notes += [note for note in self.notes if note.position <= position and note.kind != FAILED]
        return past

    def is_prefix_of(self, other: "History") -> bool:
        """Return whether another history begins with all metrics of this one; speeds do not count."""
        steps, n_epochs = other.step_metrics, len(self.epochs)
        epochs = [record.metrics for record in other.epochs[:n_epochs]]
        return [record.metrics for record in self.epochs] == epochs and all(
            name in steps and np.array_equal(values, steps[name][: self.n_steps])
            for name, values in self.step_metrics.items()
            if self.n_steps
        )

    def curve(self, metric: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """A metric by epoch: x (epoch numbers) and y (values), both (epochs,) float64."""
        known = [record for record in self.epochs if metric in record.metrics]
        x = np.array([record.epoch for record in known], np.float64)
        return x, np.array([record.metrics[metric] for record in known], np.float64)

    def levels(self, metric: str) -> tuple[tuple[float, float], ...]:
        """A metric by epoch as (epoch, level) pairs.

        Levels are scaled to [0, 1], logarithmically if all values are positive; empty for fewer than two
        epochs.
        """
        x, y = self.curve(metric)
        if len(y) < 2:
            return ()
        y = np.log(y) if (y > 0).all() else y
        spread = float(np.ptp(y)) or 1.0
        return tuple(zip(x.tolist(), ((y - y.min()) / spread).tolist(), strict=True))

    def step_curve(self, metric: str = "loss") -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """A metric by step: x in epochs (step i ends at `(i + 1) / steps_per_epoch`) and y, float64."""
        y = self._steps[metric].view().astype(np.float64) if metric in self._steps else np.empty(0)
        return (np.arange(len(y)) + 1) / self.steps_per_epoch, y


class _Growing:
    """A growable float32 array with amortised constant-time appends."""

    def __init__(self) -> None:
        self.n = 0
        self._values = np.empty(1024, np.float32)

    def append(self, values: NDArray[np.float32]) -> None:
        needed = self.n + len(values)
        if needed > len(self._values):
            grown = np.empty(max(needed, 2 * len(self._values)), np.float32)
            grown[: self.n] = self._values[: self.n]
            self._values = grown
        self._values[self.n : needed] = values
        self.n = needed

    def view(self) -> NDArray[np.float32]:
        view = self._values[: self.n]
        view.flags.writeable = False
        return view


def smooth(values: Sequence[float] | NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """Exponential moving average without start-up bias.

    Args:
        values: (n,) finite numbers.
        weight: weight of the past, in [0, 1); 0 returns a copy of the values.

    Returns:
        (n,) float64; the first value is unchanged, and so is a constant series.

    Raises:
        ValueError: if the weight is out of range.
    """
    if not 0 <= weight < 1:
        raise ValueError(f"Expected a weight in [0, 1). Received: weight={weight}")
    source = np.asarray(values, np.float64)
    if weight == 0 or len(source) == 0:
        return source.copy()
    # Block by block: a loop over 50,000 steps took nearly all of the time between two updates of the plot.
    places = np.arange(_BLOCK)
    decay = np.tril(weight ** np.maximum(places[:, np.newaxis] - places, 0))
    padded = np.zeros((-(-len(source) // _BLOCK), _BLOCK))
    padded.reshape(-1)[: len(source)] = source
    sums = (1 - weight) * (padded @ decay.T)
    before = [0.0]  # the sum at the end of the block before each one
    for own in sums[:-1, -1].tolist():
        before.append(own + weight**_BLOCK * before[-1])
    sums += np.outer(before, weight * decay[:, 0])
    shares = 1 - np.cumprod(np.full(len(source), weight))
    smoothed: NDArray[np.float64] = sums.reshape(-1)[: len(source)] / shares
    return smoothed
