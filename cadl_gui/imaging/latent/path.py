"""Paths through a latent space."""

from collections.abc import Callable
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

PathKind = Literal["straight", "spherical", "smooth"]
"""Kind of interpolation between pins."""

PATH_KINDS: tuple[PathKind, ...] = get_args(PathKind)
"""All kinds of interpolation."""

_MOST_STEPS_PER_SEGMENT, _FEWEST_STEPS_PER_SEGMENT = 256, 2
_MOST_FINE_NUMBERS = 2**20
"""Largest number of values along which lengths are measured. It limits the steps of large paths only: a few
dozen pins with a hundred values each get all their steps."""

_Interpolation = Callable[[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]], NDArray[np.float64]]


def path_through(pins: ArrayLike, kind: PathKind, n: int) -> NDArray[np.float32]:
    """Interpolate between pins, at points spaced equally along the path.

    Args:
        pins: (k, d) finite latent vectors, k ≥ 1.
        kind: kind of interpolation: *straight*; *spherical*, along great circles with linearly interpolated
            distance from the origin (White 2016, Sampling Generative Networks), so that the path stays where
            a normal prior has its mass; *smooth*, a centripetal Catmull–Rom spline (Yuksel et al. 2011,
            Parameterization and applications of Catmull–Rom curves), which has no corners.
        n: number of points, at least 2; the first is the first pin, the last is the last pin.

    Returns:
        (n, d) float32.

    Raises:
        ValueError: if a pin is not finite, or n or a shape is invalid.
    """
    corners = _checked(pins, n)
    if len(corners) == 1:
        return np.repeat(corners, n, axis=0).astype(np.float32)
    n_segments = len(corners) - 1
    fine = path_at(corners, kind, np.linspace(0, n_segments, n_segments * _steps_per_segment(corners) + 1))
    travelled = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(fine, axis=0), axis=1))])
    path = _interpolated(travelled, fine, np.linspace(0, travelled[-1], n))
    path[0], path[-1] = corners[0], corners[-1]
    return path.astype(np.float32)


def path_at(pins: ArrayLike, kind: PathKind, at: ArrayLike) -> NDArray[np.float64]:
    """Interpolate between pins at given positions.

    Args:
        pins: (k, d) finite latent vectors, k ≥ 1.
        at: (n,) in [0, k - 1]: 0 is the first pin, 1.5 is halfway between the second and the third.

    Returns:
        (n, d) float64.

    Raises:
        ValueError: if a pin is not finite, or the shape is invalid.
    """
    corners = _checked(pins, 2)
    places = np.asarray(at, np.float64)
    if len(corners) == 1:
        return np.repeat(corners, len(places), axis=0)
    segments = np.minimum(places.astype(np.intp), len(corners) - 2)
    return _INTERPOLATIONS[kind](corners, segments, (places - segments)[:, np.newaxis])


def movement(times: ArrayLike, points: ArrayLike, n: int) -> NDArray[np.float32]:
    """Resample a recorded drag at equal intervals of time, which preserves its speed.

    Args:
        times: (k,) seconds, not decreasing, k ≥ 1.
        points: (k, d) finite latent vectors at these times.
        n: number of points, at least 2.

    Returns:
        (n, d) float32, from the first point to the last.

    Raises:
        ValueError: if times decrease, a point is not finite, or n or a shape is invalid.
    """
    recorded = _checked(points, n)
    seconds = np.asarray(times, np.float64)
    if seconds.shape != (len(recorded),) or (np.diff(seconds) < 0).any():
        raise ValueError(f"Expected {len(recorded)} times that never fall. Received: shape={seconds.shape}")
    return _interpolated(seconds, recorded, np.linspace(seconds[0], seconds[-1], n)).astype(np.float32)


def _steps_per_segment(corners: NDArray[np.float64]) -> int:
    affordable = _MOST_FINE_NUMBERS // corners.size
    return min(_MOST_STEPS_PER_SEGMENT, max(_FEWEST_STEPS_PER_SEGMENT, affordable))


def _checked(points: ArrayLike, n: int) -> NDArray[np.float64]:
    checked: NDArray[np.float64] = np.asarray(points, np.float64)
    if checked.ndim != 2 or len(checked) == 0 or not np.isfinite(checked).all() or n < 2:
        raise ValueError(f"Expected finite points (k, d) and n >= 2. Received: {checked.shape}, n={n}")
    return checked


def _interpolated(
    known: NDArray[np.float64], values: NDArray[np.float64], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.stack([np.interp(at, known, column) for column in values.T], axis=1)


def _straight(
    pins: NDArray[np.float64], segments: NDArray[np.intp], t: NDArray[np.float64]
) -> NDArray[np.float64]:
    straight: NDArray[np.float64] = (1 - t) * pins[segments] + t * pins[segments + 1]
    return straight


def _spherical(
    pins: NDArray[np.float64], segments: NDArray[np.intp], t: NDArray[np.float64]
) -> NDArray[np.float64]:
    radii = np.linalg.norm(pins, axis=1, keepdims=True)
    units = np.divide(pins, radii, out=np.zeros_like(pins), where=radii > 0)
    start, end = units[segments], units[segments + 1]
    angle = np.arccos(np.clip((start * end).sum(1, keepdims=True), -1, 1))
    sine = np.sin(angle)
    with np.errstate(divide="ignore", invalid="ignore"):
        turned = (np.sin((1 - t) * angle) * start + np.sin(t * angle) * end) / sine
    around = turned * ((1 - t) * radii[segments] + t * radii[segments + 1])
    # Equal or opposite directions, and the origin, do not determine a great circle.
    has_arc = (sine > 1e-6) & (radii[segments] > 0) & (radii[segments + 1] > 0)
    spherical: NDArray[np.float64] = np.where(has_arc, around, _straight(pins, segments, t))
    return spherical


def _smooth(
    pins: NDArray[np.float64], segments: NDArray[np.intp], t: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Barry and Goldman's pyramidal algorithm; neighbours of the first and last pin are made by mirroring."""
    around = np.concatenate([2 * pins[:1] - pins[1:2], pins, 2 * pins[-1:] - pins[-2:-1]])
    p0, p1, p2, p3 = (around[segments + i] for i in range(4))
    d01, d12, d23 = (_knot_distance(*pair) for pair in ((p0, p1), (p1, p2), (p2, p3)))
    t0, t1 = -d01, np.zeros_like(d12)
    t2, t3 = d12, d12 + d23
    x = t * d12
    a1, a2, a3 = _between(p0, p1, t0, t1, x), _between(p1, p2, t1, t2, x), _between(p2, p3, t2, t3, x)
    return _between(_between(a1, a2, t0, t2, x), _between(a2, a3, t1, t3, x), t1, t2, x)


def _knot_distance(start: NDArray[Any], end: NDArray[Any]) -> NDArray[np.float64]:
    # Two equal pins need an interval, too.
    root: NDArray[np.float64] = np.sqrt(np.linalg.norm(end - start, axis=1, keepdims=True))
    return np.maximum(root, 1e-9)


def _between(
    start: NDArray[Any], end: NDArray[Any], low: NDArray[Any], high: NDArray[Any], x: NDArray[Any]
) -> NDArray[np.float64]:
    value: NDArray[np.float64] = ((high - x) * start + (x - low) * end) / (high - low)
    return value


_INTERPOLATIONS: dict[PathKind, _Interpolation] = {
    "straight": _straight,
    "spherical": _spherical,
    "smooth": _smooth,
}
