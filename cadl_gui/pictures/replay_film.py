"""Renders how a latent space formed: the plane and its points, epoch by epoch."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.images import montage, to_uint8
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchSnapshot, NetworkRequest
from cadl_gui.imaging.latent.axes import LatentAxes
from cadl_gui.imaging.latent.tiles import grid_centres
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.pictures.frame_sequence import FrameSequence
from cadl_gui.pictures.label_colours import LABEL_COLOURS, outline_of
from cadl_gui.pictures.rendering import Rendering, decode_requests

_TILES = 20
_DIMMED = 0.4
_RADIUS_SHARE = 3 / 560
"""Radius of a point, as a share of the frame's width: of a plane of larger images, points are larger, too."""


def replay_film(
    run_id: str,
    positions: Sequence[Position],
    axes: LatentAxes,
    box: ViewBox,
    frames_per_second: float,
) -> Rendering:
    """Render the dimmed, decoded plane at each position, with the encoded test images as points over it.

    Args:
        positions: position of each frame, at least one; all must be recorded.
    """
    columns = _TILES
    rows = max(1, round(columns * box.height / box.width))
    latents = axes.to_z(grid_centres(box, rows, columns))
    asked: list[list[NetworkRequest[Any]]] = [
        [
            FetchSnapshot(run_id, position),
            *decode_requests(run_id, [position] * len(latents), latents),
        ]
        for position in positions
    ]

    def compose(answers: list[Any]) -> FrameSequence:
        rest = iter(answers)
        frames = []
        for requests in asked:
            snapshot, *images = (next(rest) for _ in requests)
            plane = montage(to_uint8(np.concatenate(images)), columns=columns)
            frames.append(_with_points(plane, snapshot.artifacts, axes, box))
        return FrameSequence(frames=np.stack(frames), frames_per_second=frames_per_second)

    return Rendering(list(chain.from_iterable(asked)), compose)


def _with_points(
    plane: NDArray[np.uint8], artifacts: Any, axes: LatentAxes, box: ViewBox
) -> NDArray[np.uint8]:
    """Draw points in their label colours over a dimmed image of the plane, (height, width, 1 or 3)."""
    from PIL import Image, ImageDraw

    dimmed = (plane * _DIMMED).astype(np.uint8)
    image = Image.fromarray(np.broadcast_to(dimmed, (*plane.shape[:2], 3)).copy())
    if artifacts is None or artifacts.latents is None:
        return np.asarray(image)
    draw = ImageDraw.Draw(image)
    places = box.to_pixels(axes.to_plane(artifacts.latents), image.width, image.height)
    labels = np.zeros(len(places), int) if artifacts.labels is None else artifacts.labels
    colours, radius = LABEL_COLOURS["dark"], max(3, round(_RADIUS_SHARE * image.width))
    for (x, y), label in zip(places.tolist(), labels.tolist(), strict=True):
        colour, outline = colours[label % len(colours)], outline_of(label)
        if outline:
            corners = [(x + radius * across, y + radius * down) for across, down in outline]
            draw.polygon(corners, fill=colour, outline="black")
        else:
            draw.circle((x, y), radius, fill=colour, outline="black")
    return np.asarray(image)
