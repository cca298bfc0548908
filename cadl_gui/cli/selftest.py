"""`cadl selftest`: checks what a build may lack: libraries, fonts, what ships, and processes of its own.

To add a check, write a `Check`, and list it in `steps`.
"""

import argparse
import base64
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from PIL import Image

from cadl_gui.cli.display import without_display
from cadl_gui.cli.output import add_json_option, emit, printable
from cadl_gui.cli.window_use import settings_in, wait_for
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.exports import EXPORTS, TENSORBOARD, WEB_PAGE, Format
from cadl_gui.domain.formula import formula_svg
from cadl_gui.domain.image_formats import IMAGE_SUFFIXES
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import ComputeErrors, NetworkRequest
from cadl_gui.imaging.latent.assignment import assign_to_grid
from cadl_gui.pictures.files import WRITERS, save
from cadl_gui.pictures.frame_sequence import FrameSequence
from cadl_gui.pictures.image_file import decode_image
from cadl_gui.system.resources import shipped_runs
from cadl_gui.system.versions import installed_version
from cadl_gui.system.words import _

if TYPE_CHECKING:
    from cadl_gui.engine.engine import Engine
    from cadl_gui.ui.window.main_window import MainWindow

_log = logging.getLogger(__name__)

_Value = TypeVar("_Value")

_HANGS_AFTER_SECONDS = 1200.0
"""Limit for the whole test. Each step has its own limit, but a window that hangs cannot check it."""

_PRESET = "autoencoder"
_PHOTOS = "Prüfung ✓"
"""Folder of an image of each format."""

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
            _use_window(arguments, Path(scratch))
    except OSError as error:
        raise CadlError(f"The self-test needs a folder to write to: {error.strerror or error}.") from error
    finally:
        watchdog.cancel()
    emit(arguments, "All checks passed.", ok=True)


def _use_window(arguments: argparse.Namespace, scratch: Path) -> None:
    from PySide6.QtCore import QTimer

    from cadl_gui.app import show_window

    tests: list[SelfTest] = []
    began = time.monotonic()

    def report(name: str, seconds: float) -> None:
        emit(arguments, f"{name:44} {seconds:6.2f} s", step=name, seconds=round(seconds, 3))

    def attend(window: "MainWindow", engine: "Engine") -> None:
        report("open the window", time.monotonic() - began)
        tests.append(SelfTest(window, engine, scratch, report))
        QTimer.singleShot(0, partial(tests[0].run, steps()))

    with settings_in(scratch / "settings"):
        show_window([], scratch / "runs", attend=attend)
    if not tests:
        raise CadlError("The window closed before it was painted.")
    if tests[0].engine.is_running:
        _leave(tests[0].failure or "The window closed, but TensorFlow’s threads did not end.")
    if tests[0].failure:
        raise CadlError(tests[0].failure)
    report("quit", time.monotonic() - tests[0].began)


def _leave(message: str) -> None:
    """Fail without waiting for a window that hangs, or for TensorFlow, which cannot be interrupted."""
    print(printable(message), file=sys.stderr, flush=True)
    os._exit(1)


