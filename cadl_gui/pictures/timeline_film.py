"""Renders how a network learned to reconstruct its examples."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import montage, to_uint8
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Reconstruct
from cadl_gui.pictures.frame_sequence import FrameSequence, scale_to
from cadl_gui.pictures.rendering import Rendering

_SIDE_PX = 560


def timeline_film(
    run_id: str, positions: Sequence[Position], examples: NDArray[np.float32], frames_per_second: float
) -> Rendering:
    """Render a montage of reconstructions for each position.

    Args:
        positions: position of each frame, at least one.
        examples: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    def compose(answers: list[Any]) -> FrameSequence:
        frames = np.stack([montage(to_uint8(images)) for images in answers])
        scale = scale_to(frames.shape[2], _SIDE_PX)
        return FrameSequence(frames=frames, scale=scale, frames_per_second=frames_per_second)

    return Rendering([Reconstruct(run_id, position, examples) for position in positions], compose)
