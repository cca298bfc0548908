"""Without Details, every control, word and number of the first view is one that a class understands.

What is new in a first view makes this test fail. Either a class understands it at once, and it is added to
the lists below, or it is a detail: `theme.stage.put(When.DETAILS, widget)`.
"""

import re
from collections import defaultdict

import pytest
from geometry import texts
from open_window import open_window, wait_until
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QVBoxLayout,
    QWidget,
)
from shown_pages import set_mode, show_tab

from cadl_gui.domain.families import Family
from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.tabs import TABS

pytestmark = pytest.mark.gui

CONTROLS = {
    "every": {
        "drawTabTile", "playButton", "epochRateButton", "epochSlider",
        "lesson_1_what_the_computer_seesTile", "open_datasetTile", "runList",
    },
    "Data": {
        "classCounts", "datasetMontage", "imagePanelButton", "labelFilter", "meanImage", "openSourceButton",
        "sortCombo", "statisticsPanelButton", "stdImage",
    },
    "Train": {
        "classifyFamily", "datasetCombo", "denoiseFamily", "epochsSpin", "formButton", "inputMontage",
        "learningRateSpin", "moreButton", "pauseButton", "planeFamily", "presetCombo", "raceButton",
        "reconstructFamily", "reconstructionMontage", "speedSlider", "stopButton", "trainButton",
    },
    "Draw": {
        "brushSizeSlider", "clearButton", "copyButton", "eraserButton", "evidencePanelButton",
        "foolPanelButton", "historyPanelButton", "modelCards", "nearestPanelButton", "noiseSlider",
        "normalisationStrip", "normaliseCheck", "openImageButton", "pasteButton", "randomImageButton",
        "redoDrawingButton", "seenPanelButton", "undoDrawingButton",
    },
    "Latent": {
        "borderWalkButton", "classifierChip", "clearPinsButton", "decodedImage", "driftButton",
        "exportButton", "fitButton", "latentPlane", "manifoldChip", "pathStrip", "pinButton",
        "placeDrawingButton", "playPathButton", "pointsChip", "savePathFilmButton", "thumbnailsChip",
        "zoomInButton", "zoomOutButton",
    },
    "Inspect": {
        "activationsButton", "arithmeticButton", "beforeButton", "examplePicker", "layerList",
        "muteUnitButton", "networkImage", "networkOutput", "pictureSourceCombo", "topActivations",
        "unitActivation", "unitImage", "weightsBefore", "weightsButton", "weightsMontage",
    },
}  # fmt: skip
"""Controls and figures that may stand there, by tab."""

DETAILS = {
    "Data": {"duplicatesPanelButton", "partCounts", "partsCheck", "reinterpretPanelButton", "splitFilter"},
    "Train": {"klCheck", "logAxisCheck", "rewindButton", "smoothingSlider", "stepButton"},
    "Draw": {"linearButton", "logarithmicButton"},
    "Latent": {
        "densityChip", "gridButton", "hoverButton", "latentSpin0", "latentSpin1", "loopPathButton",
        "mixPinsButton", "pathKindCombo", "pathSpeedCombo", "priorChip", "reencodeButton", "sampledButton",
    },
    "Inspect": {
        "bendFactorSpin", "bentPartCombo", "colormapCombo", "operationsButton", "ownScaleCheck",
        "rangeCombo", "sortCheck", "statisticsButton", "swapUnitButton",
    },
}  # fmt: skip
"""Those that stand there with Details only."""

LABELS = {
    "every": {
        "A", "B", "C", "Compare with", "D", "Data", "Draw", "E", "Emoji", "F", "G", "Included", "Inspect",
        "Latent", "My pictures…", "Play with it", "Replay", "Runs", "The lecture", "Train",
        "best", "untrained", *(run.name for run in shipped_runs()),
        "Emoji · makes new images", *(family.value.does for family in Family),
    },
    "Data": {
        "All classes", "By number", "Image", "Images", "Images of each class", "Mean", "Open…", "Statistics",
        "Variation",
    },
    "Train": {
        "A vae", "Classify", "Dataset", "Denoise", "Epochs", "Full speed", "Input", "Learning rate",
        "Loss", "MNIST", "More", "Network of the next run", "Output", "Pause", "Plane", "Preset",
        "Race values…", "Reconstruct", "Settings", "Settings of the next run", "Speed", "Stop",
        "lecture-autoencoder",
    },
    "Draw": {
        "Fool it", "How it sees it", "Nearest", "Normalise", "What each network says",
        "When did it get it?", "Why",
    },
    "Latent": {
        "Classifier", "Clear", "Decoded", "Drift", "Experiments", "Export…", "Fit", "GIF or film…",
        "Latent plane", "Manifold", "Pin", "Place drawing", "Play path", "Points", "Show", "Thumbnails",
        "Walk the border", "Where one class becomes another", "Your drawing in the plane",
    },
    "Inspect": {
        "Activated most by", "Activations", "Before | now", "From Train", "Mute", "Network",
        "Steps", "Weights", "activation", "weights", "z_log_var", "z_mean", "›",
    },
}  # fmt: skip
"""Texts of up to five words without numbers; what is longer or ends with a stop explains itself."""

