"""The optimiser of every network."""

from typing import TYPE_CHECKING

import keras

from cadl_gui.models.fused_adam import FusedAdam

if TYPE_CHECKING:
    from cadl_gui.models.network import Network

_NAME = "adam"
"""Files know its variables by that, and not by how many optimisers the process has made before."""

_ADAM_EPSILON = 1e-8
"""TensorFlow 1's default, which the lecture uses; Keras's is 1e-7."""


def optimizer_for(network: "Network") -> keras.optimizers.Optimizer:
    """Make a network's Adam, all its variables included; weight decay (AdamW) pulls at kernels only."""
    config = network.training_config
    optimizer = FusedAdam(
        config.learning_rate,
        epsilon=_ADAM_EPSILON,
        weight_decay=config.weight_decay or None,
        name=_NAME,
    )
    if config.weight_decay:
        kernels = {layer.kernel.path for layer in network.layers_with_kernels}
        others = [variable for variable in network.trainable_variables if variable.path not in kernels]
        optimizer.exclude_from_weight_decay(var_list=others)
    optimizer.build(network.trainable_variables)
    return optimizer
