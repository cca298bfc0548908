"""`cadl selftest`: checks what a build may lack: libraries, fonts, what ships, and processes of its own.

It opens the window, then gives the program's own commands. To add a check, list it in `steps`.
"""

import argparse
import base64
import io
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from cadl_gui.cli import main
from cadl_gui.cli.data_preparing import prepare_with_progress
from cadl_gui.cli.display import without_display
from cadl_gui.cli.interruption import STATUS
from cadl_gui.cli.output import add_json_option, emit, printable
from cadl_gui.cli.window_use import settings_in, wait_for
from cadl_gui.datasets.load import scan
from cadl_gui.datasets.preparing.cache import find_prepared
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.exports import EXPORTS
from cadl_gui.domain.formula import formula_svg
from cadl_gui.domain.image_formats import IMAGE_SUFFIXES
from cadl_gui.imaging.latent.assignment import assign_to_grid
from cadl_gui.pictures.files import WRITERS
from cadl_gui.system.resources import shipped_runs
from cadl_gui.system.versions import installed_version
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.engine.engine import Engine
    from cadl_gui.ui.window.main_window import MainWindow

_HANGS_AFTER_SECONDS = 1200.0
"""Limit for the whole test, of which a window or a library that hangs takes no notice."""

_READY_AFTER_SECONDS = 300.0
"""Limit for TensorFlow and the runs that ship, sufficient for a slow machine."""

_RED_HEIC = (
    b"AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAXxtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    b"ACJpbG9jAAAAAERAAAEAAQAAAAABoAABAAAAAAAAACcAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    b"AAAAAAABAAAA/GlwcnAAAADcaXBjbwAAAHVodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    b"AAMAHroCQGEAAQApQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqrprm4CGgwIAAAAyAAAADAIRiAAEABkQBwXPBiQAAABNjb2xybmNs"
    b"eAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAQAAAAChjbGFwAAAAEAAAAAEAAAAQAAAAAf///9AAAAAC////0AAAAAIAAAAQcGl4"
    b"aQAAAAADCAgIAAAAGGlwbWEAAAAAAAAAAQABBYECAwWEAAAAL21kYXQAAAAjKAGvBBITjOD46cJoP91R/FqVtJ7yftCrK+NJn3ex"
    b"GJKp/6A="
)
"""A red image of 16×16, in base 64: Pillow reads such files here, and writes none."""


