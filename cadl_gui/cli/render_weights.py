"""What `cadl render` makes of what a network has learned, as the Inspect tab shows it."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.cli.asked_run import AskedRun
from cadl_gui.cli.checked_number import whole
from cadl_gui.cli.seen_pictures import read_seen
from cadl_gui.domain.architecture import Architecture, Layer, architecture
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.position import Position
from cadl_gui.imaging.weights.colour_map import colour_maps, usual_colour_map
from cadl_gui.imaging.weights.limits import RANGES
from cadl_gui.pictures.activations_film import activations_film
from cadl_gui.pictures.rendering import Rendering
from cadl_gui.pictures.weights_film import lecture_film, weights_film

_SIDE_PX = 840


def add_weight_options(parser: argparse.ArgumentParser) -> None:
    """Add what only these kinds take."""
    parser.add_argument("--layer", metavar="NAME", help="weights, kernels, montage: of this layer")
    parser.add_argument(
        "--colours", choices=colour_maps(), help="weights, kernels, montage, activations: the colour map"
    )
    parser.add_argument(
        "--range", choices=RANGES, default="layer", help="weights, kernels: what shares a scale (layer)"
    )
    parser.add_argument(
        "--sorted", action="store_true", help="weights, kernels: units with the largest weights first"
    )
    parser.add_argument("--image", metavar="IMAGE", type=Path, help="activations: of this picture file")
    parser.add_argument(
        "--example", type=whole(0, 99), default=0, help="activations: of this example of the run (0)"
    )


def weights(run: AskedRun, arguments: argparse.Namespace) -> Rendering:
    """The columns or kernels of any layer; as a film, through the epochs."""
    table = _table(run)
    return _weights(run, arguments, _layer(arguments.layer, table.layers, table.encoder[0]))


def kernels(run: AskedRun, arguments: argparse.Namespace) -> Rendering:
    """The same of a convolution, by default the first."""
    return _weights(run, arguments, _convolution(run, arguments))


def montage(run: AskedRun, arguments: argparse.Namespace) -> Rendering:
    """The lecture's `montage_filters`."""
    return lecture_film(
        run.run_id,
        _positions(run, arguments),
        _table(run),
        _convolution(run, arguments),
        colours=arguments.colours or "coolwarm",
        side_px=_SIDE_PX,
        frames_per_second=arguments.fps,
    )


def activations(run: AskedRun, arguments: argparse.Namespace) -> Rendering:
    """What every layer makes of one picture."""
    return activations_film(
        run.run_id,
        _positions(run, arguments),
        _table(run),
        _picture(run, arguments),
        colours=_colours(run, arguments),
        side_px=_SIDE_PX,
        frames_per_second=arguments.fps,
    )


def _weights(run: AskedRun, arguments: argparse.Namespace, layer: Layer) -> Rendering:
    return weights_film(
        run.run_id,
        _positions(run, arguments),
        _table(run),
        layer,
        colours=_colours(run, arguments),
        range_name=arguments.range,
        by_norm=arguments.sorted,
        side_px=_SIDE_PX,
        frames_per_second=arguments.fps,
    )


def _table(run: AskedRun) -> Architecture:
    about = run.description
    return architecture(about.config.model, about.picture_shape, about.n_labels)


def _positions(run: AskedRun, arguments: argparse.Namespace) -> Sequence[Position]:
    """One for a picture, all that are kept for a film."""
    is_picture = arguments.output.suffix.lower() == ".png" or arguments.epoch is not None
    return [run.position(arguments.epoch)] if is_picture else run.recorded


def _layer(name: str | None, layers: Sequence[Layer], usual: Layer) -> Layer:
    if name is None:
        return usual
    found = next((layer for layer in layers if layer.name == name), None)
    if found is None:
        raise UserError(f"There is no layer “{name}”; there are {', '.join(own.name for own in layers)}.")
    return found


def _convolution(run: AskedRun, arguments: argparse.Namespace) -> Layer:
    layers = _table(run).layers
    sliding = [layer for layer in layers if layer.kind != "dense"]
    if not sliding:
        raise UserError(f"“{run.description.name}” has no kernels, only columns: render its weights.")
    layer = _layer(arguments.layer, layers, sliding[0])
    if layer.kind == "dense":
        raise UserError(f"“{layer.name}” is dense and has columns, no kernels: render its weights.")
    return layer


def _colours(run: AskedRun, arguments: argparse.Namespace) -> str:
    """The lecture's for its own runs; for others zero is the background, as in the window."""
    colours: str | None = arguments.colours
    return colours or usual_colour_map(run.description.config.preset)


def _picture(run: AskedRun, arguments: argparse.Namespace) -> NDArray[np.float32]:
    about = run.description
    if arguments.image is not None:
        seen: NDArray[np.float32] = read_seen(
            [arguments.image], about.picture_shape, is_ink=about.is_ink_on_black, raw=False
        )[0]
        return seen
    if about.examples is None or arguments.example >= len(about.examples):
        raise UserError(
            f"“{about.name}” has no example {arguments.example} at hand: name a picture by --image."
        )
    example: NDArray[np.float32] = about.examples[arguments.example]
    return example
