"""The `--view` option of `cadl render`: what is not named is as a session, or a stored view, shows it."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.file_format import has_ending, require_format
from cadl_gui.domain.model_spec import ModelSpec
from cadl_gui.domain.session import SUFFIX
from cadl_gui.domain.view import SHIPPED, View, read_texts
from cadl_gui.imaging.weights.colour_map import colour_maps
from cadl_gui.imaging.weights.limits import RANGES
from cadl_gui.runs.session import read_session, unpack
from cadl_gui.system.bounded_json import parse
from cadl_gui.system.file_limits import MOST_WORK_BYTES
from cadl_gui.system.resources import shipped_run
from cadl_gui.system.whole_file import read_whole, telling
from cadl_gui.system.words import _


def add_view_option(parser: argparse.ArgumentParser) -> None:
    """Add `--view FILE`."""
    parser.add_argument(
        "--view",
        metavar="VIEW",
        type=Path,
        help=_(
            "a session, a {suffix} file, or a view.json: what you do not name is as it shows "
            "(the run; the epoch of an image; the plane and its part, or the pins; the layer and "
            "its colours; the drawing)"
        ).format(suffix=SUFFIX),
    )


@contextmanager
def run_and_view(arguments: argparse.Namespace) -> Iterator[tuple[Path, View]]:
    """Yield the path of the run to render, and the view that fills in the rest.

    Raises:
        UserError: if there is neither a file nor a view, or the view cannot be read or names no run.
    """
    file: Path | None = arguments.file
    if arguments.view is None:
        if file is None:
            raise UserError(_("Name a FILE, or a view by --view."))
        yield file, View()
        return
    with TemporaryDirectory() as folder:
        view, found = _read(arguments.view, Path(folder), trust_paths=arguments.trust_paths)
        if file is None and found is None:
            raise UserError(
                _(
                    "“{view}” shows no run that can be opened: name a FILE, or trust the path of its run "
                    "by --trust-paths."
                ).format(view=arguments.view)
            )
        yield file or found or Path(), view


def _read(path: Path, folder: Path, *, trust_paths: bool) -> tuple[View, Path | None]:
    """Return a view, and its run, which is unpacked to a folder; None if it is not at hand."""
    from cadl_gui.ui.window.view_parts import view_of

    paths: dict[str, Path] = {}
    if has_ending(path, SUFFIX):
        session = read_session(path)
        view = view_of(session.parts, lambda _part, error: _refuse(error))
        shown = tuple(run for run in session.runs if run.key == _key(view))
        paths = unpack(replace(session, runs=shown), folder)
    else:
        damage = AttributeError, KeyError, TypeError, ValueError, RecursionError
        with telling(path, UserError, damage, _("is neither a session nor a view, or is damaged")):
            values = parse(read_whole(path, MOST_WORK_BYTES))
            require_format(values.pop("format"), f"“{path}”")
            view = View.from_json(values, _refuse)
        if trust_paths:
            paths = {key: Path(text) for key, text in read_texts(values, "paths", _refuse).items() if text}
    key = _key(view)
    return view, paths.get(key) or shipped_run(key.removeprefix(SHIPPED))


def _key(view: View) -> str:
    return view.run or next(iter(view.runs), "")


def _refuse(error: Exception) -> None:
    raise UserError(_("The view is damaged: {error}.").format(error=error)) from error


def fill_in(
    arguments: argparse.Namespace, view: View, spec: ModelSpec, default_of: Callable[[str], Any]
) -> None:
    """Set the options that were not given to what a view shows, where the network has it.

    Weights are always of a layer then: of the first one if the view shows none.
    """
    shown, of_weights = view.inspect, arguments.what == "weights"
    usual = spec.encoder[0].name if of_weights else None
    layers = [layer.name for layer in spec.layers if of_weights or layer.kind != "dense"]
    is_image = arguments.what == "path" or arguments.output.suffix.lower() == ".png"
    values = {
        "epoch": view.at.epoch if view.at is not None and is_image else None,
        "layer": shown.layer if shown.layer in layers else usual,
        "colours": shown.colour_map if shown.colour_map in colour_maps() else None,
        "range": shown.range if shown.range in RANGES else default_of("range"),
        "sorted": shown.is_sorted,
        "each_channel": not shown.is_in_colour,
    }
    for name, value in values.items():
        if getattr(arguments, name) == default_of(name):
            setattr(arguments, name, value)
    arguments.kind, arguments.chosen = view.latent.path_kind, view.chosen(_key(view))
    is_named = arguments.image is not None or arguments.example != default_of("example")
    arguments.draw, arguments.is_of_drawing = view.draw, shown.source == "drawing" and not is_named
