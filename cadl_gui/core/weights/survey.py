"""How the weights of a layer, and of each of its units, spread."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.weights.layer_weights import LayerWeights
from cadl_gui.core.weights.weight_pictures import weight_pictures

SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
"""Of the weights that lie at or below each quantile."""


@dataclass(frozen=True, eq=False)
class WeightSurvey:
    """Quantiles of weights, at `SHARES`; of finite ones, nan where there are none.

    Attributes:
        layer: of the whole layer, (7,) float64.
        units: of the pictures of each unit, (units, 7) float64.
        layer_norm: Euclidean norm of the layer's weights.
        unit_norms: of each unit's, (units,) float64.
    """

    layer: NDArray[np.float64]
    units: NDArray[np.float64]
    layer_norm: float
    unit_norms: NDArray[np.float64]


def survey(weights: LayerWeights) -> WeightSurvey:
    """Survey the weights as `weight_pictures` assigns them to units."""
    patches = weight_pictures(weights).patches
    by_unit = patches.swapaxes(0, 1).reshape(patches.shape[1], -1).astype(np.float64)
    squares = np.nansum(np.square(np.where(np.isfinite(by_unit), by_unit, 0)), axis=1)
    return WeightSurvey(
        _quantiles(by_unit.reshape(1, -1))[0],
        _quantiles(by_unit),
        float(np.sqrt(squares.sum())),
        np.sqrt(squares),
    )


def _quantiles(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each row, (n, 7)."""
    finite = np.isfinite(rows)
    if finite.all():
        quantiles: NDArray[np.float64] = np.quantile(rows, SHARES, axis=1).T
        return quantiles
    nothing = np.full(len(SHARES), np.nan)
    each = [
        np.quantile(row[kept], SHARES) if kept.any() else nothing
        for row, kept in zip(rows, finite, strict=True)
    ]
    return np.stack(each)
