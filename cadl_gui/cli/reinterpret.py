"""`cadl reinterpret`: a dataset as another's network sees it, as a film."""

import argparse
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from cadl_gui.cli.asked_network import add_network_arguments, open_to
from cadl_gui.cli.data_preparing import prepare_if_needed
from cadl_gui.cli.number_range import float_range
from cadl_gui.cli.output import emit
from cadl_gui.cli.output_path import check_output_path
from cadl_gui.cli.progress_line import ProgressLine
from cadl_gui.datasets.load import find_source
from cadl_gui.datasets.moving_images import fitted_to, is_film, open_moving_images
from cadl_gui.domain.file_format import require_ending
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.moving_images import USUAL_RATE, ImageOrder
from cadl_gui.domain.preparing_options import split_dataset_text
from cadl_gui.pictures.reinterpretation import (
    SUFFIX,
    Reconstruct,
    Reinterpreted,
    write_reinterpretation,
)
from cadl_gui.system.stages import result_of
from cadl_gui.system.words import _


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "reinterpret",
        help=_("show a film or dataset next to a network's reconstruction, as a film"),
        description=_(
            "Writes a film: each image next to its reconstruction. Of a film it takes every "
            "frame, at its own time, and the sound; nothing is prepared. Images become as large "
            "and as grey as the network's."
        ),
    )
    add_network_arguments(parser)
    parser.add_argument(
        "--dataset", metavar="NAME|PATH", required=True, help=_("what is reinterpreted, such as a film")
    )
    parser.add_argument("-o", "--output", metavar="OUT.mp4", type=Path, required=True)
    parser.add_argument(
        "--fps",
        type=float_range(0.1, 60),
        default=USUAL_RATE,
        help=_("images a second, unless the dataset is a film (default {rate:g})").format(rate=USUAL_RATE),
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write the film, and print its number of frames and their size."""
    output: Path = arguments.output
    require_ending(output, SUFFIX)
    check_output_path(output)
    dataset = arguments.dataset
    find_source(split_dataset_text(dataset)[0])  # before TensorFlow is imported
    has_film = is_film(dataset)
    opened = open_to("reconstruct", arguments)
    image_shape = opened.manifest.image_shape
    if not has_film:
        dataset = fitted_to(dataset, image_shape)
        prepare_if_needed(dataset)
    order = ImageOrder(arguments.fps)
    film = _written(dataset, image_shape, order, partial(opened.ask, "reconstruct"), output)
    (width, height), notes = film.size, [f"“{dataset}” {problem}." for problem in film.problems]
    emit(
        arguments,
        f"{output}  {film.n} × {width}×{height}, {_('with sound') if film.has_sound else _('without sound')}",
        *notes,
        output=str(output),
        frames=film.n,
        width=width,
        height=height,
        sound=film.has_sound,
        notes=notes,
    )


def _written(
    dataset: str, image_shape: ImageShape, order: ImageOrder, reconstruct: Reconstruct, output: Path
) -> Reinterpreted:
    with (
        open_moving_images(dataset, image_shape, order) as images,
        closing(ProgressLine(_("frames"))) as line,
    ):
        writing = write_reinterpretation(images, reconstruct, output)
        return result_of(writing, lambda stage: line.show(*stage))
