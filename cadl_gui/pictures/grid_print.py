"""Encoded digits on a grid, neighbours beside each other."""

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
    """Each decoded in a cell of its own, the ways to the cells together as short as can be.

    Args:
        run_id: of the run that decodes.
        position: of its weights; None means the newest.
        latents: (n, d), n ≥ 1; as many as fill a square are taken.
        places: (n, 2) where they lie on the plane.
        side_px: about how wide the image is to be.
        text: what it remembers.
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
