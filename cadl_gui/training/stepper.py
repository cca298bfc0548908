"""Steps of the optimiser, taken in the graph, several per call."""

import time
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.core.position import Position
from cadl_gui.models import Autoencoder


class Stepper:
    """Takes as many steps of the optimiser as fit into a given time.

    The pictures live here as one uint8 tensor. Each epoch goes through them in an order of its own, keyed by
    (seed, epoch), in whole batches: what is left over at an epoch's end is not trained on in that epoch.

    Args:
        model: changed in place, its optimiser included. Its configuration gives batch size and seed.
        pictures: what to train on, (n, height, width, channels) uint8, at least one batch.
    """

    def __init__(self, model: Autoencoder, pictures: NDArray[np.uint8]) -> None:
        self._n_pictures = len(pictures)
        self._seed = model.configuration.seed
        self._steps = _stepping_function(model, tf.constant(pictures))
        self._seconds_per_step: float | None = None
        self._epoch = -1
        self._order: Any = None
        self._compile(model)

    def take(
        self, position: Position, *, max_steps: int, seconds: float, learning_rate: float
    ) -> NDArray[np.float32]:
        """Take at least one step, and end with the step during which the time is over.

        Args:
            position: where the steps begin.
            max_steps: at most so many; they must not lead beyond the end of the epoch.
            seconds: about how long.
            learning_rate: of every step.

        Returns:
            The loss of each step before its update, (k,) float32, 1 ≤ k ≤ max_steps.
        """
        deadline = time.monotonic() + seconds
        order = self._order_of(position.epoch)
        losses: list[NDArray[np.float32]] = []
        taken = 0
        while taken < max_steps:
            began = time.monotonic()
            n = min(self._steps_within(deadline - began), max_steps - taken)
            losses.append(self._steps(order, position.step + taken, n, learning_rate).numpy())
            taken += n
            ended = time.monotonic()
            self._seconds_per_step = (ended - began) / n
            if ended >= deadline:
                break
        return np.concatenate(losses)

    def _steps_within(self, seconds: float) -> int:
        if self._seconds_per_step is None:
            return 1
        return max(1, int(seconds / self._seconds_per_step))

    def _order_of(self, epoch: int) -> Any:
        if epoch != self._epoch:
            indices = tf.range(self._n_pictures)
            self._order = tf.random.experimental.stateless_shuffle(indices, seed=(self._seed, epoch))
            self._epoch = epoch
        return self._order

    def _compile(self, model: Autoencoder) -> None:
        """Take one step and undo it: compiling, which can take seconds, then belongs to no turn."""
        variables = [*model.variables, *model.optimizer.variables]
        values = [variable.value.numpy() for variable in variables]
        self._steps(self._order_of(0), 0, 1, 0.0)
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)


def _stepping_function(model: Autoencoder, pictures: Any) -> Callable[..., Any]:
    """Make the function of (order, first step of the epoch, number of steps, learning rate) → losses."""
    batch_size = model.configuration.batch_size
    optimizer = model.optimizer
    variables = model.trainable_variables

    def step(batch: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = model.training_loss(batch)
        optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    # XLA makes dense networks a fifth faster, and convolutions on a CPU ten times slower. It sees one step
    # only: gathering from the dataset inside would copy the whole of it in every step.
    compiled_step = tf.function(step, jit_compile=not model.configuration.convolutional)

    def steps(order: Any, first: Any, n: Any, learning_rate: Any) -> Any:
        optimizer.learning_rate.assign(learning_rate)
        losses = tf.TensorArray(tf.float32, size=n)
        for i in tf.range(n):
            indices = tf.slice(order, [(first + i) * batch_size], [batch_size])
            batch = tf.cast(tf.gather(pictures, indices), tf.float32) / 255.0
            losses = losses.write(i, compiled_step(batch))
        return losses.stack()

    scalar = tf.TensorSpec((), tf.int32)
    signature = [tf.TensorSpec((None,), tf.int32), scalar, scalar, tf.TensorSpec((), tf.float32)]
    return cast("Callable[..., Any]", tf.function(steps, input_signature=signature))
