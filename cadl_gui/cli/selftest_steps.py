"""The steps of a self-test: what may fail on one machine or in one build, and works elsewhere.

These are libraries, fonts, what ships, and files that are written. To add one, write a function that uses the
driver and yields conditions to wait for, and list it in `steps`.
"""

import base64
from functools import partial
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QLabel

from cadl_gui.cli.selftest_driver import UiDriver, Waiting
from cadl_gui.cli.selftest_runner import Step
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.exports import FORMATS, TENSORBOARD, WEB_PAGE, Exported, ExportedLog, Format
from cadl_gui.domain.image_formats import IMAGE_SUFFIXES
from cadl_gui.domain.requests import Classify, Reconstruct
from cadl_gui.engine.run import Run, RunState
from cadl_gui.imaging.latent.assignment import assign_to_grid
from cadl_gui.pictures.files import WRITERS, save
from cadl_gui.pictures.frame_sequence import FrameSequence
from cadl_gui.pictures.image_file import decode_image
from cadl_gui.system.resources import shipped_runs
from cadl_gui.system.versions import installed_version
from cadl_gui.ui.data.dataset_montage import DatasetMontage
from cadl_gui.ui.theme.tokens import FONT_FAMILY

_PRESET = "autoencoder"
_SEVEN = ((0.3, 0.25), (0.45, 0.25), (0.6, 0.25), (0.7, 0.25), (0.62, 0.42), (0.54, 0.58), (0.46, 0.78))

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


def steps() -> list[Step]:
    """Return all steps in order; each builds on the state that the previous ones left."""
    networks = [
        Step(f"export as {made.label}, load it back", partial(_exports, made)) for made in FORMATS.values()
    ]
    return [
        Step("find the fonts that ship", _finds_fonts),
        Step("assign points to a grid", _solves_an_assignment),
        Step("open an image of every format", _opens_images),
        Step("load TensorFlow", _loads_tensorflow),
        Step("ask the runs that ship", _asks_shipped_runs),
        Step("draw a 7, and it is read", _reads_a_seven),
        Step(f"train {_PRESET}", _trains),
        *networks,
        Step(f"export as {WEB_PAGE.label}", _exports_page),
        Step(f"export as {TENSORBOARD.label}", _exports_log),
        Step("write films", _writes_films),
        Step("save a checkpoint", _saves),
        Step("open it", _opens),
        Step("prepare the emoji and look at them", _shows_the_emoji),
    ]


def _finds_fonts(driver: UiDriver) -> Waiting:
    yield driver.window.isVisible
    family = QFontInfo(driver.window.font()).family()
    _check(family == FONT_FAMILY, f"the window is set in {family}")


def _solves_an_assignment(driver: UiDriver) -> Waiting:
    yield driver.window.isVisible
    points = np.random.default_rng(0).normal(size=(100, 2))
    cells = assign_to_grid(points)
    _check(sorted(cells) == list(range(100)), "two points got the same cell")


def _opens_images(driver: UiDriver) -> Waiting:
    """Each format needs a library of its own."""
    red = (255, 0, 0)
    for suffix in IMAGE_SUFFIXES:
        path = driver.folder / f"Prüfung{suffix}"
        if suffix in {".heic", ".heif", ".hif"}:
            path.write_bytes(base64.b64decode(_RED_HEIC))
        else:
            Image.new("RGB", (16, 16), red).save(path)
        colour = decode_image(path.read_bytes(), path.name)[..., :3].mean(axis=(0, 1))
        _check(bool(np.abs(colour - red).max() < 8), f"{path.name} is of the colour {colour}")
    yield driver.window.isVisible


def _loads_tensorflow(driver: UiDriver) -> Waiting:
    yield lambda: driver.engine.is_ready
    _check(bool(installed_version("tensorflow")), "the version of TensorFlow is not known")


def _asks_shipped_runs(driver: UiDriver) -> Waiting:
    shipped = shipped_runs()
    yield lambda: len(driver.engine.runs) == len(shipped)
    for run in driver.engine.runs:
        question = Classify if run.description.config.model.is_classifier else Reconstruct
        answer = yield from driver.answer(question(run.run_id, None, _examples(run)))
        is_in_unit_interval = np.isfinite(answer).all() and answer.min() >= 0 and answer.max() <= 1
        _check(bool(is_in_unit_interval), f"{run.description.name} answers with other numbers than in [0, 1]")


