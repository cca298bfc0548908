"""Checkpoints are saved, opened, dropped and exported with the usual dialogs."""

import numpy as np
import pytest
from PIL import Image

from acceptance.accessibility import Role
from acceptance.dialogs import give_file_name
from acceptance.dragging import FileManager

pytestmark = pytest.mark.acceptance


@pytest.mark.packaged
def test_a_checkpoint_is_saved_opened_and_dropped(window, stage, tmp_path):
    saved = tmp_path / "mine.keras"
    window.hand.key("Ctrl+S")
    give_file_name(window, "Save a copy", saved)
    window.wait(saved.is_file, f"{saved} to be there")
    told = "Saved epoch 140 of A as “mine.keras” in "
    window.wait(lambda: window.says("noticeSentence").startswith(told), "to be told where it is")
    window.click(Role.BUTTON, called="noticeDismiss")

    window.hand.key("Ctrl+O")
    give_file_name(window, "Open file", saved)
    window.see(Role.LIST_ITEM, "H * epochs")

    plane = window.see(Role.FRAME, "Watch networks learn*").box
    FileManager(stage.desktop.display, saved).drag_to(window.hand, plane.at(0.5, 0.6))
    window.see(Role.LIST_ITEM, "I * epochs")
    assert not window.says("noticeSentence")


def test_a_run_is_exported(window, tmp_path):
    exported = tmp_path / "network.onnx"
    window.hand.key("Ctrl+Shift+E")
    window.see(Role.DIALOG, "Export vae*")
    window.choose("exportFormatCombo", "ONNX")
    window.click(Role.BUTTON, called="exportStartButton")
    give_file_name(window, "Export as ONNX", exported)
    window.wait(lambda: "network.onnx" in window.says("exportMessage"), "to be told that it is exported", 120)
    assert exported.stat().st_size > 100_000


def test_an_image_is_saved_and_the_window_tells_where(window, tmp_path):
    saved = tmp_path / "five.png"
    window.open_tab("Latent")
    decoded = window.see(Role.FILLER, called="decodedImage")
    window.wait(lambda: window.looks(decoded).max() > 200, "something to be decoded")
    window.hand.click(decoded.box.at(0.5, 0.5))
    window.hand.key("Ctrl+Shift+S")
    give_file_name(window, "Save image", saved)
    window.wait_for_text("noticeSentence", f"Saved “five.png” to {tmp_path}.")
    image = np.asarray(Image.open(saved).convert("L"))
    assert min(image.shape) >= 28
    assert image.max() > 200, "no ink in the image"
