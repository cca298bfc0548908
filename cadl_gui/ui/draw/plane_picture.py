"""Where a network with two latents puts the test digits, small."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from cadl_gui.domain.probes import Probes

_SIDE_PX = 192
"""Two pixels to each of a card."""

_POINT_PX = 3
_MARGIN = 0.06
"""Of the side, around the outermost points."""

_SHOWN_PERCENT = (0.5, 99.5)
"""Few points are so far out that the others would be a spot; they lie at the edge."""


class PlanePicture:
    """The codes of the test digits as points in the colours of their labels.

    Args:
        probes: of the position; without codes of two numbers there are no points.
    """

    def __init__(self, probes: Probes | None) -> None:
        latents = None if probes is None else probes.latents
        is_plane = latents is not None and latents.shape[1:] == (2,)
        codes = latents.astype(np.float64) if is_plane and latents is not None else np.zeros((0, 2))
        labels = None if probes is None else probes.labels
        has_place = np.isfinite(codes).all(axis=1)
        self._points = codes[has_place]
        self._labels = (np.zeros(len(codes), int) if labels is None else labels[: len(codes)])[has_place]
        outermost = self._points if len(self._points) else np.array([[-3.0, -3.0], [3.0, 3.0]])
        low, high = (np.asarray(np.percentile(outermost, q, axis=0)) for q in _SHOWN_PERCENT)
        self._centre = (low + high) / 2
        self._side = max(float((high - low).max()), 1e-3) * (1 + 2 * _MARGIN)
        self._painted: dict[str, NDArray[np.uint8]] = {}

    def place_of(self, code: NDArray[np.floating]) -> tuple[float, float]:
        """Where a code lies, from the left and from the top, in [0, 1]; at the edge if it is beyond."""
        x, y = np.clip((code - self._centre) / self._side + 0.5, 0, 1).tolist()
        return x, 1 - y

    def painted(self, bed: str, colours: tuple[str, ...]) -> NDArray[np.uint8]:
        """(192, 192, 3) the points on a bed, in a colour for each label."""
        if bed not in self._painted:
            self._painted[bed] = self._paint(bed, colours)
        return self._painted[bed]

    def _paint(self, bed: str, colours: tuple[str, ...]) -> NDArray[np.uint8]:
        palette = np.array([_rgb(colour) for colour in colours], np.uint8)
        picture = np.empty((_SIDE_PX, _SIDE_PX, 3), np.uint8)
        picture[:] = _rgb(bed)
        shares = (self._points - self._centre) / self._side + 0.5
        corners = np.clip((shares * _SIDE_PX).astype(int) - _POINT_PX // 2, 0, _SIDE_PX - _POINT_PX)
        left, top = corners[:, 0], _SIDE_PX - _POINT_PX - corners[:, 1]
        for down, across in np.ndindex(_POINT_PX, _POINT_PX):
            picture[top + down, left + across] = palette[self._labels % len(palette)]
        return picture


def _rgb(name: str) -> tuple[int, int, int]:
    colour = QColor(name)
    return colour.red(), colour.green(), colour.blue()
