"""The visible part of the latent plane."""

import math
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

_SMALLEST_SPAN, _LARGEST_SPAN = 1e-4, 1e5
_PERCENTILES = (1.0, 99.0)
_PADDING_SHARE = 0.15


@dataclass(frozen=True)
class ViewBox:
    """A rectangle of the latent plane, z₀ increasing to the right and z₁ upwards.

    Attributes:
        z0_low: z₀ at the left edge.
        z0_high: z₀ at the right edge.
        z1_low: z₁ at the lower edge.
        z1_high: z₁ at the upper edge.

    Raises:
        ValueError: if an edge is not finite, or the box is empty.
    """

    z0_low: float
    z0_high: float
    z1_low: float
    z1_high: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, self.edges)) or self.width <= 0 or self.height <= 0:
            raise ValueError(f"Expected finite edges, low below high. Received: {self}")

    @classmethod
    def around(cls, points: NDArray[Any]) -> Self:
        """The square that shows nearly all points: their 1st to 99th percentiles with a margin.

        Args:
            points: (n, 2) finite plane coordinates. If n is 0, the box shows the standard normal prior up to
                three standard deviations.
        """
        if len(points) == 0:
            return cls(-3.0, 3.0, -3.0, 3.0)
        low, high = np.percentile(np.asarray(points, np.float64), _PERCENTILES, axis=0)
        z0, z1 = (low + high) / 2
        spread = float((high - low).max())
        padded = spread * (1 + 2 * _PADDING_SHARE)
        span = min(max(padded, _SMALLEST_SPAN), _LARGEST_SPAN) if spread else 1.0
        return cls.centred(float(z0), float(z1), span, span)

    @classmethod
    def home(cls, points: NDArray[Any], *, prior: ArrayLike | None) -> Self:
        """The initial view of a latent plane.

        Args:
            points: see `around`.
            prior: centre of the standard normal prior, (2,), which is shown up to three standard deviations,
                too; None for no prior.
        """
        box = cls.around(points)
        if prior is None:
            return box
        held = cls.around(np.empty((0, 2))).panned(*np.asarray(prior, np.float64).tolist())
        return cls(
            min(box.z0_low, held.z0_low),
            max(box.z0_high, held.z0_high),
            min(box.z1_low, held.z1_low),
            max(box.z1_high, held.z1_high),
        )

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, right, lower and upper edge."""
        return self.z0_low, self.z0_high, self.z1_low, self.z1_high

    @property
    def width(self) -> float:
        """Width in units of z₀."""
        return self.z0_high - self.z0_low

    @property
    def height(self) -> float:
        """Height in units of z₁."""
        return self.z1_high - self.z1_low

    @property
    def centre(self) -> tuple[float, float]:
        """Centre (z₀, z₁)."""
        return (self.z0_low + self.z0_high) / 2, (self.z1_low + self.z1_high) / 2

    def contains(self, z0: float, z1: float) -> bool:
        """Whether a point lies inside or on the edge."""
        return self.z0_low <= z0 <= self.z0_high and self.z1_low <= z1 <= self.z1_high

    def grown_to(self, aspect: float) -> Self:
        """The smallest box around this one with the same centre and this aspect ratio, width / height."""
        if math.isclose(self.width, self.height * aspect):
            return self
        width = max(self.width, self.height * aspect)
        return self.centred(*self.centre, width, width / aspect)

    def on_the_way_to(self, other: Self, progress: float) -> Self:
        """Interpolate between this box and another, easing in and out.

        Args:
            other: box at the end.
            progress: position between them: this box at 0 or less, the other one at 1 or more.
        """
        t = min(max(progress, 0.0), 1.0)
        eased = t * t * (3 - 2 * t)
        return type(self)(
            *(start + eased * (end - start) for start, end in zip(self.edges, other.edges, strict=True))
        )

    def panned(self, by0: float, by1: float) -> Self:
        """Translate the box by `by0` in z₀ and `by1` in z₁."""
        return type(self)(self.z0_low + by0, self.z0_high + by0, self.z1_low + by1, self.z1_high + by1)

    def zoomed(self, factor: float, z0: float, z1: float) -> Self:
        """Zoom in on a point, which keeps its position on the screen.

        Args:
            factor: magnification, limited so that the box becomes neither too small nor too large.
            z0: z₀ of the point.
            z1: z₁ of the point.
        """
        shrunk = max(1 / factor, _SMALLEST_SPAN / min(self.width, self.height))
        shrunk = min(shrunk, max(1.0, _LARGEST_SPAN / max(self.width, self.height)))
        return type(self)(
            z0 + (self.z0_low - z0) * shrunk,
            z0 + (self.z0_high - z0) * shrunk,
            z1 + (self.z1_low - z1) * shrunk,
            z1 + (self.z1_high - z1) * shrunk,
        )

    def to_pixels(self, points: ArrayLike, width_px: float, height_px: float) -> NDArray[np.float64]:
        """Convert plane coordinates to pixels of an image of the box.

        Args:
            points: (..., 2) plane coordinates (z₀, z₁).

        Returns:
            (..., 2) float64 (x, y) from the upper left corner, y pointing down.
        """
        z = np.asarray(points, np.float64)
        x = (z[..., 0] - self.z0_low) * (width_px / self.width)
        y = (self.z1_high - z[..., 1]) * (height_px / self.height)
        return np.stack([x, y], -1)

    def to_plane(self, x: float, y: float, width_px: float, height_px: float) -> tuple[float, float]:
        """Convert a pixel of an image of the box to plane coordinates; see `to_pixels`."""
        return self.z0_low + x / width_px * self.width, self.z1_high - y / height_px * self.height

    @classmethod
    def centred(cls, z0: float, z1: float, width: float, height: float) -> Self:
        """The box of a given size with its centre at (z0, z1)."""
        return cls(z0 - width / 2, z0 + width / 2, z1 - height / 2, z1 + height / 2)
