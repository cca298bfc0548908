"""Checks the output path of a command before its work begins."""

from pathlib import Path

from cadl_gui.domain.errors import UserError
from cadl_gui.system.atomic_write import require_writable


def check_output_path(path: Path, *, folder: bool = False) -> None:
    """Check, before hours of work, that a path can be written.

    Args:
        path: the path to check.
        folder: whether a folder is to be created there, instead of a file.

    Raises:
        UserError: if the parent folder does not exist, or the path cannot be written.
    """
    parent = path.absolute().parent
    if not parent.is_dir():
        raise UserError(f"There is no folder “{parent}” to write to.")
    try:
        require_writable(path, folder=folder)
    except OSError as error:
        raise UserError(f"“{path}” cannot be written: {error.strerror or error}.") from error
