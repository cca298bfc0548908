"""Renders a path through a latent space."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cadl_gui.domain.position import Position
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.pictures.frame_sequence import FrameSequence
from cadl_gui.pictures.rendering import Rendering, decode_requests

_FILM_PX, _STRIP_PX = 280, 112
_STRIP_FRAMES = 16


def path_film(
    run_id: str, position: Position | None, recorded: Sequence[Position], path: LatentPath, *, strip: bool
) -> Rendering:
    """Render the images decoded along a path.

    Args:
        run_id: identifier of the run that decodes.
        position: position of its weights, if the path has no epochs itself.
        recorded: recorded positions of the run, in order; each frame of a path through epochs uses the last
            one up to its epoch.
        strip: whether to render only a few frames, meant for one image side by side, instead of a whole film.
    """
    shown = replace(path, n_frames=_STRIP_FRAMES) if strip else path
    epochs = shown.frame_epochs()
    positions = [position] * shown.n_frames if epochs is None else retained_at(recorded, epochs.tolist())
    side_px = _STRIP_PX if strip else _FILM_PX
    return Rendering(
        decode_requests(run_id, positions, shown.frames()),
        lambda answers: FrameSequence.of(
            np.concatenate(answers), side_px, frames_per_second=path.frames_per_second
        ),
    )


def retained_at(recorded: Sequence[Position], epochs: Sequence[int]) -> list[Position | None]:
    """Return, for each epoch, the last recorded position up to its end, or else the first recorded position.

    Args:
        recorded: recorded positions, at least one, in order.
    """
    return [recorded[max(bisect_right(recorded, Position(epoch)) - 1, 0)] for epoch in epochs]
