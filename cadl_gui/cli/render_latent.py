"""The renderers of `cadl render` for a latent space."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cadl_gui.cli.number_range import int_range
from cadl_gui.cli.offline_run import OfflineRun
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.view import RunView
from cadl_gui.imaging.latent.axes import LatentAxes
from cadl_gui.imaging.latent.corners import four_corner_manifold
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.imaging.latent.path import PATH_KINDS
from cadl_gui.imaging.latent.tiles import grid_centres
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.pictures.manifold_print import manifold_print
from cadl_gui.pictures.path_film import path_film
from cadl_gui.pictures.rendering import Rendering
from cadl_gui.pictures.replay_film import replay_film
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.domain.position import Position

_N_CORNERS = 4
_FEWEST_PINS = 2
_MOST_TILES, _MOST_PX = 300, 20_000


def add_latent_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of these renderers."""
    parser.add_argument(
        "--path",
        type=Path,
        help=_("path saved by the Latent tab; its four pins are the corners of a manifold"),
    )
    tiles, width = int_range(2, _MOST_TILES), int_range(1, _MOST_PX)
    parser.add_argument("--tiles", type=tiles, default=30, help=_("manifold: tiles in a row (default 30)"))
    parser.add_argument(
        "--width", type=width, default=1680, help=_("manifold: about how many pixels wide (1680)")
    )
    parser.add_argument("--smooth", action="store_true", help=_("manifold: interpolate between pixels"))


def manifold(run: OfflineRun, arguments: argparse.Namespace) -> Rendering:
    """Render the part of the plane where data lie, or the manifold between four pins.

    Except as a PNG, the plane is rendered as a film through the epochs; if one is named, of that one only.

    Raises:
        UserError: if the run has no latent plane, or the path does not fit it or does not have four pins.
    """
    position = run.position(arguments.epoch)
    if arguments.path is not None:
        corners = _path(run, arguments)
        if len(corners.pins) != _N_CORNERS:
            raise UserError(
                _("A manifold lies between 4 pins; “{path}” has {n}.").format(
                    path=arguments.path, n=len(corners.pins)
                )
            )
        latents = four_corner_manifold(corners.pins, arguments.tiles)
    else:
        axes, box = _plane(run, position, arguments.chosen)
        if arguments.output.suffix.lower() != ".png":
            epochs = [recorded for recorded in run.recorded if recorded.step == 0]
            shown = epochs if arguments.epoch is None else [position]
            return replay_film(run.run_id, shown, axes, box, arguments.fps)
        latents = axes.to_z(grid_centres(box, arguments.tiles, arguments.tiles))
    return manifold_print(
        run.run_id,
        position,
        latents,
        columns=arguments.tiles,
        side_px=arguments.width,
        smooth=arguments.smooth,
    )


def path(run: OfflineRun, arguments: argparse.Namespace) -> Rendering:
    """Render a path that the window saved; as a PNG, a strip of a few frames.

    Raises:
        UserError: if no path is given, or it does not fit the run.
    """
    if arguments.path is None and len(arguments.chosen.pins) < _FEWEST_PINS:
        raise UserError(
            _("--what path needs --path FILE.json, which the Latent tab saves, or a view with two.")
        )
    is_strip = arguments.output.suffix.lower() == ".png"
    position = run.position(arguments.epoch)
    return path_film(run.run_id, position, run.recorded, _path(run, arguments), strip=is_strip)


def _path(run: OfflineRun, arguments: argparse.Namespace) -> LatentPath:
    """Load the path, or make that of the view's pins, and check that it has as many latents as the run."""
    if arguments.path is not None:
        path = LatentPath.load(arguments.path)
    else:
        kind = next((kind for kind in PATH_KINDS if kind == arguments.kind), PATH_KINDS[0])
        path = LatentPath.through(arguments.chosen.pins, kind)
    here = _n_latents(run)
    if path.latent_dim != here:
        raise UserError(
            _("This path has {latent_dim} latents; {name} has {here}.").format(
                latent_dim=path.latent_dim, name=run.description.name, here=here
            )
        )
    return path


def _plane(run: OfflineRun, position: "Position", chosen: RunView) -> tuple[LatentAxes, ViewBox]:
    """Return the plane that was chosen, through its point and with its part that is in view.

    Else it is as the window first shows it: two latents, or the first two principal components.

    Raises:
        UserError: if there are not as many latents, or components.
    """
    n, artifacts = _n_latents(run), run.artifacts(position)
    latents = np.empty((0, n)) if artifacts is None or artifacts.latents is None else artifacts.latents
    many = n > 2 and len(latents) >= 2
    kind, first, second = chosen.axes if chosen.axes is not None and many else ("components", 0, 1)
    try:
        if many and kind == "components":
            axes = LatentAxes.of_components(latents, first, second)
        else:
            axes = LatentAxes.of_dimensions(n, first, second)
    except ValueError as error:
        raise UserError(
            _("The view shows axes that “{name}” does not have.").format(name=run.description.name)
        ) from error
    if len(chosen.z) == n:
        axes = axes.with_base(chosen.z)
    if chosen.box is not None:
        z0, z1, side = chosen.box
        return axes, ViewBox.centred(z0, z1, side, side)
    prior = axes.zero if run.description.config.model.is_variational else None
    return axes, ViewBox.home(axes.to_plane(latents), prior=prior)


def _n_latents(run: OfflineRun) -> int:
    about = run.description
    if about.config.model.is_classifier or about.spec.latent_dim < 2:
        raise UserError(_("“{name}” has no latent plane.").format(name=about.name))
    return about.spec.latent_dim
