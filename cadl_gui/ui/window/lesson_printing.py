"""Prints the sheets of lessons as `cadl lesson print` does."""

import os
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

from cadl_gui.domain.errors import UserError
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.words import _
from cadl_gui.ui.window.command import UTF_8, command

_LOOKS_SECONDS = 0.1
"""How often it is looked whether the printing was cancelled."""


def printed(lesson: Path, sheet: Path, *, for_teacher: bool) -> Generator[None, None, Path]:
    """Print a lesson's sheet with the command, in a process that leaves the window free to train and paint.

    Closing the generator ends the command; as that may be while it writes, it writes elsewhere first.

    Raises:
        UserError: if the command fails, with what it says.
        OSError: if the sheet cannot be written.
    """
    with TemporaryDirectory() as scratch:
        made = Path(scratch, sheet.name)
        yield from _run("-o", str(made), *(["--teacher"] if for_teacher else []), "--", str(lesson))
        with atomic_output(sheet) as part:
            shutil.copyfile(made, part)
    return sheet


def _run(*arguments: str) -> Generator[None]:
    with subprocess.Popen(
        [*command(), "lesson", "print", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **UTF_8},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        try:
            while True:
                try:
                    _out, said = process.communicate(timeout=_LOOKS_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    yield
        finally:
            process.terminate()
    if process.returncode:
        raise UserError(said.strip() or _("The command that prints failed."))
    yield  # it may have been cancelled meanwhile
