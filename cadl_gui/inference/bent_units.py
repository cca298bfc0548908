"""Units of a network that give something else than they have learned, for one call."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.core.architecture import Architecture
from cadl_gui.core.bends import Bends
from cadl_gui.core.errors import CadlError
from cadl_gui.core.weights.bent_weights import bendable_units
from cadl_gui.models import Network

UnitBends = tuple[NDArray[np.int32], NDArray[np.float32]]
"""For every unit of `bendable_units`, one layer after the other: the unit of its layer that stands in its
place, and the factor."""


def unit_bends_signature(architecture: Architecture) -> tuple[tf.TensorSpec, tf.TensorSpec]:
    """Of the `UnitBends` of such a network."""
    n = sum(layer.output_shape[-1] for layer in bendable_units(architecture))
    return tf.TensorSpec((n,), tf.int32), tf.TensorSpec((n,), tf.float32)


def unit_bends(architecture: Architecture, bends: Bends) -> UnitBends:
    """Lay bends of units out for `with_bent_units`; those of kernels are no concern of it.

    Raises:
        CadlError: if there is no such unit.
    """
    orders, factors = [], []
    units = {bend.part: bend for bend in bends if bend.part.is_unit}
    for layer in bendable_units(architecture):
        n = layer.output_shape[-1]
        order, factor = np.arange(n, dtype=np.int32), np.ones(n, np.float32)
        for part in [part for part in units if part.layer == layer.name and part.unit < n]:
            bend = units.pop(part)
            order[part.unit], factor[part.unit] = bend.origin.unit, bend.factor
        orders.append(order)
        factors.append(factor)
    if units:
        raise CadlError(f"{next(iter(units))}: there is no such unit to bend.")
    return np.concatenate(orders), np.concatenate(factors)


def with_bent_units(network: Network, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of a network as one that takes `UnitBends` before its own arguments.

    Every unit then gives `factor * activation[order]` of its layer: after batch normalisation and activation
    function, so that 0 mutes a unit whatever these are, and without a change of weights, which a tied decoder
    shares.
    """

    def bent(order: Any, factors: Any, *inputs: Any) -> Any:
        with _bent(network, order, factors):
            return function(*inputs)

    return bent


@contextmanager
def _bent(network: Network, order: Any, factors: Any) -> Iterator[None]:
    """Blocks read their activation when they are called, which is while the function is traced."""
    names = [layer.name for layer in bendable_units(network.architecture)]
    blocks = (*network.encoder_layers, network.z_log_var_layer, *network.decoder_layers)
    own = {block.table.name: block for block in blocks if block is not None}
    activations = {name: own[name].activation for name in names}
    start = 0
    try:
        for name in names:
            part = slice(start, start + own[name].table.output_shape[-1])
            own[name].activation = _bent_activation(activations[name], order[part], factors[part])
            start = part.stop
        yield
    finally:
        for name in names:
            own[name].activation = activations[name]


def _bent_activation(activation: Callable[[Any], Any], order: Any, factors: Any) -> Callable[[Any], Any]:
    def bent(logits: Any) -> Any:
        # A muted unit is silent even where it has grown beyond all numbers.
        return tf.math.multiply_no_nan(tf.gather(activation(logits), order, axis=-1), factors)

    return bent
