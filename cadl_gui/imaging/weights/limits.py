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
        (inputs, units) ≥ 0: the largest absolute value of a finite weight in that range.
    """
    own = images.limits()
    if range_name == "model":
        return np.full_like(own, max(largest(layer.kernel) for layer in model))
    if range_name == "layer":
        return np.full_like(own, own.max())
    return np.broadcast_to(own.max(axis=0), own.shape)


def largest(values: NDArray[np.floating]) -> float:
    """Largest absolute value of a finite number; 0 if there is none."""
    return float(np.max(np.abs(values), initial=0.0, where=np.isfinite(values)))
