"""Renders the latent plane as one large image."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import montage, to_uint8
from cadl_gui.domain.position import Position
from cadl_gui.pictures.frame_sequence import FrameSequence, scale_to
from cadl_gui.pictures.rendering import Rendering, decode_requests


def manifold_print(
    run_id: str,
    position: Position | None,
    latents: NDArray[np.floating[Any]],
    *,
    columns: int,
    side_px: int,
    smooth: bool = False,
    text: Mapping[str, str] | None = None,
) -> Rendering:
    """Render decoded tiles, row by row.

    Args:
        run_id: identifier of the run that decodes.
        position: position of its weights; None means the newest.
        latents: (rows * columns, latent_dim), row by row from the upper left: from a part of the plane
            (`imaging.latent.tiles.grid_centres`) or between four corners (`imaging.latent.corners`).
        side_px: approximate width of the image in pixels; tiles are enlarged by an integer factor.
        text: metadata to store in a PNG file, by keyword.
    """

    def compose(answers: list[Any]) -> FrameSequence:
        whole = montage(to_uint8(np.concatenate(answers)), columns=columns)
        scale = scale_to(whole.shape[1], side_px)
        return FrameSequence(frames=whole[np.newaxis], scale=scale, smooth=smooth, text=text or {})

    return Rendering(decode_requests(run_id, [position] * len(latents), latents), compose)
