"""Networks with their compiled functions, and a pool that reuses them.

XLA keeps compiled functions until the process ends: 7 MB for softmax regression, 45 MB for a variational
autoencoder. After a training, its network is therefore retained; the next training of the same kind of
network reuses it with other weights, and starts without compiling. Of networks that XLA does not compile, a
few are retained for the sake of that start only.
"""

import dataclasses
import logging
import math
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cached_property
from typing import Any, NamedTuple

import tensorflow as tf

from cadl_gui.domain.precision import measured_text
from cadl_gui.domain.training_config import AUTO, BFLOAT16, FLOAT32
from cadl_gui.models import Network
from cadl_gui.models.devices import n_accelerators
from cadl_gui.models.randomness import drawn_by_xla
from cadl_gui.models.release import take_apart, traced
from cadl_gui.system.words import _
from cadl_gui.training.bfloat16 import in_bfloat16, mixed_bfloat16
from cadl_gui.training.evaluation import Evaluation
from cadl_gui.training.step import Batch, train_step

_log = logging.getLogger(__name__)

MOST_IDLE_BYTES = 256_000_000
"""Limit on the variables of idle networks: 20 networks like `vae`. Discarding a network frees less memory
than compiling another one of its kind takes."""

_MOST_WITHOUT_XLA = 4
"""Limit on the idle networks that XLA does not compile."""

_CALL_SECONDS = 0.02
"""About how long a measured call takes. The call itself takes 1 ms, its steps the rest."""

_ROUNDS, _LEAST_ROUNDS = 9, 5
"""Calls that are measured in each way; fewer, if all of them would take longer than `_MOST_SECONDS`."""

_MOST_SECONDS = 1.0

_CLEARLY = 3
"""Calls that have to be faster than all those of another way; of two equal ways, one does so in 10 %. Medians
misled beside busy programs, where a call may take ten times as long."""


class CalledSteps(NamedTuple):
    """The steps of one call, passed as one int32 tensor since each argument makes a call slower.

    Attributes:
        seed: seed of the run.
        first: index of the first step, counted from the beginning of the run.
        first_in_epoch: index of the same step, counted from the beginning of its epoch.
        n: number of steps.
    """

    seed: Any
    first: Any
    first_in_epoch: Any
    n: Any


class Way(NamedTuple):
    """A way to compute the steps.

    Attributes:
        precision: "float32" or "bfloat16".
        xla: whether XLA compiles them.
    """

    precision: str
    xla: bool


