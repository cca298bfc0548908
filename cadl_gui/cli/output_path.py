"""Where a command is to write, checked before it works."""

from pathlib import Path

from cadl_gui.domain.errors import UserError
from cadl_gui.system.atomic_write import require_writable


def check_output_path(path: Path, *, folder: bool = False) -> None:
    """Make sure, before hours of work, that a file can be written, or a folder be made.

    Raises:
        UserError: if there is no such folder, or it or the name does not do.
    """
    parent = path.absolute().parent
    if not parent.is_dir():
        raise UserError(f"There is no folder “{parent}” to write to.")
    try:
        require_writable(path, folder=folder)
    except OSError as error:
        raise UserError(f"“{path}” cannot be written: {error.strerror or error}.") from error
