"""The datasets that ship are offered wherever one is chosen, and need no question before they are used."""

import threading

import pytest
from hand import choose_entry, choose_preset
from menus import entry
from next_settings import next_config, set_next
from preparing import note_readers
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyleOptionComboBox,
    QTabWidget,
    QTreeWidget,
    QWidget,
)

from cadl_gui.datasets.load import load
from cadl_gui.datasets.preparing.cache import prepared_datasets
from cadl_gui.domain.presets import preset
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.resources import resource_path

pytestmark = pytest.mark.gui

EMOJI = "Emoji · 1,906 images of 64×64 in colour · 9 classes"


@pytest.fixture
def form(find):
    return find("trainTab").form


@pytest.fixture
def dataset(find):
    """The combo box with the dataset of the next run."""
    return find("datasetCombo", QComboBox)


def test_open_in_the_data_tab_shows_one_that_the_form_has_too(qtbot, find, dataset, monkeypatch):
    readers = note_readers(monkeypatch, resource_path("emoji.zip"))
    find("tabs", QTabWidget).setCurrentWidget(find("dataTab"))
    choices = find("openSourceButton", QPushButton).menu().actions()
    assert [each.text() for each in choices[:3]] == ["MNIST", "Emoji", ""]
    choices[1].trigger()
    line, montage = find("datasetLine", QLabel), find("datasetMontage")
    qtbot.waitUntil(lambda: line.text().startswith(EMOJI))
    qtbot.waitUntil(lambda: montage.grid is not None and not montage.missing_tiles())
    assert montage.isVisible(), "the tab stays"
    find("tabs", QTabWidget).setCurrentWidget(find("trainTab"))
    assert (dataset.currentText(), dataset.currentData()) == ("Emoji", "emoji")
    find("tabs", QTabWidget).setCurrentWidget(find("dataTab"))
    assert threading.main_thread() not in readers, "the window would stand still meanwhile"
    assert len(readers) == 1
    find("nameFilter", QLineEdit).setText("grinning face")
    qtbot.waitUntil(lambda: 0 < (montage.grid.cells >= 0).sum() < 10)
    choices[0].trigger()
    qtbot.waitUntil(lambda: line.text().startswith("MNIST"))


def test_the_form_offers_all_and_says_what_they_hold(window, engine, find, dataset):
    assert [dataset.itemText(number) for number in range(2)] == ["MNIST", "Emoji"]
    assert "1,906 emoji" in dataset.itemData(1, Qt.ItemDataRole.ToolTipRole)
    dataset.setCurrentText("Emoji")
    assert next_config(engine).data.dataset == "emoji"
    assert find("roomLine", QLabel).text().startswith("1,906 images of 64×64 in colour, 9 classes")
    set_next(engine, preset("vae").config.replace(dataset="EMOJI"))
    assert dataset.currentText() == "Emoji"
    assert find("roomLine", QLabel).text().startswith("1,906 images")
    assert not prepared_datasets(), "nothing is prepared before it is used"
    dataset.show_dataset("my photos:size=32")
    shown = QStyleOptionComboBox()
    dataset.initStyleOption(shown)
    assert (shown.currentText, dataset.currentText()) == ("my photos", "my photos:size=32")


def test_a_preset_of_a_dataset_brings_it_and_takes_it_back(window, form, engine, dataset):
    choose_preset(form, "emoji-vae")
    assert dataset.currentText() == "Emoji"
    assert next_config(engine) == preset("emoji-vae").config
    choose_preset(form, "emoji-autoencoder")
    assert dataset.currentText() == "Emoji"
    choose_preset(form, "vae")
    assert dataset.currentText() == "MNIST"
    choose_entry(dataset, "Emoji")
    choose_preset(form, "conv-vae")
    assert dataset.currentText() == "Emoji", "it was the user's choice"


def test_a_preset_whose_images_do_not_ship_says_what_to_open_until_it_is_opened(
    qtbot, window, form, find, engine, dataset, tmp_path
):
    train = find("trainButton", QPushButton)
    choose_preset(form, "emoji-vae")
    assert train.isEnabled()
    choose_preset(form, "celeb-vae")
    said = find("datasetError", QLabel)
    qtbot.waitUntil(lambda: not train.isEnabled())
    assert said.isVisible()
    assert said.text().startswith("Open photographs of faces: a folder or ZIP archive of them")
    assert find("presetLine", QLabel).text() == preset("celeb-vae").line
    network = form.findChild(QWidget, "networkDiagram")
    caption = network.findChild(QLabel, "networkCaption").text()
    assert caption == "The network appears once its images are open."
    assert network.accessibleDescription() == "", "a network for MNIST’s digits is drawn"
    set_next(engine, dataset=str(tmp_path))
    assert "Open photographs" not in said.text()
    assert next_config(engine) == preset("celeb-vae").config.replace(dataset=str(tmp_path))
    choose_preset(form, "cifar-classifier")
    assert next_config(engine).data.dataset == str(tmp_path), "what was opened stays"
    choose_entry(dataset, "MNIST")
    assert said.text().startswith("Open CIFAR-10")
    choose_preset(form, "vae")
    qtbot.waitUntil(train.isEnabled)
    assert not said.isVisible()
    assert network.accessibleDescription()


def test_the_prepared_one_is_listed_by_its_title_and_stays_while_a_run_trains_on_it(
    qtbot, window, engine, find
):
    load("emoji")
    engine.training.train(preset("vae").config.replace(dataset="emoji"), paused=True)
    qtbot.waitUntil(lambda: engine.training.state is TrainingState.PAUSED)
    entry(window, "prepared_datasets").trigger()
    listed = find("preparedList", QTreeWidget)
    qtbot.waitUntil(lambda: listed.topLevelItemCount() == 1)
    assert [listed.topLevelItem(0).text(column) for column in range(3)] == ["Emoji", "1,906", "64×64"]
    QTest.mouseClick(find("preparedRemoveButton", QPushButton), Qt.MouseButton.LeftButton)
    assert find("preparedMessage", QLabel).text() == "“Emoji” is in use: a run is training on it."
    assert len(prepared_datasets()) == 1