def _reads_a_seven(driver: UiDriver) -> Waiting:
    yield from driver.look_at("drawTab", "digitCanvas")
    driver.drag("digitCanvas", _SEVEN)
    answer = driver.find("predictionLabel")
    assert isinstance(answer, QLabel), "predictionLabel is a label"
    yield lambda: next((letter for letter in answer.text() if letter.isdigit()), "") == "7"


def _trains(driver: UiDriver) -> Waiting:
    yield from driver.look_at("trainTab", "trainButton")
    n_runs = len(driver.engine.runs)
    driver.choose("presetCombo", _PRESET)
    driver.set_number("epochsSpin", 1)
    driver.click("trainButton")
    yield lambda: len(driver.engine.runs) > n_runs and driver.engine.runs[-1].state is RunState.COMPLETE
    losses = driver.engine.runs[-1].history.step_losses
    _check(len(losses) > 0 and bool(np.isfinite(losses).all()), "the loss is not finite")


def _exports(made: Format, driver: UiDriver) -> Waiting:
    """Export the newest run; every export loads itself back and compares its outputs."""
    exported: list[Exported] = []
    driver.engine.exporting.exported.connect(exported.append)
    path = driver.folder / f"Prüfung{made.suffix}"
    driver.engine.exporting.start(driver.engine.runs[-1], None, made.name, "", path)
    yield lambda: exported
    if exported[0].path != path or not path.exists():
        raise CadlError(f"it was exported to {exported[0].path}")


def _exports_page(driver: UiDriver) -> Waiting:
    exported: list[Exported] = []
    driver.engine.exporting.exported.connect(exported.append)
    path = driver.folder / "Prüfung Seite.html"
    driver.engine.exporting.start_page([(driver.engine.runs[-1], None)], path)
    yield lambda: exported
    _check(path.is_file(), f"it was exported to {exported[0].path}")


def _exports_log(driver: UiDriver) -> Waiting:
    exported: list[ExportedLog] = []
    driver.engine.exporting.exported.connect(exported.append)
    run, path = driver.engine.runs[-1], driver.folder / "Prüfung Protokoll"
    driver.engine.exporting.start_log(run, [each for each in run.recorded if each.step == 0], path)
    yield lambda: exported
    _check(path.is_dir(), f"it was exported to {exported[0].path}")


def _writes_films(driver: UiDriver) -> Waiting:
    run = driver.engine.runs[-1]
    images = yield from driver.answer(Reconstruct(run.run_id, None, _examples(run)))
    for suffix in WRITERS:
        path = driver.folder / f"Prüfung{suffix}"
        save(FrameSequence.of(images[:12], side_px=112), path)
        _check(path.stat().st_size > 0, f"{path.name} is empty")


def _saves(driver: UiDriver) -> Waiting:
    path = driver.folder / "Prüfung ✓.keras"
    driver.engine.runs.save(driver.engine.runs[-1], path)
    yield lambda: path in driver.saved
    _check(path.stat().st_size > 0, "the file is empty")


def _opens(driver: UiDriver) -> Waiting:
    original, n_runs = driver.engine.runs[-1], len(driver.engine.runs)
    driver.engine.runs.open(driver.saved[-1])
    yield lambda: len(driver.engine.runs) > n_runs
    opened = driver.engine.runs[-1]
    _check(opened.newest == original.newest, f"saved at {original.newest}, it opens at {opened.newest}")


def _shows_the_emoji(driver: UiDriver) -> Waiting:
    driver.choose("datasetCombo", "Emoji")
    yield from driver.look_at("dataTab", "datasetMontage")
    line, montage = driver.find("datasetLine"), driver.find("datasetMontage")
    assert isinstance(line, QLabel), "datasetLine is a label"
    assert isinstance(montage, DatasetMontage), "datasetMontage shows the dataset"
    yield lambda: line.text().startswith("Emoji")
    yield lambda: montage.grid is not None and not montage.missing_tiles()


def _examples(run: Run) -> Any:
    examples = run.description.examples
    _check(examples is not None, "MNIST was not found")
    return examples


def _check(holds: bool, message: str) -> None:
    """Fail the step with a message unless a condition holds.

    Raises:
        CadlError: if the condition does not hold.
    """
    if not holds:
        raise CadlError(message)