class CompiledNetwork:
    """A network and its compiled functions, each of which is compiled when first called.

    Args:
        network: network with its optimiser; training steps change both. If its batches are shared by several
            replicas, it was built in the scope of their strategy, and so is this object.

    Attributes:
        network: as above.
        strategy: the strategy in whose scope this object was made; TensorFlow's default for one replica.
        n_replicas_here: number of replicas in this process.
        batch_size: number of images of each batch that this process computes.
        way: how the steps are computed.
        ways: those between which a measurement is to choose: both precisions for `auto` and, on a GPU, where
            no rule is known, with XLA and without. The first is preferred. One if none is left to choose.
        precision_reason: what was measured, if the precision was chosen; see `RunInfo`.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.strategy = tf.distribute.get_strategy()
        n_replicas = self.strategy.num_replicas_in_sync
        self.n_replicas_here = 1 if n_replicas == 1 else len(self.strategy.extended.worker_devices)
        self.batch_size = network.training_config.batch_size * self.n_replicas_here // n_replicas
        self._steps: dict[tuple[int, bool, Way], Callable[..., Any]] = {}
        self._on_gpu = n_accelerators() > 0
        self.asked_precision = network.training_config.precision
        precisions = (FLOAT32, BFLOAT16) if self.asked_precision == AUTO else (self.asked_precision,)
        by_rule = [Way(each, n_replicas == 1 and _gains_from_xla(network, each)) for each in precisions]
        tries_xla = self._on_gpu and n_replicas == 1 and not network.training_config.augmentation
        others = [way._replace(xla=not way.xla) for way in by_rule]
        pairs = zip(by_rule, others, strict=True)
        self.ways = tuple(way for pair in pairs for way in pair) if tries_xla else tuple(by_rule)
        self.way = self.ways[0]
        self.precision_reason = ""

    @property
    def variables(self) -> list[Any]:
        """The variables of the network, and then those of its optimiser."""
        return [*self.network.variables, *self.network.optimizer.variables]

    @cached_property
    def evaluation(self) -> Evaluation:
        """Evaluates the network with its current weights."""
        return Evaluation(self.network)

    def measure(
        self, seconds_per_step: Callable[[int], float], on_stage: Callable[[str], None] = lambda _stage: None
    ) -> None:
        """Choose the way that is faster, if there are several.

        They are measured by turns, so that whatever else the machine does slows all of them. One is preferred
        to those before it only if it is faster by more than the measurements spread.

        Args:
            seconds_per_step: takes so many steps, of functions that it asks for anew, and returns how long
                one takes. If it raises an error of TensorFlow, which cannot compile this network by XLA for
                instance, another way is chosen.
            on_stage: see `TrainingRequest`.

        Raises:
            tf.errors.OpError: if no way works.
        """
        chosen = self.ways[0]
        taken: dict[Way, list[float]] = {}
        try:
            for way in self.ways:
                self.way = way
                on_stage(_("Compiling the training step in {precision}").format(precision=way.precision))
                try:
                    seconds_per_step(1)  # compiles
                    taken[way] = [seconds_per_step(1)]
                except tf.errors.OpError:
                    if way == self.ways[-1] and not taken:
                        raise
                    _log.exception("Steps %s do not work here", _words(way))
            on_stage(_("Measuring how the training step is fastest"))
            n = math.ceil(_CALL_SECONDS / max(seconds.pop() for seconds in taken.values()))
            for done in range(_ROUNDS):
                if done >= _LEAST_ROUNDS and n * sum(map(sum, taken.values())) > _MOST_SECONDS:
                    break
                for self.way, seconds in taken.items():
                    seconds.append(seconds_per_step(n))
            chosen = _fastest(taken)
        finally:
            self.way = chosen
        self.ways = (chosen,)
        self._steps = {key: steps for key, steps in self._steps.items() if key[-1] == chosen}
        for way, seconds in taken.items():
            _log.info("A step takes %.3g to %.3g ms %s", min(seconds) * 1e3, max(seconds) * 1e3, _words(way))
        if self.asked_precision == AUTO:
            least: dict[str, float] = {}
            for (precision, _xla), seconds in taken.items():
                least[precision] = min(least.get(precision, math.inf), *seconds)
            self.precision_reason = measured_text(least, chosen.precision)

    def steps_on_device(self, block: int) -> Callable[..., Any]:
        """Training steps for images that are all on the device; batches are gathered inside the graph.

        Args:
            block: largest number of steps in one call.

        Returns:
            A function of (all images, all labels, order (n_images,), learning rates (block,), `CalledSteps`)
            that takes n steps, 1 ≤ n ≤ block, and returns the metrics before each, (n, n_metrics) float32.
        """
        take_gathered = self.steps_of_gathered(block)
        batch_size = self.batch_size

        def steps(images: Any, labels: Any, order: Any, rates: Any, called: Any) -> Any:
            where = CalledSteps(*tf.unstack(called))
            indices = tf.slice(order, [where.first_in_epoch * batch_size], [where.n * batch_size])
            gathered = (tf.gather(all_of, indices) for all_of in (images, labels))
            return take_gathered(*gathered, rates, called)

        return self._compiled(steps, [tf.TensorSpec((None,), tf.int32)], block, on_device=True)

    def steps_of_gathered(self, block: int) -> Callable[..., Any]:
        """Training steps for images that are passed to each call.

        Args:
            block: largest number of steps in one call.

        Returns:
            A function of (n × `batch_size` images, their labels, learning rates (block,), `CalledSteps`) that
            takes n steps, 1 ≤ n ≤ block, and returns the metrics before each, (n, n_metrics) float32.
        """
        return self._compiled(_stepping_function(self, block), [], block, on_device=False)

    def _compiled(
        self, function: Callable[..., Any], inputs: list[Any], block: int, *, on_device: bool
    ) -> Callable[..., Any]:
        if (block, on_device, self.way) not in self._steps:
            images = tf.TensorSpec((None, *self.network.image_shape), tf.uint8)
            labels, rates = tf.TensorSpec((None,), tf.int64), tf.TensorSpec((block,), tf.float32)
            called = tf.TensorSpec((len(CalledSteps._fields),), tf.int32)
            signature = [images, labels, *inputs, rates, called]
            is_bfloat16 = self.way.precision == BFLOAT16
            with mixed_bfloat16(self.network) if is_bfloat16 and self._on_gpu else nullcontext():
                steps = traced(function, *signature)
            if is_bfloat16 and not self._on_gpu:
                steps = in_bfloat16(steps)
            self._steps[block, on_device, self.way] = steps
        return self._steps[block, on_device, self.way]


class IdleNetworks:
    """Compiled networks that no training uses, the longest idle first. Not thread-safe."""

    def __init__(self, most_bytes: int = MOST_IDLE_BYTES) -> None:
        self._most_bytes = most_bytes
        self._idle: list[CompiledNetwork] = []

    @contextmanager
    def lend(self, other: CompiledNetwork) -> Iterator[CompiledNetwork]:
        """Lend an idle network of the same kind as `other`, with its weights and optimiser state.

        Args:
            other: network in its initial state; lent itself if there is no idle network of its kind.

        Returns:
            A context manager; the network is idle again when the context exits. If it is not `other`, the
            network of `other` can no longer be used.
        """
        kind = _kind(other)
        found = next((idle for idle in self._idle if _kind(idle) == kind), None)
        if found is None:
            found = other
        else:
            self._idle.remove(found)
            _take_over(found, other)
            take_apart(other.network)
        try:
            yield found
        finally:
            self._idle.append(found)
            self._let_go()

    def _let_go(self) -> None:
        without_xla = [idle for idle in self._idle if not idle.way.xla]
        for idle in without_xla[:-_MOST_WITHOUT_XLA]:
            self._idle.remove(idle)
            take_apart(idle.network)
        while sum(_n_bytes(idle) for idle in self._idle) > self._most_bytes:
            take_apart(self._idle.pop(0).network)


IDLE_NETWORKS = IdleNetworks()
"""The pool of the training thread; global because XLA's compiled functions live as long as the process."""


