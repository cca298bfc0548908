"""Datasets are opened from outside: dropped, previewed, prepared, and trained on."""

import numpy as np
import pytest
from heic_files import heic
from PIL import Image

from acceptance.accessibility import Role, State
from acceptance.dragging import FileManager

pytestmark = pytest.mark.acceptance

_N_EACH = 150


@pytest.fixture
def folder(tmp_path):
    """Bright and dark images, one of them as telephones take photographs, and a file that is none."""
    random = np.random.default_rng(0)
    for name, brightness in (("bright", 180), ("dark", 20)):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for number in range(_N_EACH):
            pixels = brightness + random.integers(0, 60, (40, 48, 3), np.uint8)
            Image.fromarray(pixels).save(tmp_path / "photos" / name / f"{number}.jpg")
    (tmp_path / "photos" / "bright" / "IMG_0001.HEIC").write_bytes(heic())
    (tmp_path / "photos" / "dark" / "broken.jpg").write_text("no image")
    return tmp_path / "photos"


@pytest.mark.packaged
def test_a_folder_is_dropped_previewed_prepared_and_trained_on(window, stage, folder):
    plane = window.see(Role.FRAME, "Watch networks learn*").box
    FileManager(stage.desktop.display, folder).drag_to(window.hand, plane.at(0.5, 0.6))
    window.see(Role.DIALOG, "Open dataset*")
    window.wait_for_text("prepareSummary", "302 images of 64×64 in colour, 2 classes.")
    assert "Classes: bright, dark" in window.says("prepareFound")

    window.click(Role.BUTTON, called="prepareStartButton")
    sentence = window.see(Role.LABEL, called="noticeSentence").name
    assert sentence.startswith("Added “photos”: 301 images opened, 1 skipped: “dark/broken.jpg”"), sentence
    window.click(Role.BUTTON, called="noticeDismiss")

    assert window.see(Role.TAB, "Data").has(State.SELECTED), "the images are not looked at"
    window.wait(lambda: window.says("datasetLine").startswith("photos · 301 images"), "what was found")
    montage = window.see(Role.FILLER, called="datasetMontage")

    def is_chosen() -> bool:
        """Click an image, which has no effect while the images are still being read."""
        window.hand.click(montage.box.at(0.1, 0.1))
        return window.says("imageLabel").startswith("Label 0")

    window.wait(is_chosen, "the label of a bright image")

    window.open_tab("Train")
    window.see(Role.COMBO_BOX, "photos", called="datasetCombo")
    window.choose_preset("Classify", "softmax")
    window.fill_in("epochsSpin", "1")
    window.click(Role.BUTTON, "Train")
    window.see(Role.LIST_ITEM, "H softmax*1 epoch", patience_s=120)
    assert not window.says("noticeSentence")


def test_emoji_are_trained_on_and_looked_at_at_the_first_start(window):
    window.open_tab("Train")
    window.choose("datasetCombo", "Emoji")
    window.choose_preset("Plane", "emoji-vae")
    window.fill_in("epochsSpin", "1")
    window.click(Role.BUTTON, "Train")
    window.see(Role.LIST_ITEM, "H emoji-vae*1 epoch", patience_s=240)
    assert not window.says("noticeSentence")

    window.open_tab("Data")
    window.wait(lambda: window.says("datasetLine").startswith("Emoji · 1,906 images"), "the emoji")
    window.choose("labelFilter", "Food & Drink")
    montage = window.see(Role.FILLER, called="datasetMontage")

    def is_chosen() -> bool:
        """Click an image, which has no effect while the images are still being read."""
        window.hand.click(montage.box.at(0.1, 0.1))
        return window.says("imageLabel").startswith("Label 3")

    window.wait(is_chosen, "something to eat")


def test_a_screen_reader_meets_each_bar_of_a_figure(window):
    window.open_tab("Data")
    counts = window.see(Role.FILLER, called="classCounts")
    window.wait(lambda: len(counts.showing(Role.LIST_ITEM)) == 10, "a bar for each digit")
    bars = counts.showing(Role.LIST_ITEM)
    assert [bar.name.split(" images")[0] for bar in (bars[1], bars[5])] == ["1 · 7,877", "5 · 6,313"]
    assert all(bar.box in counts.box for bar in bars)
    assert bars[1].box.y < bars[5].box.y
    window.hand.click(bars[5].box.at(0.5, 0.5))
    window.wait(lambda: [bar.has(State.SELECTED) for bar in bars].index(True) == 5, "the bar to be chosen")
