"""The steps of a self-test that do what a new user does first: look at the data, draw, explore latents."""

from typing import Any

import numpy as np
from PySide6.QtWidgets import QLabel, QTabWidget

from cadl_gui.cli.selftest_driver import UiDriver, Waiting
from cadl_gui.ui.data.dataset_montage import DatasetMontage
from cadl_gui.ui.widgets.image_view import ImageView

_SEVEN = ((0.3, 0.25), (0.45, 0.25), (0.6, 0.25), (0.7, 0.25), (0.62, 0.42), (0.54, 0.58), (0.46, 0.78))
_THROUGH_THE_PLANE = ((0.5, 0.5), (0.45, 0.6), (0.4, 0.7))


def shows_the_dataset(driver: UiDriver) -> Waiting:
    """Show the Data tab, and wait until it shows the whole dataset."""
    yield from _looks_at(driver, "dataTab", "datasetMontage")
    montage = driver.find("datasetMontage")
    assert isinstance(montage, DatasetMontage), "datasetMontage shows the dataset"
    yield lambda: montage.grid is not None and not montage.missing_tiles()


def shows_the_emoji(driver: UiDriver) -> Waiting:
    """Choose the other dataset that ships, and wait until the Data tab shows it."""
    driver.choose("datasetCombo", "Emoji")
    yield from _looks_at(driver, "dataTab", "datasetMontage")
    line = driver.find("datasetLine")
    assert isinstance(line, QLabel), "datasetLine is a label"
    yield lambda: line.text().startswith("Emoji")
    yield from shows_the_dataset(driver)


def reads_a_seven(driver: UiDriver) -> Waiting:
    """Draw a 7, and wait until the shipped classifier recognises it."""
    yield from _looks_at(driver, "drawTab", "digitCanvas")
    driver.drag("digitCanvas", _SEVEN)
    answer = driver.find("predictionLabel")
    assert isinstance(answer, QLabel), "predictionLabel is a label"
    yield lambda: next((letter for letter in answer.text() if letter.isdigit()), "") == "7"


def decodes_the_plane(driver: UiDriver) -> Waiting:
    """Drag through the plane of the shipped variational autoencoder until the decoded image changes."""
    yield from _looks_at(driver, "latentTab", "latentPlane")
    yield lambda: _decoded(driver) is not None
    before = _decoded(driver).copy()
    driver.drag("latentPlane", _THROUGH_THE_PLANE)
    yield lambda: not np.array_equal(_decoded(driver), before)


def goes_back_to_train(driver: UiDriver) -> Waiting:
    """Switch to the Train tab, which the following steps use."""
    yield from _looks_at(driver, "trainTab", "trainButton")


def _looks_at(driver: UiDriver, page: str, widget: str) -> Waiting:
    tabs = driver.find("tabs")
    assert isinstance(tabs, QTabWidget), "tabs is a tab widget"
    tabs.setCurrentWidget(driver.find(page))
    yield lambda: driver.find(widget).isVisible()


def _decoded(driver: UiDriver) -> Any:
    view = driver.find("decodedImage")
    assert isinstance(view, ImageView), "decodedImage shows images"
    return view.images