class SelfTest:
    """Takes steps in the program's own event loop, and stops at the first one that fails.

    Args:
        window: the real main window.
        engine: the engine of the window.
        folder: folder for files.
        report: called with the name of each successful step and its duration in seconds.
        limit: time limit of a step in seconds, sufficient for a slow machine.

    Attributes:
        failure: the sentence that says what failed; "" once all steps have been taken.
        began: when the newest step began, or the window was closed.
    """

    def __init__(
        self,
        window: "MainWindow",
        engine: "Engine",
        folder: Path,
        report: Callable[[str, float], None],
        limit: float = 300.0,
    ) -> None:
        from cadl_gui.engine.inference_broker import InferenceClient

        self.window, self.engine, self.folder = window, engine, folder
        self.failure, self.began = "The window closed before the first step.", 0.0
        self._report, self._limit, self._complaint = report, limit, ""
        self._client = InferenceClient(engine.inference, None)
        for failed in (engine.notifications.failed, engine.notifications.warned, engine.exporting.failed):
            failed.connect(lambda message, *_: self.complain(message))

    def complain(self, message: str) -> None:
        """Let the present step fail."""
        self._complaint = self._complaint or message

    def run(self, checks: "Mapping[str, Check]") -> None:
        """Take steps, each by its name; then close the window."""
        from PySide6.QtWidgets import QApplication

        for name, check in checks.items():
            self.began = time.monotonic()
            try:
                check(self)
                self._report(name, time.monotonic() - self.began)
            except Exception as error:  # noqa: BLE001 - the test reports anything that a step raises
                _log.exception("The self-test failed")
                self.failure = f"“{name}” failed: {(str(error) or type(error).__name__).rstrip('.')}."
                QApplication.quit()
                return
        self.failure, self.began = "", time.monotonic()
        self.window.close()

    def wait(self, condition: Callable[[], _Value | None]) -> _Value:
        """Let the program run until a condition holds, and return its value.

        Raises:
            CadlError: if the program complains or ends, or the step reaches its time limit.
        """

        def value() -> _Value | None:
            if complaint := self._complaint or self._error_shown():
                raise CadlError(complaint)
            return condition()

        return wait_for(value, self.window, self._limit, self.began)

    def answer(self, request: NetworkRequest[Any]) -> Any:
        """Return the answer of a network; see `wait`."""
        answers: list[Any] = []
        self._client.ask(request, lambda answer, _: answers.append(answer), self.complain)
        return self.wait(lambda: answers)[0]

    def _error_shown(self) -> str:
        """Return the error that the window shows, such as one uncaught in a slot or a thread, or ""."""
        from PySide6.QtWidgets import QWidget

        strip: QWidget | None = self.window.findChild(QWidget, "noticeStrip")
        message = "" if strip is None or not strip.isVisible() else strip.accessibleName()
        return message if message.startswith("Error") else ""


Check = Callable[[SelfTest], object]
"""Takes a step; any exception is a failure."""


def steps() -> dict[str, Check]:
    """Return all steps by their names, in order; each builds on the state that the previous ones left."""
    return {
        "find the fonts that ship": _finds_fonts,
        "assign points to a grid": _solves_an_assignment,
        "open an image of every format": _opens_images,
        "load TensorFlow": _loads_tensorflow,
        "ask the runs that ship": _asks_shipped_runs,
        f"train {_PRESET}": _trains,
        **{f"export as {made.label}": partial(_exports, made) for made in EXPORTS.values()},
        "save a checkpoint and open it": _saves_and_opens,
        "write films and read one": _writes_films,
        "prepare images in another process": _prepares,
    }


def _finds_fonts(test: SelfTest) -> None:
    from PySide6.QtGui import QFontInfo

    from cadl_gui.ui.theme.tokens import FONT_FAMILY

    family = QFontInfo(test.window.font()).family()
    _check(family == FONT_FAMILY, f"the window is set in {family}")
    formula_svg(r"\frac{x}{2}", 16)


def _solves_an_assignment(_: SelfTest) -> None:
    cells = assign_to_grid(np.random.default_rng(0).normal(size=(100, 2)))
    _check(sorted(cells) == list(range(100)), "two points got the same cell")


def _opens_images(test: SelfTest) -> None:
    """Each format needs a library of its own."""
    folder, red = test.folder / _PHOTOS, (255, 0, 0)
    folder.mkdir()
    for suffix in IMAGE_SUFFIXES:
        path = folder / f"Prüfung{suffix}"
        if suffix in {".heic", ".heif", ".hif"}:
            path.write_bytes(base64.b64decode(_RED_HEIC))
        else:
            Image.new("RGB", (16, 16), red).save(path)
        colour = decode_image(path.read_bytes(), path.name)[..., :3].mean(axis=(0, 1))
        _check(bool(np.abs(colour - red).max() < 8), f"{path.name} is of the colour {colour}")


