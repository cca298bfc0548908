"""From run to run and back, Draw is about the run shown: its form and classes, and nothing of another."""

import numpy as np
import pytest
from hand import draw_stroke
from photographs import AUTOENCODER, CLASSIFIER, MNIST, NAMES
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QSlider, QToolButton

from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui

DENOISING = preset("denoising-autoencoder").config.replace(epochs=1)
DIGITS = tuple("0123456789")


def entries(combo):
    return [combo.itemText(i) for i in range(combo.count())]


@pytest.fixture
def said(tab):
    """The text beside the section that is open."""

    def said():
        (label,) = (each for each in tab.findChildren(QLabel, "sectionText") if each.isVisible())
        return label.text()

    return said


def test_every_walk_through_runs_of_other_forms_shows_what_is_of_the_run(
    qtbot, tab, engine, find, train, canvas, said
):
    """The image with noise stayed beside photographs, where it means nothing, or was missing with digits."""
    runs = {"digits": train(MNIST), "animals": train(CLASSIFIER), "photographs": train(AUTOENCODER)}
    noise, target = find("noiseSlider", QSlider), find("foolTargetCombo", QComboBox)
    for name, percent in (
        ("digits", 30), ("photographs", 30), ("digits", 30), ("photographs", 0), ("digits", 0),
        ("animals", 0), ("animals", 20), ("digits", 20), ("animals", 0), ("photographs", 40),
        ("digits", 40), ("animals", 40),
    ):  # fmt: skip
        engine.view.show_run(runs[name])
        noise.setValue(percent)
        is_ink = name == "digits"
        draw_stroke(canvas)
        assert canvas.drawing.strokes[-1].colour == ((255, 255, 255) if is_ink else (0, 0, 0))
        assert find("inputPreview").isVisible() == (is_ink and percent > 0)
        assert find("normaliseCheck").isVisible() == find("normalisationStrip").isVisible() == is_ink
        assert find("reducedImages").isVisible() != is_ink
        assert ("28×28 pixels" if is_ink else "only these 48×64 pixels") in said()
        button = find("brushColourButton", QToolButton)
        assert button.isVisible() != is_ink
        assert is_ink or button.accessibleName() == "Brush colour: black"
        labels = [action.text() for action in tab.labelling.menu.actions() if action.isVisible()]
        assert labels == [f"Label as {name}" for name in (DIGITS if is_ink else NAMES)]
        find("foolPanelButton", QPushButton).click()
        assert entries(target) == ["2nd", *(DIGITS if is_ink else ())]
        assert target.isEnabled() == is_ink
        assert said().startswith("Flips pixels" if is_ink else "Fool it needs a digit classifier")
        find("seenPanelButton", QPushButton).click()


def test_drawings_get_the_noise_of_the_denoising_run_that_was_trained_last(engine, find, train, canvas):
    masking, pepper = (train(DENOISING.replace(corruption=kind)) for kind in ("masking", "salt-and-pepper"))
    draw_stroke(canvas)
    clean = find("inputPreview").images[0].copy()
    find("noiseSlider", QSlider).setValue(50)

    def has_salt():
        return bool((find("inputPreview").images[0] > clean).any())

    assert has_salt()
    for run, others in ((pepper, False), (masking, True)):
        engine.runs.remove(run)
        assert has_salt() == others
        engine.runs.restore_removed()
        assert has_salt()
    assert not np.array_equal(find("inputPreview").images[0], clean)
