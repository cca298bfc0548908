"""Copies a network into the variables of a strategy, equal in all workers.

A network is first made as for one worker, so that new, resumed and branched runs need no way of their own.
"""

import dataclasses
from typing import Any

import tensorflow as tf

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.images import ImageShape
from cadl_gui.models import build
from cadl_gui.models.release import take_apart
from cadl_gui.training.compiled import CompiledNetwork
from cadl_gui.training.train_state import TrainState


def spread(start: TrainState, strategy: Any) -> TrainState:
    """Give the initial state of a training to all replicas that share its batches.

    A new, resumed or branched network is made as for one replica and then copied, so that no way to begin
    depends on their number.

    Args:
        start: initial state, whose own network cannot be used afterwards.
        strategy: strategy by which several replicas share the batches.

    Returns:
        The same state with a network in the strategy's variables.
    """
    network = start.model
    values = [variable.value for variable in start.compiled.variables]
    shape, n_classes = network.image_shape, network.n_classes
    compiled = shared_network(start.config, shape, n_classes, strategy, values)
    take_apart(network)
    return dataclasses.replace(start, compiled=compiled)


def shared_network(
    config: RunConfig,
    image_shape: ImageShape,
    n_classes: int,
    strategy: Any,
    values: list[Any] | None = None,
) -> CompiledNetwork:
    """Build a network whose variables are equal in all replicas; all workers call this at the same time.

    Args:
        image_shape: (height, width, channels).
        n_classes: number of classes.
        strategy: strategy by which the batches are shared.
        values: of the chief, values of the network's and its optimiser's variables; None for other workers.

    Returns:
        The network, not yet compiled, with the chief's values.
    """
    with strategy.scope():
        network = build(config, image_shape, n_classes)
        compiled = CompiledNetwork(network)
    variables = compiled.variables
    given = values or [tf.zeros(variable.shape, variable.dtype) for variable in variables]

    def replica() -> list[Any]:
        here = tf.distribute.get_replica_context()
        is_first = tf.equal(here.replica_id_in_sync_group, 0)
        first = [tf.where(is_first, value, tf.zeros_like(value)) for value in given]
        return list(here.all_reduce(tf.distribute.ReduceOp.SUM, first))

    for variable, value in zip(variables, strategy.run(replica), strict=True):
        variable.assign(strategy.experimental_local_results(value)[0])
    return compiled
