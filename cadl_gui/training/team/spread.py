"""Copies the chief's network into the variables of a strategy, equal in all replicas."""

import dataclasses
from typing import Any

import tensorflow as tf

from cadl_gui.domain.position import Position
from cadl_gui.models import build
from cadl_gui.models.release import take_apart
from cadl_gui.training.compiled import CompiledNetwork
from cadl_gui.training.train_state import TrainState


def spread(start: TrainState, strategy: Any) -> TrainState:
    """Give the chief's initial state of a training to all replicas; all workers call this at the same time.

    A new, resumed or branched network is made as for one replica and then copied, so that no way to begin
    depends on their number, and only the chief needs the files of a run to resume.

    Args:
        start: initial state, whose own network cannot be used afterwards.
        strategy: strategy by which several replicas share the batches.

    Returns:
        The same state with a network in the strategy's variables, at the chief's position.
    """
    network = start.model
    own = [variable.value for variable in start.compiled.variables]
    own.append(tf.constant(start.position.epoch, tf.float32))
    with strategy.scope():
        compiled = CompiledNetwork(build(start.config, network.image_shape, network.n_classes))

    def replica() -> list[Any]:
        here = tf.distribute.get_replica_context()
        is_first = tf.equal(here.replica_id_in_sync_group, 0)
        first = [tf.where(is_first, value, tf.zeros_like(value)) for value in own]
        return list(here.all_reduce(tf.distribute.ReduceOp.SUM, first))

    *values, epoch = (strategy.experimental_local_results(value)[0] for value in strategy.run(replica))
    for variable, value in zip(compiled.variables, values, strict=True):
        variable.assign(value)
    take_apart(network)
    return dataclasses.replace(start, compiled=compiled, position=Position(int(epoch)))
