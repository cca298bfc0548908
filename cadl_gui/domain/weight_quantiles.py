"""Quantiles of the weights of a layer, and of each of its units."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHARES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
"""Shares of the weights at or below each quantile."""


@dataclass(frozen=True, eq=False)
class WeightQuantiles:
    """Quantiles of finite weights at `SHARES`; NaN if there are none.

    Attributes:
        layer: quantiles of the whole layer, (7,) float64.
        units: quantiles of each unit's weight image, (units, 7) float64.
        limits: absolute values that get the outermost colour: of the layer, then of each unit, (1 + units,).
    """

    layer: NDArray[np.float64]
    units: NDArray[np.float64]
    limits: NDArray[np.float64]
