"""A small image of a 2-D latent plane with the test images."""

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.ui.array_image import rgb

_SIDE_PX = 192
"""Two pixels for each pixel of a card's image."""

_POINT_PX = 3
_MARGIN = 0.06
"""Margin around the outermost points, as a share of the side."""

_SHOWN_PERCENT = (0.5, 99.5)
"""Range of shown values: a few outliers would shrink all others to a spot, so they are put at the edge."""


class PlaneImage:
    """The latent vectors of the test images as points in the colours of their labels.

    Args:
        artifacts: artifacts at the position; without 2-D latent vectors, there are no points.
    """

    def __init__(self, artifacts: EvaluationArtifacts | None) -> None:
        latents = None if artifacts is None else artifacts.latents
        is_plane = latents is not None and latents.shape[1:] == (2,)
        vectors = latents.astype(np.float64) if is_plane and latents is not None else np.zeros((0, 2))
        labels = None if artifacts is None else artifacts.labels
        has_place = np.isfinite(vectors).all(axis=1)
        self._points = vectors[has_place]
        self._labels = (np.zeros(len(vectors), int) if labels is None else labels[: len(vectors)])[has_place]
        outermost = self._points if len(self._points) else np.array([[-3.0, -3.0], [3.0, 3.0]])
        low, high = (np.asarray(np.percentile(outermost, q, axis=0)) for q in _SHOWN_PERCENT)
        self._centre = (low + high) / 2
        self._side = max(float((high - low).max()), 1e-3) * (1 + 2 * _MARGIN)
        self._painted: dict[str, NDArray[np.uint8]] = {}

    def place_of(self, latent: NDArray[np.floating]) -> tuple[float, float]:
        """Return the place of a (2,) latent vector from the left and the top, clipped to [0, 1]."""
        x, y = np.clip((latent - self._centre) / self._side + 0.5, 0, 1).tolist()
        return x, 1 - y

    def painted(self, background: str, colours: tuple[str, ...]) -> NDArray[np.uint8]:
        """Return the points as (192, 192, 3) uint8.

        Args:
            colours: a colour for each label.
        """
        if background not in self._painted:
            self._painted[background] = self._paint(background, colours)
        return self._painted[background]

    def _paint(self, background: str, colours: tuple[str, ...]) -> NDArray[np.uint8]:
        palette = np.array([rgb(colour) for colour in colours], np.uint8)
        image = np.empty((_SIDE_PX, _SIDE_PX, 3), np.uint8)
        image[:] = rgb(background)
        shares = (self._points - self._centre) / self._side + 0.5
        corners = np.clip((shares * _SIDE_PX).astype(int) - _POINT_PX // 2, 0, _SIDE_PX - _POINT_PX)
        left, top = corners[:, 0], _SIDE_PX - _POINT_PX - corners[:, 1]
        for down, across in np.ndindex(_POINT_PX, _POINT_PX):
            image[top + down, left + across] = palette[self._labels % len(palette)]
        return image
