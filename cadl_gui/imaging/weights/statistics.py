"""Summary statistics of weights."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Statistics:
    """Statistics of the finite numbers among some weights.

    Attributes:
        n: number of weights.
        n_not_finite: number of NaN and infinite weights, which the other statistics ignore.
        mean: mean; NaN if no weight is finite.
        deviation: standard deviation; NaN if no weight is finite.
        minimum: smallest weight; NaN if no weight is finite.
        maximum: largest weight; NaN if no weight is finite.
        norm: Euclidean norm.
    """

    n: int
    n_not_finite: int
    mean: float
    deviation: float
    minimum: float
    maximum: float
    norm: float


def statistics(values: NDArray[np.floating]) -> Statistics:
    """Compute statistics of weights of any shape, in float64."""
    finite = _finite(values).astype(np.float64)
    n, n_not_finite = values.size, values.size - finite.size
    if not finite.size:
        return Statistics(n, n_not_finite, np.nan, np.nan, np.nan, np.nan, 0.0)
    mean = float(finite.mean())
    return Statistics(
        n,
        n_not_finite,
        mean,
        math.sqrt(_squares(finite - mean) / finite.size),
        float(finite.min()),
        float(finite.max()),
        math.sqrt(_squares(finite)),
    )


def histogram(values: NDArray[np.floating], limit: float, n_bins: int) -> NDArray[np.float64]:
    """Share of the finite weights in each of `n_bins` equal bins from -limit to limit.

    Values outside count in the outermost bins. A limit of 0 counts as 1.

    Returns:
        (n_bins,) float64 that sum to 1, or all 0 if no weight is finite.
    """
    finite = _finite(values)
    if not finite.size:
        return np.zeros(n_bins)
    shares = finite / np.float32(limit if limit > 0 else 1)
    np.clip(shares, -1, 1, out=shares)
    shares += 1
    shares *= n_bins / 2
    places = np.minimum(shares.astype(np.intp), n_bins - 1)
    counted: NDArray[np.float64] = np.bincount(places, minlength=n_bins) / finite.size
    return counted


def _squares(values: NDArray[np.float64]) -> float:
    """Sum of squares; in one thread, since several would wait for each other during a training."""
    return float(np.einsum("i,i->", values, values))


def _finite(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """The finite values, (n,); not copied if all are finite."""
    finite = np.isfinite(values)
    return values.reshape(-1) if finite.all() else values[finite]
