"""Networks with what was compiled for them, and those that wait for another training.

XLA keeps what it compiled until the process ends: 7 MB for softmax regression, 45 MB for a variational
autoencoder. A network whose training is over is therefore kept, and the next training of such a network
is given it, with weights of its own, and begins without compiling.
"""

import dataclasses
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, NamedTuple

import tensorflow as tf

from cadl_gui.models import Network
from cadl_gui.training.evaluation import Evaluation
from cadl_gui.training.step import Batch, train_step

_MOST_IDLE_BYTES = 256_000_000
"""Of variables that may wait: 20 networks like `vae`. Letting one go gives back less than compiling its kind
anew takes."""


class CalledSteps(NamedTuple):
    """Which steps one call takes; one int32 tensor, since a call costs more with each argument.

    Attributes:
        seed: of the run.
        first: step of the run.
        first_in_epoch: the same, from the beginning of its epoch.
        n: how many.
    """

    seed: Any
    first: Any
    first_in_epoch: Any
    n: Any


class CompiledNetwork:
    """A network, and the functions that were compiled for it; each is when it is first called.

    Args:
        network: with its optimiser; changed by the steps.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._steps: dict[tuple[int, bool], Callable[..., Any]] = {}

    @cached_property
    def evaluation(self) -> Evaluation:
        """Measures the network as it is at each call."""
        return Evaluation(self.network)

    def steps_on_device(self, block: int) -> Callable[..., Any]:
        """Steps whose images are all on the device, and gathered in the graph.

        Args:
            block: so many steps at most in one call.

        Returns:
            The function of (all images, all labels, their order, rates (block,), `CalledSteps`) → metrics
            before each step, (n, metrics) float32; 1 ≤ n ≤ block.
        """
        take_gathered = self.steps_of_gathered(block)
        batch_size = self.network.training_config.batch_size

        def steps(images: Any, labels: Any, order: Any, rates: Any, called: Any) -> Any:
            where = CalledSteps(*tf.unstack(called))
            indices = tf.slice(order, [where.first_in_epoch * batch_size], [where.n * batch_size])
            gathered = (tf.gather(all_of, indices) for all_of in (images, labels))
            return take_gathered(*gathered, rates, called)

        return self._compiled(steps, [tf.TensorSpec((None,), tf.int32)], block, on_device=True)

    def steps_of_gathered(self, block: int) -> Callable[..., Any]:
        """Steps whose images come with the call.

        Args:
            block: so many steps at most in one call.

        Returns:
            The function of (n × batch size images, labels, rates (block,), `CalledSteps`) → metrics before
            each step, (n, metrics) float32; 1 ≤ n ≤ block.
        """
        return self._compiled(_stepping_function(self.network, block), [], block, on_device=False)

    def _compiled(
        self, function: Callable[..., Any], inputs: list[Any], block: int, *, on_device: bool
    ) -> Callable[..., Any]:
        if (block, on_device) not in self._steps:
            images = tf.TensorSpec((None, *self.network.image_shape), tf.uint8)
            labels, rates = tf.TensorSpec((None,), tf.int64), tf.TensorSpec((block,), tf.float32)
            called = tf.TensorSpec((len(CalledSteps._fields),), tf.int32)
            signature = [images, labels, *inputs, rates, called]
            # Of one concrete function, a call costs half: nothing is left to choose by its arguments.
            self._steps[block, on_device] = tf.function(function).get_concrete_function(*signature)
        return self._steps[block, on_device]


class IdleNetworks:
    """Those that wait for another training, the longest waiting first. Belongs to one thread."""

    def __init__(self) -> None:
        self._idle: list[CompiledNetwork] = []

    @contextmanager
    def lend(self, other: CompiledNetwork) -> Iterator[CompiledNetwork]:
        """Lend a network that computes as another one does, and stands where that one stands.

        Args:
            other: where none like it waits, it is itself what is lent.
        """
        kind = _kind(other.network)
        found = next((idle for idle in self._idle if _kind(idle.network) == kind), None)
        if found is None:
            found = other
        else:
            self._idle.remove(found)
            _take_over(found.network, other.network)
        try:
            yield found
        finally:
            self._idle.append(found)
            self._let_go()

    def _let_go(self) -> None:
        while sum(_n_bytes(idle.network) for idle in self._idle) > _MOST_IDLE_BYTES:
            del self._idle[0]


IDLE_NETWORKS = IdleNetworks()
"""Of the thread that trains: what XLA compiled belongs to the process as well."""


def _kind(network: Network) -> Hashable:
    """What decides the graphs that are compiled: all but what these get as arguments."""
    training = dataclasses.replace(
        network.training_config, seed=0, epochs=1, learning_rate=1.0, schedule="constant"
    )
    return network.config, training, network.image_shape, network.n_classes, network.randomness


def _take_over(network: Network, other: Network) -> None:
    network.training_config = other.training_config
    for own, its in zip(_variables(network), _variables(other), strict=True):
        own.assign(its)


def _variables(network: Network) -> list[Any]:
    return [*network.variables, *network.optimizer.variables]


def _n_bytes(network: Network) -> int:
    return sum(4 * int(variable.value.shape.num_elements()) for variable in _variables(network))


def _stepping_function(network: Network, block: int) -> Callable[..., Any]:
    """Make the function of (images, labels, rates, `CalledSteps`) → n × metrics.

    It takes n ≤ `block` steps. Their images are filled up to a whole block, since XLA compiles for one
    shape; the loop over the steps is inside what XLA compiles, so that the same steps are the same code, and
    give the same weights, however a turn cuts them into calls.
    """
    batch_size = network.training_config.batch_size
    n_metrics = len(network.metric_names)

    def take_steps(batches: Any, batch_labels: Any, seed: Any, first: Any, rates: Any, n: Any) -> Any:
        taken = tf.TensorArray(tf.float32, size=block, element_shape=(n_metrics,))
        i = tf.constant(0)
        # Not `for i in tf.range(n)`: XLA would compile that anew for every other n.
        while i < n:
            batch = Batch(batches[i], batch_labels[i], tf.stack([seed, first + i]), rates[i])
            taken = taken.write(i, train_step(network, batch))
            i += 1
        return taken.stack()

    compiled = tf.function(take_steps, jit_compile=_gains_from_xla(network))

    def filled(gathered: Any, n: Any) -> Any:
        batches = tf.reshape(gathered, (n, batch_size, *gathered.shape[1:]))
        whole = tf.pad(batches, [(0, block - n), *[(0, 0)] * gathered.shape.rank])
        return tf.ensure_shape(whole, (block, batch_size, *gathered.shape[1:]))

    def steps(images: Any, labels: Any, rates: Any, called: Any) -> Any:
        seed, first, _, n = CalledSteps(*tf.unstack(called))
        return compiled(filled(images, n), filled(labels, n), seed, first, rates, n)[:n]

    return steps


def _gains_from_xla(network: Network) -> bool:
    """XLA makes dense networks faster, softmax regression twice, and convolutions on a CPU ten times slower.

    It never sees the dataset: gathering from it inside would copy the whole of it in every step.
    """
    return not network.config.convolutional and not network.training_config.augmentation
