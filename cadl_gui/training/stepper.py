"""Runs training steps in compiled calls of several steps each."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.domain.position import Position
from cadl_gui.domain.training_config import TrainingConfig
from cadl_gui.training.compiled import CalledSteps, CompiledNetwork
from cadl_gui.training.device_pictures import on_device
from cadl_gui.training.read_ahead import ReadAhead
from cadl_gui.training.sharing import ALONE, Call, Team
from cadl_gui.training.training_images import TrainingImages

BLOCK_BYTES = 4_000_000
"""Limit on the images that are gathered for one call; a call takes at least one step."""

_LEAST_SECONDS = 1e-9


class Stepper:
    """Takes as many training steps as fit into a given time.

    The images are on the device as one uint8 tensor or, if there are too many, are read from their file one
    block ahead of the steps; the resulting weights are the same. Each epoch shuffles them by the key
    (seed, epoch) and uses whole batches; images left over at the end are not trained on in that epoch. All
    other random numbers are keyed by (seed, step). Call `close` when the stepper is no longer needed.

    Each worker of a team takes the same steps, on an equal part of every batch: worker 1 of 4 on the second
    quarter of its images.

    Args:
        compiled: the network to train, changed in place together with its optimiser.
        config: batch size, seed, learning-rate schedule and number of epochs.
        images: training images, at least one batch.
        team: the workers that share each batch.
        deterministic: choose nothing by measurement, which may come out differently each time.
        block_bytes: most bytes of images that are gathered for one call.
        on_stage: called before each stage of a measurement; see `TrainingRequest`.
    """

    def __init__(
        self,
        compiled: CompiledNetwork,
        config: TrainingConfig,
        images: TrainingImages,
        team: Team = ALONE,
        *,
        deterministic: bool = False,
        block_bytes: int = BLOCK_BYTES,
        on_stage: Callable[[str], None] = lambda _stage: None,
    ) -> None:
        self._compiled = compiled
        self._config = config
        self._team = team
        self._batch_size = compiled.batch_size
        self._n_images = len(images)
        self._steps_per_epoch = self._n_images // self._config.batch_size
        batch_bytes = self._batch_size * math.prod(images.shape)
        self._block = min(max(1, block_bytes // batch_bytes), self._steps_per_epoch)
        self._ahead: ReadAhead | None = None
        if images.stay_in_file:
            self._ahead = ReadAhead(images, self._batch_size, self._block)
        else:
            self._all = on_device(images)
        self._seconds_per_step: float | None = None
        self._epoch = -1
        self._order: Any = None
        try:
            self._compile(None if deterministic else on_stage)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop reading images ahead."""
        if self._ahead is not None:
            self._ahead.close()

    def run_steps(
        self, position: Position, *, max_steps: int, seconds: float, learning_rate: float
    ) -> dict[str, NDArray[np.float32]]:
        """Take at least one step, and stop when there is no time for another.

        Args:
            position: position before the first step.
            max_steps: largest number of steps, which must not pass the end of the epoch.
            seconds: approximate time limit; if infinite, all `max_steps` are taken, in equal calls each time.
            learning_rate: learning rate of all steps, before the schedule is applied.

        Returns:
            The network's metrics before each of k steps, (k,) float32 each, 1 ≤ k ≤ max_steps.
        """
        deadline = time.perf_counter() + seconds
        taken: list[NDArray[np.float32]] = []
        n_taken = 0
        while n_taken < max_steps:
            began = time.perf_counter()
            most = self._most_steps(position.step + n_taken)
            n = min(self._steps_within(deadline - began), max_steps - n_taken, most)
            taken.append(self.take(Call(position.epoch, position.step + n_taken, n, learning_rate)))
            n_taken += n
            self._seconds_per_step = seconds_since(began) / n
            if time.perf_counter() + self._seconds_per_step > deadline:
                break
        values = np.concatenate(taken)
        return {name: values[:, i].copy() for i, name in enumerate(self._compiled.network.metric_names)}

    def take(self, call: Call) -> NDArray[np.float32]:
        """Take the steps of one call, as all workers of a team do at the same time.

        Returns:
            The network's metrics before each step, over the whole batch, (n, n_metrics) float32.
        """
        epoch, step, n, learning_rate = call
        first = epoch * self._steps_per_epoch + step
        rates = np.zeros(self._block, np.float32)
        rates[:n] = learning_rate * schedule(self._config, np.arange(first, first + n), self._steps_per_epoch)
        order = self._order_of(epoch)
        if self._ahead is None:
            shown, steps = (*self._all.tensors, order), self._compiled.steps_on_device(self._block)
        else:
            shown = self._ahead.gather(epoch, order.numpy(), step, n)
            steps = self._compiled.steps_of_gathered(self._block)
        called = CalledSteps(self._config.seed, first, step, n)
        values: NDArray[np.float32] = steps(*map(tf.convert_to_tensor, (*shown, rates, called))).numpy()
        return values

    def _most_steps(self, step: int) -> int:
        """Largest number of steps in one call that starts at the given step of an epoch."""
        return self._block if self._ahead is None else self._ahead.most_steps(step)

    def _steps_within(self, seconds: float) -> int:
        if self._seconds_per_step is None:
            return 1
        return max(1, int(min(seconds / self._seconds_per_step, self._block)))

    def _order_of(self, epoch: int) -> Any:
        if epoch != self._epoch:
            indices = tf.range(self._n_images)
            order = tf.random.experimental.stateless_shuffle(indices, seed=(self._config.seed, epoch))
            self._order = self._own_part(order)
            self._epoch = epoch
        return self._order

    def _own_part(self, order: Any) -> Any:
        """Order of the images that this worker takes: its part of each batch."""
        if self._team.n_workers == 1:
            return order
        whole = order[: self._steps_per_epoch * self._config.batch_size]
        by_worker = tf.reshape(whole, (self._steps_per_epoch, self._team.n_workers, self._batch_size))
        return tf.reshape(by_worker[:, self._team.index], (-1,))

    def _compile(self, measuring: Callable[[str], None] | None) -> None:
        """Take steps and undo them, so that compiling, which can take seconds, is not part of any turn.

        Args:
            measuring: called before each stage of a measurement; None if nothing is to be measured.
        """
        variables = self._compiled.variables
        values = [variable.value.numpy() for variable in variables]
        if len(self._compiled.ways) > 1 and measuring is not None:
            self._compiled.measure(self._measured_seconds_per_step, measuring)
        else:
            self.take(Call(0, 0, 1, 0.0))
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)

    def _measured_seconds_per_step(self, n: int) -> float:
        """Time of a step in a call of n steps, or of fewer if a call takes no more."""
        n = min(n, self._most_steps(0))
        began = time.perf_counter()
        self.take(Call(0, 0, n, 0.0))
        return seconds_since(began) / n


def seconds_since(began: float) -> float:
    """Return the seconds since `time.perf_counter()` was `began`; positive even if it has not moved on.

    Not `time.monotonic`: on Windows, until Python 3.13, it moves on every 16 ms, and a turn can take less.
    """
    return max(time.perf_counter() - began, _LEAST_SECONDS)


def schedule(config: TrainingConfig, steps: NDArray[np.integer], steps_per_epoch: int) -> NDArray[np.float64]:
    """Factors of the learning rate at the given steps.

    `cosine` falls from 1 at the first step to 0 after the last (Loshchilov and Hutter, *SGDR*, 2017, without
    restarts).

    Args:
        config: schedule and number of epochs.
        steps: indices of steps, counted from the beginning of the run, (k,).
        steps_per_epoch: number of steps in an epoch.

    Returns:
        Factors in [0, 1], (k,) float64.
    """
    if config.schedule == "constant":
        return np.ones(len(steps))
    n_steps = config.epochs * steps_per_epoch
    return 0.5 * (1.0 + np.cos(math.pi * np.minimum(steps / n_steps, 1.0)))
