"""Units of a network that give something else than they have learned, for one call."""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.model_spec import LayerSpec, ModelSpec
from cadl_gui.imaging.weights.bent_weights import bendable_units
from cadl_gui.models.network import Pass

UnitBends = tuple[NDArray[np.int32], NDArray[np.float32]]
"""For every unit of `bendable_units`, one layer after the other: the unit of its layer that stands in its
place, and the factor."""


def unit_bends_signature(spec: ModelSpec) -> tuple[tf.TensorSpec, tf.TensorSpec]:
    """Of the `UnitBends` of such a network."""
    n = sum(layer.output_shape[-1] for layer in bendable_units(spec))
    return tf.TensorSpec((n,), tf.int32), tf.TensorSpec((n,), tf.float32)


def unit_bends(spec: ModelSpec, bends: Bends) -> UnitBends:
    """Lay bends of units out for `with_bent_units`; those of kernels are no concern of it.

    Raises:
        CadlError: if there is no such unit.
    """
    orders, factors = [], []
    units = {bend.part: bend for bend in bends if bend.part.is_unit}
    for layer in bendable_units(spec):
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


def with_bent_units(spec: ModelSpec, order: Any, factors: Any) -> Pass:
    """A pass on which units give something else, as `UnitBends` say, here as tensors.

    Every unit gives `factor * activation[order]` of its layer: after batch normalisation and activation
    function, so that 0 mutes a unit whatever these are, and without a change of weights, which a tied decoder
    shares.
    """
    parts, start = {}, 0
    for layer in bendable_units(spec):
        n = layer.output_shape[-1]
        parts[layer.name] = slice(start, start + n)
        start += n

    def bent(layer: LayerSpec, given: Any) -> Any:
        if layer.name not in parts:
            return given
        part = parts[layer.name]
        # A muted unit is silent even where it has grown beyond all numbers.
        return tf.math.multiply_no_nan(tf.gather(given, order[part], axis=-1), factors[part])

    return Pass(after=bent)
