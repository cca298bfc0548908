"""Randomness without state: every random number follows from (seed, step, purpose).

Nothing has to be saved to resume, rewind or branch a run, and the same step draws the same numbers however
steps are cut into turns.

The noise of a step is drawn for its whole batch, and what an example gets follows from its place in the batch
and from nothing that the others hold. So a worker that has some of the batch's examples draws for all of them
and takes its own: one worker and four draw the same noise.

A run keeps the version with which it began. In version 1, a layer's first weights and dropout follow from its
place in the network; in version 2, from its name.
"""

import zlib
from enum import IntEnum
from typing import Any

import numpy as np
import tensorflow as tf


class RngStream(IntEnum):
    """What random numbers are for; each purpose draws its own. Dropout adds the number of the layer."""

    AUGMENTATION = 1
    CORRUPTION = 2
    SAMPLING = 3
    DROPOUT = 4


def fold_in(key: Any, stream: int) -> Any:
    """Derive the key for a purpose from a step's, both (2,) int32."""
    return tf.random.experimental.stateless_fold_in(key, stream)


def layer_number(version: int, name: str, place: int) -> int:
    """By which a layer's random numbers differ from those of others, below 2**30.

    Args:
        version: of the run's randomness.
        name: of the layer.
        place: of the layer, which only version 1 asks for.
    """
    return place if version == 1 else zlib.crc32(name.encode()) >> 2


def initializer_seed(seed: int, number: int) -> int:
    """The seed of a layer's first kernel, from the run's and the layer's number."""
    return int(np.random.SeedSequence((seed, number)).generate_state(1)[0] >> 1)


def dropout(inputs: Any, key: Any, rate: float) -> Any:
    """Leave out a share of the numbers and scale up the rest, so that their mean stays.

    Srivastava et al., *Dropout*, 2014, in its inverted form.

    Args:
        inputs: (batch, …) float32.
        key: (2,) int32.
        rate: share in [0, 1).
    """
    retained = tf.random.stateless_uniform(tf.shape(inputs), key) >= rate
    return tf.where(retained, inputs / (1.0 - rate), 0.0)
