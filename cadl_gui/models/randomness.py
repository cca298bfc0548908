"""Stateless random numbers: each is a function of (seed, step, stream).

No generator state has to be saved to resume, repeat or branch a run, and a step draws the same numbers
however the steps are grouped into calls.

The noise of a step is drawn for its whole batch; the noise of an example depends on its index in the batch
and not on the other examples. A replica that holds part of the batch therefore draws noise for all of it and
uses its own part (`for_examples`), so that one worker and four workers draw the same noise.
"""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from typing import Any

import numpy as np
import tensorflow as tf


class RngStream(IntEnum):
    """Independent streams of random numbers. For dropout, the layer's number is added."""

    AUGMENTATION = 1
    CORRUPTION = 2
    SAMPLING = 3
    DROPOUT = 4


_by_xla: ContextVar[bool] = ContextVar("by_xla", default=False)


@contextmanager
def drawn_by_xla(by_xla: bool) -> Iterator[None]:
    """Let `fold_in` and `for_examples` compute what XLA does: for some keys, TensorFlow has other numbers.

    On a processor, one replica draws inside the step that XLA compiles. Several, which exchange gradients
    outside XLA, and one on a GPU where XLA is not faster, draw by it all the same.

    Args:
        by_xla: whether the step of one replica on a processor is compiled by XLA, and this one is not.
    """
    before = _by_xla.set(by_xla)
    try:
        yield
    finally:
        _by_xla.reset(before)


def fold_in(key: Any, stream: int) -> Any:
    """Derive the key of a stream from the key of a step, both (2,) int32."""

    def folded(key: Any) -> Any:
        return tf.random.experimental.stateless_fold_in(key, stream)

    return _computed(folded, key)


def _computed(function: Callable[[Any], Any], key: Any) -> Any:
    return (tf.function(function, jit_compile=True) if _by_xla.get() else function)(key)


def layer_number(name: str) -> int:
    """Number below 2**30 of a layer, by its name: its random numbers differ from those of other layers."""
    return zlib.crc32(name.encode()) >> 2


def initializer_seed(seed: int, number: int) -> int:
    """Seed of a layer's initial kernel, derived from the run's seed and the layer's number."""
    return int(np.random.SeedSequence((seed, number)).generate_state(1)[0] >> 1)


def for_examples(draw: Callable[..., Any], shape: Any, key: Any, *bounds: float, axis: int = 0) -> Any:
    """Draw random numbers for the examples of a batch of which each replica holds an equal part.

    Args:
        draw: `tf.random.stateless_uniform` or `tf.random.stateless_normal`.
        shape: shape of the numbers of this replica's examples; a tuple or an int32 tensor.
        key: (2,) int32.
        bounds: further arguments of `draw`.
        axis: axis of `shape` that counts the examples.

    Returns:
        Float32 of the given shape: what one replica with the whole batch draws for the same examples.
    """
    n_replicas = tf.distribute.get_strategy().num_replicas_in_sync
    if n_replicas == 1 and not _by_xla.get():
        return draw(shape, key, *bounds)
    n, sizes = shape[axis], tf.unstack(tf.convert_to_tensor(shape, tf.int32))
    if _by_xla.get():  # it compiles for fixed shapes
        sizes = tf.get_static_value(tf.convert_to_tensor(shape, tf.int32))
    sizes[axis] *= n_replicas

    def drawn_with(key: Any) -> Any:
        return draw(sizes, key, *bounds)

    numbers = _computed(drawn_with, key)
    first = tf.distribute.get_replica_context().replica_id_in_sync_group * n
    return tf.gather(numbers, first + tf.range(n), axis=axis)


def dropout(inputs: Any, key: Any, rate: float) -> Any:
    """Set a fraction of the inputs to zero and scale up the rest, so that the expected value is unchanged.

    Srivastava et al., *Dropout*, 2014, in its inverted form.

    Args:
        inputs: (batch, …) float32.
        key: (2,) int32; the same key drops the same inputs.
        rate: fraction to drop, in [0, 1).
    """
    retained = for_examples(tf.random.stateless_uniform, tf.shape(inputs), key) >= rate
    return tf.where(retained, inputs / (1.0 - rate), 0.0)
