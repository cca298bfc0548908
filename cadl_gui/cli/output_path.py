"""Checks the output path of a command before its work begins."""

import os
from collections.abc import Iterable
from pathlib import Path

from cadl_gui.domain.errors import UserError
from cadl_gui.system.atomic_write import require_writable
from cadl_gui.system.whole_file import telling
from cadl_gui.system.words import _


def check_output_path(path: Path, *, folder: bool = False) -> None:
    """Check, before hours of work, that a path can be written.

    Args:
        folder: whether a folder is to be created there, instead of a file.

    Raises:
        UserError: if the parent folder does not exist, or the path cannot be written.
    """
    parent = path.absolute().parent
    if not parent.is_dir():
        raise UserError(_("There is no folder “{parent}” to write to.").format(parent=parent))
    with telling(path, UserError, writes=True):
        require_writable(path, folder=folder)


def require_distinct(*paths: Path | None) -> None:
    """Check that the outputs of a command do not take each other's place.

    Args:
        *paths: the paths; None for an output that is not wanted.

    Raises:
        UserError: if two are the same.
    """
    named = [os.path.realpath(path) for path in paths if path is not None]
    for n, path in enumerate(named):
        if path in named[:n]:
            raise UserError(
                _("“{path}” cannot be two outputs at once: choose another name for one of them.").format(
                    path=path
                )
            )


def require_not_read(output: Path, inputs: Iterable[Path]) -> None:
    """Check that a command does not overwrite what it reads, such as the only scan of a drawing.

    Raises:
        UserError: if the output is one of the inputs, be it by another name.
    """
    if output.exists() and any(path.exists() and path.samefile(output) for path in inputs):
        raise UserError(_("“{output}” is the input: choose another name.").format(output=output))


def check_new_folder(path: Path, what: str, *, may_exist: bool = False) -> None:
    """Check, before hours of work, that a folder can be created by TensorFlow.

    Args:
        what: what will be in it, such as “A log”.
        may_exist: whether there may be something in it already.

    Raises:
        UserError: if it cannot be created, is a file, or is not empty.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:  # bytes of another encoding, which Linux allows
        raise UserError(
            _("“{path}” cannot be written: TensorFlow takes names in UTF-8 only.").format(path=path)
        ) from None
    check_output_path(path, folder=True)
    if path.exists() and not (path.is_dir() and (may_exist or not any(path.iterdir()))):
        raise UserError(
            _("{what} is a folder of its own: “{path}” is not empty.").format(what=what, path=path)
        )
