"""`cadl render`: renders the images and films that the window can export."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cadl_gui.cli.file_argument import add_epoch_option, add_file_argument
from cadl_gui.cli.offline_run import OfflineRun
from cadl_gui.cli.output import add_json_option, emit
from cadl_gui.cli.output_path import check_output_path, require_not_read
from cadl_gui.cli.render_latent import add_latent_options, manifold, path
from cadl_gui.cli.render_timeline import add_timeline_options, timeline
from cadl_gui.cli.render_weights import (
    activations,
    add_weight_options,
    drawing,
    kernels,
    montage,
    weights,
)
from cadl_gui.cli.view_option import add_view_option, fill_in, run_and_view
from cadl_gui.domain.errors import RecordingError, UserError
from cadl_gui.domain.file_format import require_ending
from cadl_gui.domain.view import View
from cadl_gui.pictures.files import WRITERS, save
from cadl_gui.pictures.frame_sequence import FrameSequence
from cadl_gui.pictures.rendering import Rendering
from cadl_gui.system.whole_file import telling
from cadl_gui.system.words import _


@dataclass(frozen=True)
class Renderer:
    """A value of `--what`.

    Attributes:
        help: one line of help.
        make: returns the rendering of a run for the command's arguments.
        options: those that it takes, of all that the command has for renderers.
    """

    help: str
    make: Callable[[OfflineRun, argparse.Namespace], Rendering]
    options: tuple[str, ...] = ()


_OF_WEIGHTS = ("layer", "colours", "range", "sorted", "each_channel", "fps")


RENDERERS: dict[str, Renderer] = {
    "manifold": Renderer(
        _("the latent plane; as a film, with the test images, through the epochs"),
        manifold,
        ("path", "tiles", "width", "smooth", "fps"),
    ),
    "path": Renderer(_("the images decoded along a path that the window saved"), path, ("path",)),
    "weights": Renderer(
        _("the columns or kernels of a layer; as a film, through the epochs"), weights, _OF_WEIGHTS
    ),
    "kernels": Renderer(_("the same of a convolution, by default the first"), kernels, _OF_WEIGHTS),
    "activations": Renderer(
        _("every layer's output for an image"), activations, ("image", "example", "colours", "fps")
    ),
    "montage": Renderer(
        _("a convolution's kernels as the lecture's own montage"), montage, ("layer", "colours", "fps")
    ),
    "drawing": Renderer(_("the drawing that a view shows, as the network gets it"), drawing),
    "timeline": Renderer(
        _("how the examples of the run are reconstructed, through the epochs"), timeline, ("fps",)
    ),
}
"""Renderers by the value of `--what`."""

_OPTIONS = (add_latent_options, add_weight_options, add_timeline_options)


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "render",
        help=_("render images and films"),
        description=_("Renders the images and films of the window.")
        + "".join(f" {name}: {what.help}." for name, what in RENDERERS.items()),
    )
    add_file_argument(parser, nargs="?")
    parser.add_argument("--what", required=True, choices=RENDERERS, help=_("what to render"))
    endings = ", ".join(WRITERS)
    parser.add_argument(
        "-o",
        "--output",
        metavar="OUT",
        type=Path,
        required=True,
        help=_("file that ends in {endings}").format(endings=endings),
    )
    add_view_option(parser)
    add_epoch_option(parser)
    parser.add_argument(
        "--trust-paths",
        action="store_true",
        help=_("allow reading the dataset whose path the file names"),
    )
    for add_options in _OPTIONS:
        add_options(parser)
    add_json_option(parser)
    parser.set_defaults(run=partial(run, parser.get_default))


def run(default_of: Callable[[str], Any], arguments: argparse.Namespace) -> None:
    """Render to the output file, and print its number of frames and their size."""
    _check_options(default_of, arguments)
    output: Path = arguments.output
    require_ending(output, *WRITERS)
    check_output_path(output)
    require_not_read(output, [arguments.image] if arguments.image else [])
    with run_and_view(arguments) as (file, view):
        asked = OfflineRun(file, trust_paths=arguments.trust_paths)
        film = _render(asked, view, default_of, arguments)
    with telling(output, RecordingError, writes=True):
        save(film, output)
    n, (width, height) = len(film.frames), film.size
    text = f"{output}  {n} × {width}×{height}"
    emit(arguments, text, output=str(output), frames=n, width=width, height=height)


def _render(
    run: OfflineRun, view: View, default_of: Callable[[str], Any], arguments: argparse.Namespace
) -> FrameSequence:
    fill_in(arguments, view, run.description.spec, default_of)
    return run.render(RENDERERS[arguments.what].make(run, arguments))


def _check_options(default_of: Callable[[str], Any], arguments: argparse.Namespace) -> None:
    """Refuse options that would have no effect.

    Raises:
        UserError: if there is one.
    """
    for name in sorted({name for renderer in RENDERERS.values() for name in renderer.options}):
        if name in RENDERERS[arguments.what].options or getattr(arguments, name) == default_of(name):
            continue
        takers = ", ".join(what for what, renderer in RENDERERS.items() if name in renderer.options)
        option = f"--{name.replace('_', '-')}"
        raise UserError(
            _("{option} has no effect on --what {what}, but on {takers}.").format(
                option=option, what=arguments.what, takers=takers
            )
        )
