"""The steps of a self-test.

To add one, write a function that uses the driver and yields conditions to wait for, and list it in `steps`.
"""

import base64
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QTextBrowser

from cadl_gui.cli.selftest_driver import UiDriver, Waiting
from cadl_gui.cli.selftest_exports import export_steps, log_step
from cadl_gui.cli.selftest_runner import Step
from cadl_gui.cli.selftest_tour import (
    decodes_the_plane,
    goes_back_to_train,
    reads_a_seven,
    shows_the_dataset,
    shows_the_emoji,
)
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.image_formats import IMAGE_SUFFIXES
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.requests import Classify, Decode, Encode, Reconstruct
from cadl_gui.engine.run import Run, RunState
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.imaging.latent.assignment import assign_to_grid
from cadl_gui.pictures.image_file import decode_image
from cadl_gui.system.resources import shipped_runs
from cadl_gui.system.versions import installed_version
from cadl_gui.ui.theme.tokens import FONT_FAMILY
from cadl_gui.ui.widgets.image_view import ImageView

_LEVEL = 1 / 255
_AUTOENCODER, _CLASSIFIER = "autoencoder", "softmax"


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
    return [
        Step("find the fonts that ship", _finds_fonts),
        Step("show what is installed", _opens_about),
        Step("assign points to a grid", _solves_an_assignment),
        Step("open an image of every format", _opens_images),
        Step("load TensorFlow", _loads_tensorflow),
        Step("ask the runs that ship", _asks_shipped_runs),
        Step("look at the dataset that ships", shows_the_dataset),
        Step("draw a 7, and it is read", reads_a_seven),
        Step("drag through the latent plane", decodes_the_plane),
        Step("go back to Train", goes_back_to_train),
        Step(f"train {_AUTOENCODER}", _trains),
        Step("pause, take one step", _pauses_and_steps),
        Step("move the timeline and come back", _moves_the_timeline),
        Step("stop", _stops),
        Step("save a checkpoint", _saves),
        Step("open it: the same network", _opens),
        Step("encode and decode", _encodes_and_decodes),
        *export_steps(),
        Step(f"train and evaluate {_CLASSIFIER}", _trains_a_classifier),
        Step("classify", _classifies),
        log_step(),
        Step("prepare the emoji and look at them", shows_the_emoji),
    ]


def _finds_fonts(driver: UiDriver) -> Waiting:
    yield driver.window.isVisible
    family = QFontInfo(driver.window.font()).family()
    _check(family == FONT_FAMILY, f"the window is set in {family}")


def _opens_about(driver: UiDriver) -> Waiting:
    driver.trigger("about")
    yield lambda: driver.find("aboutDialog").isVisible()
    text = driver.find("aboutText")
    assert isinstance(text, QTextBrowser)
    _check(installed_version("tensorflow") in text.toPlainText(), "the version of TensorFlow is not known")
    driver.find("aboutDialog").close()


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


def _asks_shipped_runs(driver: UiDriver) -> Waiting:
    shipped = shipped_runs()
    yield lambda: len(driver.engine.runs) == len(shipped)
    for run in driver.engine.runs:
        answer = yield from _ask_about_examples(driver, run)
        _check(_in_unit_interval(answer), f"{run.description.name} answers with other numbers than in [0, 1]")


def _trains(driver: UiDriver) -> Waiting:
    n_runs = len(driver.engine.runs)
    driver.choose("presetCombo", _AUTOENCODER)
    driver.set_number("epochsSpin", 20)
    driver.click("trainButton")
    yield lambda: len(driver.engine.runs) > n_runs and driver.engine.runs[-1].newest >= Position(0, 5)
    losses = driver.engine.runs[-1].history.step_losses
    _check(len(losses) > 0 and bool(np.isfinite(losses).all()), "the loss is not finite")


def _pauses_and_steps(driver: UiDriver) -> Waiting:
    run = _newest(driver)
    driver.click("pauseButton")
    yield lambda: driver.engine.training.state is TrainingState.PAUSED
    before = run.newest
    driver.trigger("step")
    yield lambda: run.newest > before


