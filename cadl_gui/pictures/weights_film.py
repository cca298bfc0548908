"""Renders the weights of a layer as the Inspect tab shows them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.model_spec import LayerSpec, ModelSpec
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchSnapshot
from cadl_gui.imaging.weights.layer_image import layer_image
from cadl_gui.imaging.weights.layer_weights import LayerWeights, layer_weights
from cadl_gui.imaging.weights.lecture_montage import lecture_montage, stretched
from cadl_gui.imaging.weights.limits import RangeName
from cadl_gui.pictures.frame_sequence import FrameSequence, scale_to
from cadl_gui.pictures.rendering import Rendering

GAP_COLOUR = (0xF5, 0xF5, 0xF4)
"""Colour of the gaps between the images of a montage, as in the window's light theme."""

_Painter = Callable[[Sequence[dict[str, LayerWeights]]], list[NDArray[np.uint8]]]
"""Paints a frame for the weights of each position, by the names of layers."""


def weights_film(
    run_id: str,
    positions: Sequence[Position],
    spec: ModelSpec,
    layer: LayerSpec,
    *,
    colours: str,
    range_name: RangeName,
    by_norm: bool,
    in_colour: bool = False,
    side_px: int,
    frames_per_second: float,
) -> Rendering:
    """Render a montage of a layer's columns, rows or kernels for each position, all on one colour scale.

    Args:
        positions: position of each frame, at least one.
        range_name: which weights share a colour scale.
        by_norm: whether to sort units by the norm of their weights, largest first.
        in_colour: whether to show weights of red, green and blue as one image.
        side_px: approximate width of the output in pixels.
    """

    def paint(networks: Sequence[dict[str, LayerWeights]]) -> list[NDArray[np.uint8]]:
        images = [
            layer_image(
                weights[layer.name], range_name, weights.values(), by_norm=by_norm, in_colour=in_colour
            )
            for weights in networks
        ]
        limits = np.max([shown.limits for shown in images], axis=0)
        return [replace(shown, limits=limits).pixels(colours, GAP_COLOUR) for shown in images]

    return _film(run_id, positions, spec, paint, side_px, frames_per_second)


def lecture_film(
    run_id: str,
    positions: Sequence[Position],
    spec: ModelSpec,
    layer: LayerSpec,
    *,
    colours: str,
    side_px: int,
    frames_per_second: float,
) -> Rendering:
    """Render the lecture's montage of a convolution's kernels for each position.

    Args:
        positions: position of each frame, at least one.
        side_px: approximate width of the output in pixels.
    """

    def paint(networks: Sequence[dict[str, LayerWeights]]) -> list[NDArray[np.uint8]]:
        is_first = layer == spec.encoder[0]
        montages = [lecture_montage(weights[layer.name], is_first=is_first) for weights in networks]
        return [stretched(montage, colours) for montage in montages]

    return _film(run_id, positions, spec, paint, side_px, frames_per_second)


def _film(
    run_id: str,
    positions: Sequence[Position],
    spec: ModelSpec,
    paint: _Painter,
    side_px: int,
    frames_per_second: float,
) -> Rendering:
    def compose(answers: list[Any]) -> FrameSequence:
        frames = np.stack(paint([layer_weights(spec, snapshot.weights) for snapshot in answers]))
        scale = scale_to(frames.shape[2], side_px)
        return FrameSequence(frames=frames, scale=scale, frames_per_second=frames_per_second)

    return Rendering([FetchSnapshot(run_id, position) for position in positions], compose)