def add_to(commands: Any) -> None:
    """Add the command to `argparse`'s subparsers."""
    parser = commands.add_parser(
        "selftest", help=_("open the window, use it, and report whether all checks passed")
    )
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Open the real window, use what is behind it, and print each successful step with its duration.

    Settings and runs go to a scratch folder. On Linux without a display, the window is rendered offscreen
    unless QT_QPA_PLATFORM is set.

    Raises:
        CadlError: if a step fails; the message names the first one.
    """
    without_display()
    hanging = f"The self-test hangs: it was not done after {_HANGS_AFTER_SECONDS:.0f} s."
    watchdog = threading.Timer(_HANGS_AFTER_SECONDS, _leave, [hanging])
    watchdog.daemon = True
    watchdog.start()
    try:
        # Windows cannot delete files that a library still holds open; it clears the scratch folder itself.
        with tempfile.TemporaryDirectory(prefix="cadl selftest ", ignore_cleanup_errors=True) as scratch:
            _open_window(arguments, Path(scratch))
            for name, take in steps(Path(scratch)).items():
                with _step(arguments, name):
                    take()
    except OSError as error:
        raise CadlError(f"The self-test needs a folder to write to: {error.strerror or error}.") from error
    finally:
        watchdog.cancel()
    emit(arguments, "All checks passed.", ok=True)


@contextmanager
def _step(arguments: argparse.Namespace, name: str) -> Iterator[None]:
    """Report a step with its duration, or name the one that fails."""
    began = time.monotonic()
    try:
        yield
    except Exception as error:
        raise CadlError(f"“{name}” failed: {(str(error) or type(error).__name__).rstrip('.')}.") from error
    seconds = time.monotonic() - began
    emit(arguments, f"{name:44} {seconds:6.2f} s", step=name, seconds=round(seconds, 3))


def _leave(message: str) -> None:
    """Fail without waiting for a window that hangs, or for TensorFlow, which cannot be interrupted."""
    print(printable(message), file=sys.stderr, flush=True)
    os._exit(1)


def _open_window(arguments: argparse.Namespace, scratch: Path) -> None:
    from PySide6.QtCore import QTimer

    from cadl_gui.app import show_window

    engines: list[Engine] = []
    failures = [CadlError("The window closed before it was painted.")]

    def use(window: "MainWindow", engine: "Engine") -> None:
        engines.append(engine)
        failures.clear()
        try:
            with _step(arguments, "load TensorFlow"):
                use_window(window, engine)
        except CadlError as error:
            failures.append(error)
        window.close()

    with settings_in(scratch / "settings"):
        show_window([], scratch / "runs", attend=lambda *there: QTimer.singleShot(0, partial(use, *there)))
    if engines and engines[0].is_running:
        failures.append(CadlError("The window closed, but TensorFlow’s threads did not end."))
        _leave(str(failures[0]))
    for failure in failures:
        raise failure


def use_window(window: "MainWindow", engine: "Engine", most_seconds: float = _READY_AFTER_SECONDS) -> None:
    """Wait in the program's own event loop until the window is ready to train, and shows what ships.

    Raises:
        CadlError: if the program complains or ends, lacks its fonts, or is not ready in time.
    """
    from PySide6.QtGui import QFontInfo
    from PySide6.QtWidgets import QWidget

    from cadl_gui.ui.theme.tokens import FONT_FAMILY

    complaints: list[str] = []
    for failed in (engine.notifications.failed, engine.notifications.warned):
        failed.connect(lambda message, *_: complaints.append(message))
    strip: QWidget | None = window.findChild(QWidget, "noticeStrip")

    def is_ready() -> bool:
        if strip is not None and strip.isVisible() and strip.accessibleName().startswith("Error"):
            complaints.append(strip.accessibleName())  # uncaught in a slot or a thread
        _check(not complaints, "".join(complaints[:1]))
        return engine.is_ready and len(engine.runs) == len(shipped_runs())

    wait_for(is_ready, window, most_seconds)
    family = QFontInfo(window.font()).family()
    _check(family == FONT_FAMILY, f"the window is set in {family}")
    _check(bool(installed_version("tensorflow")), "the version of TensorFlow is not known")


def steps(folder: Path) -> dict[str, Callable[[], object]]:
    """Return what follows the window by its names, in order; it leaves files in a folder."""
    saved, film = str(folder / "Prüfung ✓.keras"), folder / "Prüfung.mp4"
    return {
        "typeset a formula": partial(formula_svg, r"\frac{x}{2}", 16),
        "assign points to a grid": partial(assign_to_grid, np.random.default_rng(0).normal(size=(100, 2))),
        **{f"evaluate {run.name}": partial(command, "evaluate", str(run)) for run in shipped_runs()},
        "train autoencoder": partial(command, "train", "autoencoder", "--epochs", "1", "-o", saved),
        **{
            f"export as {made.label}": partial(
                command, "export", saved, "--format", name, "-o", str(folder / f"Prüfung {name}{made.suffix}")
            )
            for name, made in EXPORTS.items()
        },
        **{
            f"write a film as {ending}": partial(
                command, "render", "vae", "--what", "timeline", "-o", str(film.with_suffix(ending))
            )
            for ending in WRITERS
        },
        "read the film in another process": partial(_prepare, film, 2),
        "read an image of every format there": partial(_prepare_images, folder / "Prüfung ✓"),
    }


def command(*arguments: str) -> None:
    """Carry out a command of the program.

    Raises:
        CadlError: if it fails, with the last line that it prints to standard error.
    """
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as told:
        status = main(arguments)
    if status == STATUS:
        raise KeyboardInterrupt
    _check(not status, "".join(told.getvalue().splitlines()[-1:]))


def _prepare_images(folder: Path) -> None:
    """Decode the images of all formats, each of which needs a library of its own."""
    folder.mkdir()
    for suffix in IMAGE_SUFFIXES:
        path = folder / f"Prüfung{suffix}"
        if suffix in {".heic", ".heif", ".hif"}:
            path.write_bytes(base64.b64decode(_RED_HEIC))
        else:
            Image.new("RGB", (16, 16), "red").save(path)
    _prepare(folder, len(IMAGE_SUFFIXES))


def _prepare(path: Path, fewest: int) -> None:
    """Prepare a dataset, unlike `cadl data prepare` also where nothing that is prepared can be kept."""
    found = scan(str(path))
    assert found is not None, "there is something to prepare"
    with redirect_stderr(io.StringIO()):
        report = prepare_with_progress(found)
    prepared = find_prepared(found.path, found.options)
    if prepared is not None:
        prepared.remove()
    _check(prepared is not None and prepared.n >= fewest, f"of {fewest} images: {report}")


def _check(holds: bool, message: str) -> None:
    if not holds:
        raise CadlError(message)
