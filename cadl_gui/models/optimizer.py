"""The optimiser of every network."""

from collections.abc import Collection
from typing import Any

import keras

from cadl_gui.domain.training_config import TrainingConfig
from cadl_gui.models.fused_adam import FusedAdam

_NAME = "adam"
"""Files know its variables by that, and not by how many optimisers the process has made before."""

_ADAM_EPSILON = 1e-8
"""TensorFlow 1's default, which the lecture uses; Keras's is 1e-7."""


def optimizer_for(
    config: TrainingConfig, variables: Collection[Any], kernels: Collection[Any]
) -> keras.optimizers.Optimizer:
    """Make Adam for a network's variables, its own included; weight decay (AdamW) pulls at kernels only."""
    optimizer = FusedAdam(
        config.learning_rate,
        epsilon=_ADAM_EPSILON,
        weight_decay=config.weight_decay or None,
        name=_NAME,
    )
    if config.weight_decay:
        paths = {kernel.path for kernel in kernels}
        optimizer.exclude_from_weight_decay(var_list=[each for each in variables if each.path not in paths])
    optimizer.build(variables)
    return optimizer