def _kind(compiled: CompiledNetwork) -> Hashable:
    """Key shared by networks with the same compiled graphs: the configuration without the graphs' inputs."""
    network = compiled.network
    training = dataclasses.replace(
        network.training_config,
        seed=0,
        epochs=1,
        learning_rate=1.0,
        schedule="constant",
        precision=compiled.asked_precision,
    )
    shape = network.image_shape, network.n_classes
    return network.config, training, *shape, compiled.strategy


def _take_over(compiled: CompiledNetwork, other: CompiledNetwork) -> None:
    compiled.network.training_config = other.network.training_config
    for own, its in zip(compiled.variables, other.variables, strict=True):
        own.assign(its)


def _n_bytes(compiled: CompiledNetwork) -> int:
    return sum(4 * int(variable.value.shape.num_elements()) for variable in compiled.variables)


def _fastest(taken: Mapping[Way, list[float]]) -> Way:
    """The way whose calls were fastest, or one that precedes it if they are not clearly so."""
    best, *others = taken
    for way in others:
        if sorted(taken[way])[min(_CLEARLY, len(taken[way])) - 1] < min(taken[best]):
            best = way
    return best


def _words(way: Way) -> str:
    return f"in {way.precision} {'with' if way.xla else 'without'} XLA"


def _stepping_function(compiled_network: CompiledNetwork, block: int) -> Callable[..., Any]:
    """Make the function of (images, labels, rates, `CalledSteps`) → metrics (n, n_metrics).

    It takes n ≤ `block` steps. Their images are padded to a whole block, since XLA compiles for fixed
    shapes. The loop over the steps is part of the compiled function, so that the same steps run the same code
    and give the same weights however they are grouped into calls.
    """
    network, batch_size = compiled_network.network, compiled_network.batch_size
    n_metrics = len(network.metric_names)

    def take_steps(batches: Any, batch_labels: Any, seed: Any, first: Any, rates: Any, n: Any) -> Any:
        taken = tf.TensorArray(tf.float32, size=block, element_shape=(n_metrics,))
        i = tf.constant(0)
        # Not `for i in tf.range(n)`, which XLA would recompile for each n.
        while i < n:
            batch = Batch(batches[i], batch_labels[i], tf.stack([seed, first + i]), rates[i])
            taken = taken.write(i, _shared_step(compiled_network, batch))
            i += 1
        return taken.stack()

    compiled = tf.function(take_steps, jit_compile=compiled_network.way.xla)

    def filled(gathered: Any, n: Any) -> Any:
        batches = tf.reshape(gathered, (n, batch_size, *gathered.shape[1:]))
        whole = tf.pad(batches, [(0, block - n), *[(0, 0)] * gathered.shape.rank])
        return tf.ensure_shape(whole, (block, batch_size, *gathered.shape[1:]))

    def steps(images: Any, labels: Any, rates: Any, called: Any) -> Any:
        seed, first, _, n = CalledSteps(*tf.unstack(called))
        return compiled(filled(images, n), filled(labels, n), seed, first, rates, n)[:n]

    return steps


def _shared_step(compiled: CompiledNetwork, batch: Batch) -> Any:
    """Take one training step; the replicas of this process, if there are several, divide its batch."""
    strategy, n_here, (precision, xla) = compiled.strategy, compiled.n_replicas_here, compiled.way
    draws_by_xla = _gains_from_xla(compiled.network, precision) and not xla
    if strategy.num_replicas_in_sync == 1:
        with drawn_by_xla(draws_by_xla):
            return train_step(compiled.network, batch)
    share = compiled.batch_size // n_here

    def step() -> Any:
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        first = (replica % n_here) * share
        images, labels = (each[first : first + share] for each in (batch.images, batch.labels))
        part = batch._replace(
            images=tf.ensure_shape(images, (share, *batch.images.shape[1:])),
            labels=tf.ensure_shape(labels, (share,)),
        )
        with drawn_by_xla(draws_by_xla):
            return train_step(compiled.network, part)

    return strategy.experimental_local_results(strategy.run(step))[0]


def _gains_from_xla(network: Network, precision: str) -> bool:
    """Whether XLA makes the steps of a single replica faster on a processor, in a precision.

    Such steps draw XLA's random numbers on every device. Replicas exchange their gradients outside it.
    XLA makes dense networks faster, softmax regression twice as fast, but convolutions on a CPU ten times
    slower. The dataset stays outside the compiled function: gathering inside would copy all of it each step.
    What XLA compiles is not rewritten to bfloat16.
    """
    augmentation = network.training_config.augmentation
    return not (network.config.convolutional or augmentation or precision == BFLOAT16)
