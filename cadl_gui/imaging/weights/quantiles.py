"""Quantiles of the weights of a layer and of each of its units."""

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.weight_quantiles import SHARES, WeightQuantiles
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.limits import limit_of, unit_limits
from cadl_gui.imaging.weights.weight_images import weight_images


def weight_quantiles(weights: LayerWeights, *, in_colour: bool = False) -> WeightQuantiles:
    """Compute quantiles of a layer's weights, assigned to units as in `weight_images`."""
    images = weight_images(weights, in_colour=in_colour)
    patches, limits = images.patches, [limit_of(images.patches), *unit_limits(images)]
    by_unit = patches.swapaxes(0, 1).reshape(patches.shape[1], -1).astype(np.float64)
    return WeightQuantiles(_quantiles(by_unit.reshape(1, -1))[0], _quantiles(by_unit), np.array(limits))


def _quantiles(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of the finite numbers in each row, (n, 7)."""
    finite = np.isfinite(rows)
    if finite.all():
        quantiles: NDArray[np.float64] = np.quantile(rows, SHARES, axis=1).T
        return quantiles
    nothing = np.full(len(SHARES), np.nan)
    each = [
        np.quantile(row[retained], SHARES) if retained.any() else nothing
        for row, retained in zip(rows, finite, strict=True)
    ]
    return np.stack(each)
