"""Randomness without state: every random number follows from (seed, step, purpose).

Nothing has to be saved to resume, rewind or branch a run, and the same step draws the same numbers however
steps are cut into turns.
"""

from enum import IntEnum
from typing import Any

import tensorflow as tf


class Purpose(IntEnum):
    """What random numbers are for; each purpose draws its own. Dropout takes a number for every layer."""

    AUGMENTATION = 1
    CORRUPTION = 2
    SAMPLING = 3
    DROPOUT = 4


def key_for(key: Any, purpose: int) -> Any:
    """Derive the key for a purpose from a step's, both (2,) int32."""
    return tf.random.experimental.stateless_fold_in(key, purpose)


def dropped_out(inputs: Any, key: Any, rate: float) -> Any:
    """Leave out a share of the numbers and scale up the rest, so that their mean stays.

    Srivastava et al., *Dropout*, 2014, in its inverted form.

    Args:
        inputs: (batch, …) float32.
        key: (2,) int32.
        rate: share in [0, 1).
    """
    kept = tf.random.stateless_uniform(tf.shape(inputs), key) >= rate
    return tf.where(kept, inputs / (1.0 - rate), 0.0)
