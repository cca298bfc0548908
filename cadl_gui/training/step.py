"""One step of the optimiser."""

from typing import Any, NamedTuple

import tensorflow as tf

from cadl_gui.models import Network


class Batch(NamedTuple):
    """What a step is taken on, as tensors.

    Attributes:
        images: (batch, height, width, channels) uint8.
        labels: (batch,) int64.
        key: (2,) int32, (seed, step in the run); decides all that is random.
        learning_rate: () float32.
    """

    images: Any
    labels: Any
    key: Any
    learning_rate: Any


def train_step(state: Network, batch: Batch) -> Any:
    """Take a step of the optimiser, inside a graph or outside.

    Under `tf.distribute.Strategy.run` each replica takes its share of the batch, shares being equally large,
    and all make the same step, that of the mean over the whole.

    Args:
        state: its variables and its optimiser's, which are changed.
        batch: see there.

    Returns:
        The network's metrics over this batch before the update, in the order of `metric_names`, float32.
    """
    n_replicas = tf.distribute.get_strategy().num_replicas_in_sync
    variables = state.trainable_variables
    state.optimizer.learning_rate.assign(batch.learning_rate)
    images = tf.cast(batch.images, tf.float32) / 255.0
    with tf.GradientTape() as tape:
        measured = state.compute_metrics(images, batch.labels, batch.key, training=True)
        means = {name: tf.reduce_mean(values) for name, values in measured.items()}
        # Keras adds the replicas' gradients up.
        loss = means["loss"] if n_replicas == 1 else means["loss"] / n_replicas
    state.optimizer.apply(tape.gradient(loss, variables), variables)
    return tf.stack([means[name] for name in state.metric_names])
