"""Renders encoded images on a grid, with neighbours beside each other."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import montage, to_uint8
from cadl_gui.domain.position import Position
from cadl_gui.imaging.latent.assignment import MOST_POINTS, assign_to_grid
from cadl_gui.pictures.frame_sequence import FrameSequence, scale_to
from cadl_gui.pictures.rendering import Rendering, decode_requests


def grid_print(
    run_id: str,
    position: Position | None,
    latents: NDArray[np.floating[Any]],
    places: NDArray[np.floating[Any]],
    *,
    side_px: int,
    text: Mapping[str, str] | None = None,
) -> Rendering:
    """Decode each latent vector in a separate cell of a square grid.

    The assignment to cells minimises the sum of squared distances on the plane; see `assign_to_grid`.

    Args:
        run_id: identifier of the run that decodes.
        position: position of its weights; None means the newest.
        latents: (n, latent_dim), n ≥ 1; the first ones are used, as many as fill a square.
        places: (n, 2), their coordinates on the plane.
        side_px: approximate width of the image in pixels.
        text: metadata to store in a PNG file, by keyword.
    """
    side = math.isqrt(min(len(latents), MOST_POINTS))
    n = side * side

    def compose(answers: list[Any]) -> FrameSequence:
        cells = assign_to_grid(places[:n], side)
        images = to_uint8(np.concatenate(answers))[np.argsort(cells)]
        whole = montage(images, columns=side)
        return FrameSequence(
            frames=whole[np.newaxis], scale=scale_to(whole.shape[1], side_px), text=text or {}
        )

    return Rendering(decode_requests(run_id, [position] * n, latents[:n]), compose)
