"""Limits of colour scales that are symmetric about zero."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.weight_images import WeightImages

RangeName = Literal["unit", "layer", "model"]

RANGES: tuple[RangeName, ...] = ("unit", "layer", "model")
"""Ranges that can share a colour scale: one unit, one layer, or the whole model."""


def limits_of(
    images: WeightImages, range_name: RangeName, model: Iterable[LayerWeights]
) -> NDArray[np.float64]:
    """Compute the absolute value that gets the outermost colour, for each image.

    Args:
        range_name: range of weights that share a scale.
        model: weights of all layers, used only for the range "model".

    Returns:
        (inputs, units) ≥ 0: `limit_of` the weights in that range; of a model, the largest of its layers'.
    """
    shape = images.n_inputs, images.n_units
    if range_name == "unit":
        return np.broadcast_to(unit_limits(images), shape)
    if range_name == "layer":
        return np.full(shape, limit_of(images.patches))
    return np.full(shape, max(limit_of(layer.kernel) for layer in model))


def unit_limits(images: WeightImages) -> NDArray[np.float64]:
    """Compute the limit of each unit's weights, (units,)."""
    return np.array([limit_of(images.patches[:, unit]) for unit in range(images.n_units)])


def limit_of(weights: NDArray[np.floating]) -> float:
    """Absolute value that gets the outermost colour: one weight in a hundred may be larger.

    If the largest of all got that colour, the others would be pale. Weights that are 0 or not finite do not
    count; it is 0 if there are no others.
    """
    sizes = np.nan_to_num(np.abs(weights), nan=0.0, posinf=0.0).reshape(-1)
    n = int(np.count_nonzero(sizes))
    place = sizes.size - 1 - (n - 1) // 100
    return float(np.partition(sizes, place)[place]) if n else 0.0


def largest(values: NDArray[np.floating]) -> float:
    """Largest absolute value of a finite number; 0 if there is none."""
    return float(np.max(np.abs(values), initial=0.0, where=np.isfinite(values)))
