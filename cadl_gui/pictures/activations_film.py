"""Renders the activations of every layer for an image, row by row."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import montage
from cadl_gui.domain.model_spec import ModelSpec
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import ComputeActivations
from cadl_gui.imaging.weights.activation_maps import activation_maps
from cadl_gui.imaging.weights.colour_map import EMPTY, activation_colour_map, colour_indices, coloured
from cadl_gui.pictures.frame_sequence import FrameSequence, scale_to
from cadl_gui.pictures.rendering import Rendering
from cadl_gui.pictures.weights_film import GAP_COLOUR

_MAP_PX, _WIDTH_PX, _GAP_PX = 28, 840, 2
"""Approximate widths of a map and of a row, and the gap between maps; between rows it is twice as wide."""
_CELL_PX = 14


def activations_film(
    run_id: str,
    positions: Sequence[Position],
    spec: ModelSpec,
    image: NDArray[np.float32],
    *,
    colours: str,
    side_px: int,
    frames_per_second: float,
) -> Rendering:
    """Render an image's activations in all layers, one frame for each position.

    Every layer has its own scale: symmetric about zero or, if none of its activations is negative, from zero
    on, as in the Inspect tab.

    Args:
        positions: position of each frame, at least one.
        image: (height, width, channels) float32 in [0, 1].
        colours: name of the colour map of layers with negative activations.
        side_px: approximate width of the output in pixels.
    """
    images = np.array(image[np.newaxis], np.float32)
    images.flags.writeable = False

    def compose(answers: list[Any]) -> FrameSequence:
        frames = np.stack([_rows(spec, given, colours) for given in answers])
        scale = scale_to(frames.shape[2], side_px)
        return FrameSequence(frames=frames, scale=scale, frames_per_second=frames_per_second)

    return Rendering([ComputeActivations(run_id, position, images) for position in positions], compose)


def _rows(spec: ModelSpec, given: Sequence[NDArray[np.float32]], colours: str) -> NDArray[np.uint8]:
    """Return (height, width, 3) uint8, with all layers one below the other."""
    rows = [
        _row(activation_maps(layer, one[0]).maps, colours)
        for layer, one in zip(spec.layers, given, strict=True)
    ]
    height, width = sum(len(row) + 2 * _GAP_PX for row in rows), max(row.shape[1] for row in rows)
    image = np.full((height - 2 * _GAP_PX, width, 3), GAP_COLOUR, np.uint8)
    top = 0
    for row in rows:
        image[top : top + len(row), : row.shape[1]] = row
        top += len(row) + 2 * _GAP_PX
    return image


def _row(maps: NDArray[np.float32], colours: str) -> NDArray[np.uint8]:
    limit = float(np.max(np.abs(maps), initial=0.0, where=np.isfinite(maps)))
    indices = colour_indices(maps, limit)
    is_cell = maps.shape[1] == maps.shape[2] == 1
    times = max(1, (_CELL_PX if is_cell else _MAP_PX) // max(maps.shape[1:]))
    large = indices.repeat(times, axis=1).repeat(times, axis=2)[..., np.newaxis]
    columns = max(1, min(len(maps), (_WIDTH_PX + _GAP_PX) // (large.shape[2] + _GAP_PX)))
    laid = montage(large, columns=columns, gap_px=_GAP_PX, background=EMPTY)[..., 0]
    return coloured(laid, activation_colour_map(maps, colours, is_dark=False), GAP_COLOUR)
