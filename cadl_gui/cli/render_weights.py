"""The renderers of `cadl render` for weights and activations, as the Inspect tab shows them."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.cli.image_input import read_seen
from cadl_gui.cli.number_range import int_range
from cadl_gui.cli.offline_run import OfflineRun
from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.domain.position import Position
from cadl_gui.imaging.drawing.ink import to_float
from cadl_gui.imaging.drawing.picture import raster
from cadl_gui.imaging.drawing.seen import see
from cadl_gui.imaging.weights.colour_map import colour_maps, usual_colour_map
from cadl_gui.imaging.weights.limits import RANGES
from cadl_gui.pictures.activations_film import activations_film
from cadl_gui.pictures.frame_sequence import FrameSequence
from cadl_gui.pictures.rendering import Rendering
from cadl_gui.pictures.weights_film import lecture_film, weights_film
from cadl_gui.system.words import _

_SIDE_PX, _DRAWING_PX = 840, 280


def add_weight_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of these renderers."""
    parser.add_argument("--layer", metavar="NAME", help=_("weights, kernels, montage: of this layer"))
    parser.add_argument(
        "--colours", choices=colour_maps(), help=_("weights, kernels, montage, activations: the colour map")
    )
    parser.add_argument(
        "--range", choices=RANGES, default="layer", help=_("weights, kernels: what shares a scale (layer)")
    )
    parser.add_argument(
        "--sorted", action="store_true", help=_("weights, kernels: units with the largest weights first")
    )
    parser.add_argument(
        "--each-channel",
        action="store_true",
        help=_("weights, kernels: red, green and blue each by itself, not as one image in colour"),
    )
    parser.add_argument("--image", metavar="IMAGE", type=Path, help=_("activations: of this image file"))
    parser.add_argument(
        "--example", type=int_range(0, 99), default=0, help=_("activations: of this example of the run (0)")
    )


def weights(run: OfflineRun, arguments: argparse.Namespace) -> Rendering:
    """Render the columns or kernels of any layer; as a film, through the epochs.

    Raises:
        UserError: if the run has no such layer or epoch.
    """
    spec = run.description.spec
    return _weights(run, arguments, _layer(arguments.layer, spec.layers))


def kernels(run: OfflineRun, arguments: argparse.Namespace) -> Rendering:
    """Render the kernels of a convolution, by default the first; as a film, through the epochs.

    Raises:
        UserError: if the run has no such layer or epoch, or the layer is dense.
    """
    return _weights(run, arguments, _convolution(run, arguments))


def montage(run: OfflineRun, arguments: argparse.Namespace) -> Rendering:
    """Render a convolution's kernels as the lecture's `montage_filters` does.

    Raises:
        UserError: if the run has no such layer or epoch, or the layer is dense.
    """
    return lecture_film(
        run.run_id,
        _positions(run, arguments),
        run.description.spec,
        _convolution(run, arguments),
        colours=arguments.colours or "coolwarm",
        side_px=_SIDE_PX,
        frames_per_second=arguments.fps,
    )


def activations(run: OfflineRun, arguments: argparse.Namespace) -> Rendering:
    """Render the activations of every layer for one image.

    Raises:
        UserError: if the run has no such epoch or example, or the image cannot be read.
    """
    return activations_film(
        run.run_id,
        _positions(run, arguments),
        run.description.spec,
        _image(run, arguments),
        colours=_colours(run, arguments),
        side_px=_SIDE_PX,
        frames_per_second=arguments.fps,
    )


def drawing(run: OfflineRun, arguments: argparse.Namespace) -> Rendering:
    """Render the drawing of a view as the network gets it.

    Raises:
        UserError: if there is no view, or nothing is drawn in it.
    """
    image = _drawn(run, arguments)
    if image is None:
        raise UserError(
            _("Nothing is drawn for “{name}”: name a view with a drawing.").format(name=run.description.name)
        )
    film = FrameSequence.of(image[np.newaxis], _DRAWING_PX)
    return Rendering([], lambda _answers: film)


def _weights(run: OfflineRun, arguments: argparse.Namespace, layer: LayerSpec) -> Rendering:
    spec = run.description.spec
    return weights_film(
        run.run_id,
        _positions(run, arguments),
        spec,
        layer,
        colours=_colours(run, arguments),
        range_name=arguments.range,
        by_norm=arguments.sorted,
        in_colour=spec.has_colours(layer) and not arguments.each_channel,
        side_px=_SIDE_PX,
        frames_per_second=arguments.fps,
    )


def _positions(run: OfflineRun, arguments: argparse.Namespace) -> Sequence[Position]:
    """Return one position for an image, or all recorded positions for a film."""
    is_image = arguments.output.suffix.lower() == ".png" or arguments.epoch is not None
    return [run.position(arguments.epoch)] if is_image else run.recorded


def _layer(name: str, layers: Sequence[LayerSpec]) -> LayerSpec:
    found = next((layer for layer in layers if layer.name == name), None)
    if found is None:
        raise UserError(
            _("There is no layer “{name}”; there are {layers}.").format(
                name=name, layers=", ".join(own.name for own in layers)
            )
        )
    return found


def _convolution(run: OfflineRun, arguments: argparse.Namespace) -> LayerSpec:
    layers = run.description.spec.layers
    sliding = [layer for layer in layers if layer.kind != "dense"]
    if not sliding:
        raise UserError(
            _("“{name}” has no kernels, only columns: render its weights.").format(name=run.description.name)
        )
    layer = sliding[0] if arguments.layer is None else _layer(arguments.layer, layers)
    if layer.kind == "dense":
        raise UserError(
            _("“{name}” is dense and has columns, no kernels: render its weights.").format(name=layer.name)
        )
    return layer


def _colours(run: OfflineRun, arguments: argparse.Namespace) -> str:
    """Return the chosen colour map, or the lecture's for its runs, or one that shows zero as background."""
    colours: str | None = arguments.colours
    return colours or usual_colour_map(run.description.config.preset)


def _image(run: OfflineRun, arguments: argparse.Namespace) -> NDArray[np.float32]:
    about = run.description
    if arguments.image is not None:
        seen: NDArray[np.float32] = read_seen(
            [arguments.image], about.image_shape, is_ink=about.is_ink_on_black, raw=False
        )[0]
        return seen
    drawn = _drawn(run, arguments) if arguments.is_of_drawing else None
    if drawn is not None:
        return drawn
    if about.examples is None or arguments.example >= len(about.examples):
        raise UserError(
            _("“{name}” has no example {example} at hand: name an image by --image.").format(
                name=about.name, example=arguments.example
            )
        )
    example: NDArray[np.float32] = about.examples[arguments.example]
    return example


def _drawn(run: OfflineRun, arguments: argparse.Namespace) -> NDArray[np.float32] | None:
    """Return the drawing of a view as the run gets it; None if nothing is drawn."""
    about, draw = run.description, arguments.draw
    form, config = DrawingForm.of(about), about.config

    def pixels(side: int) -> NDArray[np.float32]:
        painted = raster(form, side)
        painted.add_drawing(draw.sheet(form))
        return to_float(painted.pixels)

    return see(
        form,
        draw.sheet(form),
        pixels,
        is_normalised=draw.is_normalised,
        noise=draw.noise / 100,
        corruption=config.training.corruption if config.is_denoising else "masking",
    ).image
