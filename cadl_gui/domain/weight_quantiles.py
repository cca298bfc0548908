"""Quantiles of the weights of a layer, and of each of its units."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
"""Of the weights that lie at or below each quantile."""


@dataclass(frozen=True, eq=False)
class WeightQuantiles:
    """Quantiles of weights, at `SHARES`; of finite ones, nan where there are none.

    Attributes:
        layer: of the whole layer, (7,) float64.
        units: of the images of each unit, (units, 7) float64.
        layer_norm: Euclidean norm of the layer's weights.
        unit_norms: of each unit's, (units,) float64.
    """

    layer: NDArray[np.float64]
    units: NDArray[np.float64]
    layer_norm: float
    unit_norms: NDArray[np.float64]