def _moves_the_timeline(driver: UiDriver) -> Waiting:
    run, view = _newest(driver), driver.engine.view
    untrained = yield from driver.answer(Reconstruct(run.run_id, UNTRAINED, _examples(run)))
    newest = yield from _ask_about_examples(driver, run)
    _check(not np.allclose(untrained, newest, atol=_LEVEL), "training has changed no image")
    driver.click("epochSlider", QPoint(1, driver.find("epochSlider").height() // 2))
    _check(view.position == UNTRAINED and not view.is_live, f"the timeline went to {view.position}")
    yield lambda: _montage_shows(driver, untrained)
    driver.click("liveButton")
    _check(view.is_live, "the timeline did not come back")
    # The last training step may not have been reported yet when the newest weights were requested.
    while not _montage_shows(driver, newest):
        newest = yield from _ask_about_examples(driver, run)


def _stops(driver: UiDriver) -> Waiting:
    run = _newest(driver)
    driver.click("stopButton")
    yield lambda: driver.engine.training.state is TrainingState.IDLE
    _check(run.state is RunState.STOPPED, f"the run is {run.state.value}")
    source = run.description.source
    _check(source is not None and source.is_dir(), "the run was not kept on disk")


def _saves(driver: UiDriver) -> Waiting:
    path = driver.folder / "Prüfung ✓.keras"
    driver.engine.runs.save(_newest(driver), path)
    yield lambda: path in driver.saved
    _check(path.stat().st_size > 0, "the file is empty")


def _opens(driver: UiDriver) -> Waiting:
    original, n_runs = _newest(driver), len(driver.engine.runs)
    driver.engine.runs.open(driver.saved[-1])
    yield lambda: len(driver.engine.runs) > n_runs
    opened = _newest(driver)
    _check(opened.newest == original.newest, f"saved at {original.newest}, it opens at {opened.newest}")
    expected = yield from _ask_about_examples(driver, original)
    answer = yield from _ask_about_examples(driver, opened)
    _check(np.allclose(answer, expected, atol=1e-6), "it answers otherwise than the network that was saved")


def _encodes_and_decodes(driver: UiDriver) -> Waiting:
    run = _newest(driver)
    latents = yield from driver.answer(Encode(run.run_id, None, _examples(run)))
    images = yield from driver.answer(Decode(run.run_id, None, latents))
    expected = yield from _ask_about_examples(driver, run)
    _check(np.allclose(images, expected, atol=1e-5), "decoding what was encoded is not the reconstruction")


def _trains_a_classifier(driver: UiDriver) -> Waiting:
    n_runs = len(driver.engine.runs)
    driver.click("classifyFamily")
    driver.choose("presetCombo", _CLASSIFIER)
    driver.set_number("epochsSpin", 1)
    driver.click("trainButton")
    yield lambda: len(driver.engine.runs) > n_runs and driver.engine.runs[-1].state is RunState.COMPLETE
    accuracy = _newest(driver).history.epochs[-1].metrics["val_accuracy"]
    _check(accuracy > 0.8, f"it learned to read {accuracy:.0%} only")


def _classifies(driver: UiDriver) -> Waiting:
    from cadl_gui.datasets.load import load

    probabilities = yield from _ask_about_examples(driver, _newest(driver))
    labels = load("mnist").labels
    assert labels is not None, "MNIST has labels"
    share = float((probabilities.argmax(axis=1) == labels[: len(probabilities)]).mean())
    _check(share > 0.7, f"it reads {share:.0%} only of the first hundred digits")


def _newest(driver: UiDriver) -> Run:
    return driver.engine.runs[-1]


def _examples(run: Run) -> Any:
    examples = run.description.examples
    _check(examples is not None, "MNIST was not found")
    return examples


def _ask_about_examples(driver: UiDriver, run: Run) -> Waiting:
    """Return a network's output for the first hundred images: reconstructions, or class probabilities."""
    question = Classify if run.description.config.model.is_classifier else Reconstruct
    return (yield from driver.answer(question(run.run_id, None, _examples(run))))


def _montage_shows(driver: UiDriver, images: Any) -> bool:
    """Return whether the montage of reconstructions shows these images, within one of 255 levels."""
    montage = driver.find("reconstructionMontage")
    assert isinstance(montage, ImageView), "reconstructionMontage shows images"
    shown = montage.images
    return shown is not None and np.allclose(shown / 255, images, atol=_LEVEL)


def _in_unit_interval(values: Any) -> bool:
    return bool(np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1)


def _check(holds: bool, message: str) -> None:
    """Fail the step with a message unless a condition holds.

    Raises:
        CadlError: if the condition does not hold.
    """
    if not holds:
        raise CadlError(message)
