"""Creates the optimiser that every network uses."""

from collections.abc import Collection
from typing import Any

import keras

from cadl_gui.domain.training_config import TrainingConfig
from cadl_gui.models.fused_adam import FusedAdam

_NAME = "adam"
"""A fixed name: Keras's default would depend on how many optimisers the process has created, and saved files
identify the optimiser's variables by it."""

_ADAM_EPSILON = 1e-8
"""TensorFlow 1's default, which the lecture uses; Keras's default is 1e-7."""


def optimizer_for(
    config: TrainingConfig, variables: Collection[Any], kernels: Collection[Any]
) -> keras.optimizers.Optimizer:
    """Create Adam with its state variables; weight decay (AdamW), if configured, applies to kernels only.

    Args:
        config: learning rate and weight decay.
        kernels: those of `variables` that decay.
    """
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