def _loads_tensorflow(test: SelfTest) -> None:
    test.wait(lambda: test.engine.is_ready)
    _check(bool(installed_version("tensorflow")), "the version of TensorFlow is not known")


def _asks_shipped_runs(test: SelfTest) -> None:
    """Each makes much smaller errors on its dataset than before it was trained."""
    shipped, numbers = shipped_runs(), np.arange(100, dtype=np.int32)
    test.wait(lambda: len(test.engine.runs) == len(shipped))
    for run in test.engine.runs:
        untrained, trained = (
            test.answer(ComputeErrors(run.run_id, position, numbers)).mean()
            for position in (run.recorded[0], None)
        )
        _check(bool(trained < untrained / 2), f"{run.description.name} answers as if it had not been trained")


def _trains(test: SelfTest) -> None:
    from cadl_gui.engine.run import RunState

    run_id = test.engine.training.train(preset(_PRESET).config.replace(epochs=1))
    run = test.wait(lambda: test.engine.runs.find(run_id))
    test.wait(lambda: run.state is RunState.COMPLETE)
    losses = run.history.step_losses
    _check(len(losses) > 0 and bool(np.isfinite(losses).all()), "the loss is not finite")


def _exports(made: Format, test: SelfTest) -> None:
    """Export the newest run; every export of a network loads itself back and compares its outputs."""
    run, exporting = test.engine.runs[-1], test.engine.exporting
    path = test.folder / f"Prüfung {made.name}{made.suffix}"
    if made is WEB_PAGE:
        exporting.start_page([(run, None)], path)
    elif made is TENSORBOARD:
        exporting.start_log(run, [each for each in run.recorded if each.step == 0], path)
    else:
        exporting.start(run, None, made.name, "", path)
    test.wait(lambda: not exporting.is_busy)
    _check(path.exists(), f"there is no “{path.name}”")


def _saves_and_opens(test: SelfTest) -> None:
    path, saved = test.folder / "Prüfung ✓.keras", test.engine.runs[-1]
    test.engine.runs.save(saved, path)
    test.wait(path.exists)
    run_id = test.engine.runs.open(path)
    opened = test.wait(lambda: test.engine.runs.find(run_id))
    _check(opened.newest == saved.newest, f"saved at {saved.newest}, it opens at {opened.newest}")


def _writes_films(test: SelfTest) -> None:
    from cadl_gui.datasets.film_reader import opened_film, read_film

    frames = np.random.default_rng(0).integers(0, 256, (12, 112, 112, 3), np.uint8)
    for suffix in WRITERS:
        save(FrameSequence(frames=frames), test.folder / f"Prüfung{suffix}")
    with opened_film(test.folder / "Prüfung.mp4") as film:
        n_read = sum(frame is not None for frame in read_film(film, film.streams.video[0]))
    _check(n_read == len(frames), f"{n_read} of {len(frames)} frames were read")


def _prepares(test: SelfTest) -> None:
    """Decode the images of all formats in a process that the program starts, as it decodes the user's."""
    from cadl_gui.datasets.image_file_scan import scan_image_files
    from cadl_gui.engine.background_jobs import BackgroundJob

    found = scan_image_files(test.folder / _PHOTOS, PreparingOptions())
    reports: list[object] = []
    test.engine.jobs.start(BackgroundJob(found.prepare), reports.append, test.complain)
    test.wait(lambda: reports)
    prepared = test.engine.library.find_prepared(found.path, found.options)
    if prepared is None or prepared.n < len(IMAGE_SUFFIXES):
        raise CadlError(f"of {len(IMAGE_SUFFIXES)} images: {reports[0]}")
    prepared.remove()


def _check(holds: bool, message: str) -> None:
    """Fail the step with a message unless a condition holds.

    Raises:
        CadlError: if the condition does not hold.
    """
    if not holds:
        raise CadlError(message)
