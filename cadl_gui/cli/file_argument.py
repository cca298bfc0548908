"""The FILE and `--epoch` arguments of the commands that work with a trained network."""

import argparse
from pathlib import Path

from cadl_gui.system.resources import shipped_run
from cadl_gui.system.words import _


def add_file_argument(parser: argparse.ArgumentParser, nargs: str | None = None) -> None:
    """Add FILE: a checkpoint, a run folder, or the name of a preset, which selects its shipped run."""
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs=nargs,
        type=_path,
        help=_("a checkpoint, a run folder, or a preset that ships trained"),
    )


def add_epoch_option(parser: argparse.ArgumentParser, default: str = _("the last")) -> None:
    """Add `--epoch N`, which selects one of the epochs recorded in a run folder.

    Args:
        default: what is used without the option, for its help.
    """
    parser.add_argument(
        "--epoch",
        metavar="N",
        type=int,
        help=_("with the weights of this epoch of a run; by default {default}").format(default=default),
    )


def _path(text: str) -> Path:
    path = Path(text)
    return path if path.exists() else shipped_run(text) or path
