"""With a run on emoji, Draw takes images in colour: random ones, strokes, pasted and dropped ones."""

import numpy as np
import pytest
from PIL import Image

from acceptance.accessibility import Node, Role
from acceptance.copying import copy
from acceptance.dragging import FileManager
from acceptance.stage import Stage
from acceptance.window import Window

pytestmark = pytest.mark.acceptance

_RED, _BLUE = (221, 44, 0), (20, 40, 200)


@pytest.fixture
def window(stage: Stage) -> Window:
    """The window with an autoencoder of emoji, trained for one epoch by the command line."""
    checkpoint = stage.folder / "emoji.keras"
    stage.command("train", "emoji-autoencoder", "--epochs", "1", "-o", str(checkpoint))
    window = stage.start(str(checkpoint))
    window.see(Role.LIST_ITEM, "*emoji-autoencoder*1 epoch")
    return window


@pytest.fixture
def canvas(window: Window) -> Node:
    window.open_tab("Draw")
    return window.see(Role.FILLER, called="digitCanvas")


def share_of(colour: tuple[int, int, int], pixels: np.ndarray) -> float:
    """Share of the pixels that have a colour, nearly."""
    return float((abs(pixels.astype(int) - colour).max(axis=2) < 20).mean())


def test_draw_takes_images_in_colour(window, canvas, stage):
    blank = window.looks(canvas)
    assert share_of((255, 255, 255), blank) > 0.9
    window.wait_for_text("predictionLabel", "No drawing yet.")

    window.click(Role.BUTTON, "Random image")
    window.wait_for_text("predictionLabel", "Reconstruction")
    window.wait_to_change(canvas, blank)
    emoji = window.looks(canvas)

    window.see(Role.BUTTON, "Brush colour: black")
    closed = stage.desktop.image()
    window.hand.key("K")
    window.wait(lambda: not np.array_equal(stage.desktop.image(), closed), "the menu to open")
    for key in ("Down", "Down", "Down", "Enter"):  # black, grey, white, red
        window.hand.key(key)
    window.see(Role.BUTTON, "Brush colour: red")
    window.wait_to_look(canvas, emoji)
    window.hand.stroke([canvas.box.at(0.2, 0.2), canvas.box.at(0.8, 0.8)])
    window.wait_to_change(canvas, emoji)
    painted = window.looks(canvas)
    middle = painted.shape[0] // 2
    assert share_of(_RED, painted[middle - 2 : middle + 2, middle - 2 : middle + 2]) == 1
    window.hand.key("Ctrl+Z")
    window.wait_to_look(canvas, emoji)

    copy(stage.desktop, Image.new("RGB", (90, 40), _BLUE), stage.folder)
    window.hand.key("Ctrl+V")
    window.wait(lambda: share_of(_BLUE, window.looks(canvas)) > 0.98, "the pasted image")
    Image.new("RGB", (40, 90), _RED).save(stage.folder / "red.png")
    FileManager(stage.desktop.display, stage.folder / "red.png").drag_to(window.hand, canvas.box.at(0.5, 0.5))
    window.wait(lambda: share_of(_RED, window.looks(canvas)) > 0.98, "the dropped image")

    cards = window.see(Role.FILLER, called="modelCards")
    refusal = "A, B, C, D, E, G · Needs grey images (28×28)."
    window.wait(lambda: refusal in cards.description, "why other networks do not answer")
    window.wait(lambda: " · emoji-autoencoder · epoch 1" in cards.description, "the one that does")
