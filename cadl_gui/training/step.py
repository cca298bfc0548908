"""A single training step."""

from typing import Any, NamedTuple

import tensorflow as tf

from cadl_gui.models import Network


class Batch(NamedTuple):
    """The inputs of a training step, as tensors.

    Attributes:
        images: (batch, height, width, channels) uint8.
        labels: (batch,) int64.
        key: (2,) int32, (seed, step in the run); determines all random numbers.
        learning_rate: () float32.
    """

    images: Any
    labels: Any
    key: Any
    learning_rate: Any


def train_step(state: Network, batch: Batch) -> Any:
    """Take one step of the optimiser, eagerly or inside a graph.

    Under `tf.distribute.Strategy.run`, each replica processes an equal share of the batch, and all take the
    same step, that of the mean loss over the whole batch.

    Args:
        state: network; its variables and its optimiser's are changed.

    Returns:
        The network's metrics over the whole batch before the update, in the order of `metric_names`, float32.
    """
    n_replicas = tf.distribute.get_strategy().num_replicas_in_sync
    variables = state.trainable_variables
    state.optimizer.learning_rate.assign(batch.learning_rate)
    images = tf.cast(batch.images, tf.float32) / 255.0
    with tf.GradientTape() as tape:
        measured = state.compute_metrics(images, batch.labels, batch.key, training=True)
        means = {name: tf.reduce_mean(values) for name, values in measured.items()}
        # Keras sums the gradients of the replicas.
        loss = means["loss"] if n_replicas == 1 else means["loss"] / n_replicas
    state.optimizer.apply(tape.gradient(loss, variables), variables)
    metrics = tf.stack([means[name] for name in state.metric_names])
    if n_replicas == 1:
        return metrics
    return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, metrics)
