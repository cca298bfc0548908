"""The bar above the images of the Data tab."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel

from cadl_gui.datasets.sources import SOURCES
from cadl_gui.domain.dataset_description import DatasetDescription
from cadl_gui.domain.dataset_requests import ImageSelection
from cadl_gui.domain.view import DataView
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.controls.elided_label import ElidedLabel
from cadl_gui.ui.data.data_bar import DataBar

pytestmark = pytest.mark.gui

LINE = "photos · 1,500 images of 64×64 in colour · 26 classes · 1,215 training, 135 validation, 150 test"
PARTS = ("photos", "1,500 images of 64×64 in colour", "26 classes", "1,215 training", "135 validation")


def test_the_line_is_never_cut_within_a_number(theme, show, part_of):
    bar = DataBar(theme, ViewState(), (), pytest.fail)
    bar.set_line(LINE)
    label = part_of(show(bar, width=1200, height=80), "datasetLine")
    assert isinstance(label, ElidedLabel)
    assert label.text() == LINE
    seen = set()
    for width in range(1200, 400, -10):
        bar.resize(width, 80)
        text = label.fitting(label.width())
        assert label.fontMetrics().horizontalAdvance(text) <= label.width()
        assert text == LINE or text.endswith(tuple(f"{part}…" for part in PARTS))
        seen.add(text)
    assert len(seen) > 3
    assert bar.findChild(QLabel, "datasetLine").toolTip() == LINE


def test_a_name_is_shown_as_it_is_and_not_as_what_it_could_mean(theme, show, part_of):
    """Of rich text, Qt would fetch the images."""
    name = '<img src="//elsewhere/x.png"> & more · 3 images'
    bar = DataBar(theme, ViewState(), (), pytest.fail)
    bar.set_line(name)
    label = part_of(show(bar, width=1200, height=80), "datasetLine")
    assert isinstance(label, QLabel)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert QTextDocumentFragment.fromHtml(label.toolTip()).toPlainText() == name


def test_files_that_programs_write_and_the_split_are_details(qtbot, theme, show, part_of):
    bar = show(DataBar(theme, ViewState(), SOURCES, pytest.fail), width=1200, height=80)
    menu = part_of(bar, "openSourceButton").menu()
    bar.set_line("photos · 60 images", "50 training")
    for details in (True, False, True):
        theme.set_details(details)
        menu.popup(bar.mapToGlobal(bar.rect().center()))
        offered = {action.text() for action in menu.actions() if action.isVisible()}
        menu.close()
        assert {"MNIST", "Emoji", "Open image folder…", "Open film files…"} <= offered
        formats = {"Open IDX files…", "Open .npz or .h5 files…", "Open CIFAR-10 folder…"}
        assert offered & formats == (formats if details else set())
        line = part_of(bar, "datasetLine").text()
        assert line == ("photos · 60 images · 50 training" if details else "photos · 60 images")


def test_a_filter_by_the_split_is_seen_without_details_while_it_leaves_images_out(theme, show, part_of):
    view = ViewState()
    theme.set_details(False)
    bar = show(DataBar(theme, view, (), pytest.fail), width=1200, height=80)
    for part in (2, None, 1):
        view.change(data=replace(view.value.data, part=part))
        assert part_of(bar, "splitFilter").isVisible() is (part is not None)


def description(n_classes, *, has_names):
    names = tuple(f"class {label}" for label in range(n_classes))
    labels, parts = np.arange(12) % n_classes, np.zeros(12, np.uint8)
    files = tuple(f"{number}.png" for number in range(12)) if has_names else ()
    return DatasetDescription("set", (5, 8, 1), names, labels, parts, files)


def test_what_is_selected_is_what_is_chosen_as_far_as_the_dataset_and_the_run_have_it(qtbot, theme):
    """And what was left out is there again where it is."""
    view = ViewState()
    bar = DataBar(theme, view, (), pytest.fail)
    qtbot.addWidget(bar)
    chosen = DataView("error", 2, of="set", label=7, predicted=1, search=" 1.p ")
    view.change(data=chosen)
    whole, small = description(10, has_names=True), description(3, has_names=False)
    for _ in range(2):
        bar.set_dataset("set", whole)
        bar.set_error_run("", is_classifier=False)
        assert bar.selection == ImageSelection("number", 7, 2, text="1.p")
        bar.set_error_run("B", is_classifier=True)
        assert bar.selection.key == "error"
        bar.set_dataset("set", small)
        assert bar.selection == ImageSelection("error", None, 2, 1)
        view.change(data=replace(chosen, sort="name"))
        assert bar.selection == ImageSelection("number", None, 2, 1)
        bar.set_dataset("other", whole)
        assert bar.selection == ImageSelection("name", None, 2)
        view.change(data=chosen)