NUMBERS = {
    "every": {
        "# % correct", "Epoch # of #", "Speed: #/s", "Opened · trained to epoch # of #", "epoch #", "loss #",
        "loss # · # epochs",
    },
    "Data": {"#", "# images", "MNIST · # images of #×# · # classes"},
    "Train": {
        "#", "A · epoch #", "The lecture's dense network: an image to # numbers and back, with tied weights.",
    },
    "Draw": {
        "#", "Noise # %",
        "The network never sees your drawing, only these #×# pixels, cropped and centred like MNIST's.",
    },
    "Latent": {
        "# · # %", "#nd: # · < # %", "A · vae · epoch # · # test images", "B · conv-classifier · epoch #",
    },
    "Inspect": {
        "#", "≤ #", "≥ #", "A · epoch #", "Unit #",
        "Each unit's weights, laid out as the #×# image that it looks at.",
        "One scale for both. Largest weight: # before, # now. The untrained weights are too small to be seen "
        "on this scale.", "decoder_#", "encoder_#", "dec…r_#", "enc…r_#", "#×#", "of #",
    },
}  # fmt: skip
"""Texts with numbers, each written as #."""

NEVER = re.compile(
    r"log p|\bKL\b|\bnats\b|Smoothing|Log axis|Graph|Range|Scale per epoch|Sorted|Prior\b|Fade|Sampled|Hover|"
    r"Encode again|Reorganise|Mix pins|Duplicates|Network's view|Seed\b|[Bb]atch size|\bdisk\b|\bmemory\b|"
    r"float32|images/s|Train beside|^Step$|Start over|Train again|best kept|as Python|IDX|CIFAR|npz|"
    r"parameters"
)
"""What a class would never miss in the first view."""

KINDS = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, FigureView,
)  # fmt: skip
NUMBER = re.compile(r"[-−]?\d[\d,.]*")


def controls(window):
    """The names of all controls and figures that are seen; of one without a name, its class and text."""
    found = set()
    for widget in window.findChildren(QWidget):
        is_part = isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox | QAbstractScrollArea)
        is_one = isinstance(widget, KINDS) and not isinstance(widget, QScrollBar)
        if is_one and not is_part and not widget.visibleRegion().isEmpty():
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            found.add(widget.objectName() or f"{type(widget).__name__} {text}".strip())
    return found


def words(window):
    """All texts that are seen."""
    return {" ".join(text.words.split()) for text in texts(window)}


def not_on_the_lists(window, tab):
    """What is seen in a tab that may not stand there, in words."""
    found = [f"{name}: a control" for name in controls(window) - CONTROLS["every"] - CONTROLS[tab]]
    for text in words(window):
        pattern = NUMBER.sub("#", text)
        is_label = len(text.split()) <= 5 and not text.endswith(".")
        if NEVER.search(text):
            found.append(f"“{text}”: nobody would miss it")
        elif pattern != text and pattern not in NUMBERS["every"] | NUMBERS[tab]:
            found.append(f"“{pattern}”: a number")
        elif pattern == text and is_label and text not in LABELS["every"] | LABELS[tab]:
            found.append(f"“{text}”: a label")
    return sorted(f"{tab}: {each}" for each in found)


def actions(window):
    """The names of all actions that menus and palette have."""
    return {action.objectName() for action in window.findChildren(QAction) if action.isVisible()}


@pytest.mark.tf
@pytest.mark.slow
def test_without_details_only_what_a_class_understands_stands_there_and_with_them_everything():
    problems, seen = [], defaultdict(dict)
    with open_window() as (window, engine, theme):
        theme.set_reduce_motion(True)
        window.open_again(shipped_runs())
        wait_until(lambda: len(engine.runs) == len(shipped_runs()), 60)
        set_mode(window, theme, "light")
        has = actions(window)
        for mode in ("light", "details", "light"):
            set_mode(window, theme, mode)
            for spec in TABS:
                show_tab(window, engine, spec.title)
                seen[mode][spec.title] = controls(window)
                if mode == "light":
                    problems += not_on_the_lists(window, spec.title)
        assert actions(window) >= has
    assert not problems, "\n".join(dict.fromkeys(problems))
    added = {tab: seen["details"][tab] - found for tab, found in seen["light"].items()}
    assert added == DETAILS
    assert all(seen["details"][tab] >= found for tab, found in seen["light"].items())


def test_what_is_new_in_a_view_is_found(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    pin = QPushButton("Pin")
    pin.setObjectName("pinButton")
    column.addWidget(pin)
    page.show()
    assert not not_on_the_lists(page, "Latent")
    assert not_on_the_lists(page, "Draw") == ["Draw: pinButton: a control", "Draw: “Pin”: a label"]
    for text in ("Entropy", "KL 3.2", "3 nats of 5", "12.5 bits per pixel"):
        column.addWidget(QLabel(text))
    column.addWidget(QPushButton("Fit"))
    qtbot.waitUntil(lambda: "Fit" in words(page))
    assert not_on_the_lists(page, "Latent") == [
        "Latent: QPushButton Fit: a control",
        "Latent: “# bits per pixel”: a number",
        "Latent: “3 nats of 5”: nobody would miss it",
        "Latent: “Entropy”: a label",
        "Latent: “KL 3.2”: nobody would miss it",
    ]
