"""Applies bends to the units of a network during a forward pass."""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.model_spec import LayerSpec, ModelSpec
from cadl_gui.imaging.weights.bent_weights import bendable_units
from cadl_gui.models.network import Pass
from cadl_gui.system.words import _

UnitBends = tuple[NDArray[np.int32], NDArray[np.float32]]
"""For each unit of `bendable_units`, layer by layer: the unit of the same layer that replaces it, and the
factor."""


def unit_bends_signature(spec: ModelSpec) -> tuple[tf.TensorSpec, tf.TensorSpec]:
    """Signature of the `UnitBends` of a network with this spec."""
    n = sum(layer.output_shape[-1] for layer in bendable_units(spec))
    return tf.TensorSpec((n,), tf.int32), tf.TensorSpec((n,), tf.float32)


def unit_bends(spec: ModelSpec, bends: Bends) -> UnitBends:
    """Convert the bends of units to arrays for `with_bent_units`; bends of kernels are ignored.

    Raises:
        CadlError: if a bent unit does not exist.
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
        raise CadlError(_("{next}: there is no such unit to bend.").format(next=next(iter(units))))
    return np.concatenate(orders), np.concatenate(factors)


def with_bent_units(spec: ModelSpec, order: Any, factors: Any) -> Pass:
    """Create a forward pass with bent units.

    Each unit outputs `factor * activation[order]` of its layer, applied after batch normalisation and
    activation function so that 0 mutes a unit whatever these are. The weights, which a tied decoder shares,
    are not changed.

    Args:
        order: first part of its `UnitBends`, as a tensor.
        factors: second part of its `UnitBends`, as a tensor.
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
        # A muted unit outputs 0 even where its activation is infinite or NaN.
        return tf.math.multiply_no_nan(tf.gather(given, order[part], axis=-1), factors[part])

    return Pass(after=bent)
