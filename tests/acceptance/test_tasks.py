"""The eight tasks of a class, by pointer and keys on a fresh profile; each asserts what a person notices."""

import time
from pathlib import Path

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from acceptance.accessibility import Node, Role, State
from acceptance.dialogs import give_file_name
from acceptance.digits import DIGITS, draw
from acceptance.pages import PAGES
from acceptance.pointer import Point
from acceptance.waiting import eventually
from acceptance.window import Window

pytestmark = pytest.mark.acceptance

ACCENT = (29, 95, 209)
ORANGE, YELLOW, GREY, TEAL = (253, 158, 32), (255, 233, 35), (175, 174, 167), (30, 228, 218)
"""Colours of 3, 4, 8 and 9 on the dark plane."""

ON_LIGHT = (212, 170, 0), (0, 116, 118)
"""Colours of 4 and 9 on a light page."""

_AROUND_PX = 41
"""Side of the square in which a place of the plane is judged by its points."""


def share_of(colour: tuple[int, int, int], pixels: NDArray[np.uint8]) -> float:
    """Share of the pixels that have a colour."""
    return float((pixels == np.array(colour, np.uint8)).all(axis=2).mean())


def likeness(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Correlation of two pictures, in [−1, 1]."""
    height, width = np.minimum(one.shape[:2], other.shape[:2])
    first, second = (image[:height, :width].mean(axis=2).ravel() for image in (one, other))
    return float(np.corrcoef(first, second)[0, 1])


def shows_images(window: Window, called: str) -> bool:
    """Whether a figure shows images of white ink on black."""
    pixels = window.looks(window.see(Role.FILLER, called=called))
    return (pixels < 40).all(axis=2).mean() > 0.3 and (pixels > 200).all(axis=2).mean() > 0.02


# 1. The first thirty seconds.


@pytest.mark.packaged
def test_the_first_window_lies_on_the_screen_shows_a_run_and_opens_every_tab_by_a_click(window, stage):
    assert window.see(Role.FRAME, "Watch networks learn*").box in stage.desktop.screen
    window.wait(lambda: shows_images(window, "inputMontage"), "images")
    window.wait(lambda: shows_images(window, "reconstructionMontage"), "what a network makes of them")
    (chosen,) = [
        run for run in window.see(Role.LIST, "Runs").showing(Role.LIST_ITEM) if run.has(State.SELECTED)
    ]
    assert chosen.name.startswith("A vae"), "the figures are of another run"
    assert filled_buttons(window) == ["Train"]
    assert not window.says("noticeSentence")
    for tab, (role, name) in PAGES.items():
        window.open_tab(tab)
        window.see(role, name)
        others = [other for other in PAGES if other != tab]
        assert not [other for other in others if window.find(*PAGES[other])]


def filled_buttons(window: Window) -> list[str]:
    """Names of the buttons in the accent colour."""
    return [node.name for node in window.all(Role.BUTTON) if share_of(ACCENT, window.looks(node)) > 0.4]


# 2. Train.


def test_a_training_learns_to_make_the_images_beside_it(window):
    window.fill_in("epochsSpin", "1")
    window.fill_in("learningRateSpin", "0.002")
    window.click(Role.BUTTON, "Train")
    run = window.see(Role.LIST_ITEM, "H lecture-autoencoder*")
    window.wait(lambda: run.has(State.SELECTED), "the new run to be shown")
    window.see(Role.LIST_ITEM, "H lecture-autoencoder*1 epoch", patience_s=120)
    window.enabled(Role.BUTTON, "Train")
    made_of = window.see(Role.FILLER, called="reconstructionMontage")
    images = window.looks(window.see(Role.FILLER, called="inputMontage"))
    plot = window.looks(window.see(Role.FILLER, called="lossPlot"))
    assert (plot < 128).any(axis=2).mean() > 0.005, "no curve in the plot"
    window.wait(lambda: likeness(window.looks(made_of), images) > 0.8, "the output to resemble the input")
    learned = window.looks(made_of)
    window.hand.key("Alt+Home")
    window.wait_to_change(made_of, learned)
    assert likeness(window.looks(made_of), images) < likeness(learned, images) - 0.1
    assert not window.says("noticeSentence")


# 3. Draw a 7 and a 4.


@pytest.mark.packaged
def test_a_7_a_4_and_every_other_digit_drawn_is_read(window):
    window.open_tab("Draw")
    canvas = window.see(Role.FILLER, called="digitCanvas")
    for digit in (7, 4, *(each for each in DIGITS if each not in {7, 4})):
        draw(window.hand, canvas, digit)
        window.wait_for_text("predictionLabel", str(digit))
        window.wait_for_text("noDigitHint", "")  # it may appear while half of the digit is there
        window.click(Role.BUTTON, "Clear")
        window.wait_for_text("predictionLabel", "No drawing yet.")


# 4. The border between 4 and 9 in the plane.


@pytest.fixture
def plane(window: Window) -> Node:
    window.open_tab("Latent")
    plane = window.see(Role.FILLER, called="latentPlane")
    window.wait(lambda: plane.description, "the plane to say where its handle is")
    window.wait(lambda: share_of(YELLOW, window.looks(plane)) > 0, "the encoded images")
    return plane


def place_of(window: Window, plane: Node, colour: tuple[int, int, int], other: tuple[int, int, int]) -> Point:
    """Where most of one colour and least of another is around, at the left of what is decoded."""
    pixels = window.looks(plane)
    left = pixels[:, : round(0.62 * pixels.shape[1])]
    of_one, of_other = ((left == np.array(each, np.uint8)).all(axis=2) for each in (colour, other))
    around = sliding_window_view(np.pad(1 * of_one - of_other, _AROUND_PX // 2), (_AROUND_PX, _AROUND_PX))
    row, column = np.unravel_index(around.sum(axis=(2, 3)).argmax(), of_one.shape)
    return plane.box.x + int(column), plane.box.y + int(row)


def test_the_border_between_4_and_9_is_found_in_the_plane(window, plane):
    four, nine = place_of(window, plane, YELLOW, TEAL), place_of(window, plane, TEAL, YELLOW)
    window.click(Role.CHECK_BOX, "Walk the border")
    for place in (four, nine):
        window.hand.click(place)
    strip = window.see(Role.FILLER, called="pathStrip")
    window.wait(lambda: " becomes " in strip.description, "the classes along the path")
    assert strip.description.startswith("4 becomes 9"), strip.description
    window.wait(lambda: {"4", "9"} <= set(plane.description.split(". ", 1)[1]), "4 and 9 at the handle")
    for colour in ON_LIGHT:
        assert share_of(colour, window.looks(strip)) > 0.01, "the strip has not the colours of both classes"


# 5. A film from a 3 to an 8.


def test_a_gif_from_3_to_8_is_saved_where_the_dialog_says(window, plane, stage):
    for colour, other in ((ORANGE, GREY), (GREY, ORANGE)):
        window.hand.click(place_of(window, plane, colour, other))
        window.click(Role.BUTTON, "Pin")
    window.wait(lambda: window.see(Role.FILLER, called="pathStrip").description, "the path")
    window.click(Role.BUTTON, "GIF or film…")
    folder = Path(folder_of_dialog(window, "Export"))
    assert folder.is_relative_to(stage.home), f"{folder} is no folder of the user"
    give_file_name(window, "Export", "3-to-8.gif")
    window.see(Role.LABEL, "Saved*3-to-8.gif*")
    with Image.open(folder / "3-to-8.gif") as film:
        frames = [np.asarray(frame.convert("L"), float) for frame in ImageSequence.Iterator(film)]
    assert len(frames) > 10
    assert all(frame.max() > 128 for frame in frames), "a frame shows nothing"
    assert abs(frames[-1] - frames[0]).mean() > 2, "the film ends as it begins"


# 6. Kernels at epoch 0 and at the end.


def test_kernels_at_epoch_0_and_at_the_end_look_different(window):
    window.click(Role.LIST_ITEM, "B conv-classifier*")
    window.open_tab("Inspect")
    window.wait(
        lambda: "conv" in window.see(Role.LIST, "Layers").showing(Role.LIST_ITEM)[0].name, "its layers"
    )
    kernels = window.see(Role.FILLER, called="weightsMontage")
    window.wait(lambda: window.looks(kernels).std() > 10, "the kernels")

    def at_rest(key: str) -> NDArray[np.uint8]:
        """What is seen after a key, once it stays so for two seconds."""
        before = window.looks(kernels)
        window.hand.key(key)
        window.wait_to_change(kernels, before)

        def is_at_rest() -> bool:
            before = window.looks(kernels)
            time.sleep(2)
            return bool((before == window.looks(kernels)).all())

        window.wait(is_at_rest, "the kernels at rest")
        return window.looks(kernels)

    at_rest("Alt+Home")  # the scale grows when the untrained weights are read
    learned = at_rest("Alt+End")
    untrained = at_rest("Alt+Home")
    window.see(Role.LABEL, "Untrained")
    window.hand.key("Alt+End")
    window.wait_to_look(kernels, learned)
    assert (untrained != learned).any(axis=2).mean() > 0.05, "the kernels look alike"


# 7. Two learning rates in one plot.


def test_two_learning_rates_are_compared_in_one_plot(window):
    window.choose_preset("Classify", "softmax")
    window.fill_in("epochsSpin", "2")
    window.click(Role.BUTTON, "Race values…")
    dialog = window.see(Role.DIALOG, "Race*")
    for number, rate in ((1, "0.1"), (2, "0.001"), (3, "")):
        (field,) = [field for field in dialog.showing(Role.TEXT) if field.name == f"Value {number}"]
        window.hand.click(field.box.at(0.5, 0.5))
        window.hand.key("Ctrl+A")
        window.hand.key("Delete")
        window.hand.type(rate)
        window.wait(lambda field=field, rate=rate: field.text == rate, f"{rate} to be typed")
    window.click(Role.BUTTON, "Race")
    for rate in ("0.1", "0.001"):
        window.see(Role.LIST_ITEM, f"? rate {rate},*2 epochs", patience_s=120)
    plot = window.see(Role.FILLER, called="lossPlot")
    window.wait(lambda: all(f"rate {rate}" in plot.description for rate in ("0.1", "0.001")), "two curves")
    assert not window.says("noticeSentence")


# 8. Epoch 1 of my digit; save, close, open again, present.


def test_my_digit_at_epoch_1_saved_opened_again_and_presented(stage, tmp_path):
    window = stage.start()
    window.choose_preset("Classify", "softmax")
    window.fill_in("epochsSpin", "2")
    window.click(Role.BUTTON, "Train")
    window.see(Role.LIST_ITEM, "H softmax*2 epochs", patience_s=120)
    said = read_at_epoch_1(window)
    saved = tmp_path / "mine.keras"
    window.choose_from_menu("File", "Save a copy*")
    give_file_name(window, "Save a copy", saved)
    window.wait(saved.is_file, f"{saved} to be there")
    window.hand.key("Ctrl+Q")
    assert stage.program.wait() == 0

    window = stage.start()
    run = window.see(Role.LIST_ITEM, "H softmax*2 epochs")
    window.wait(lambda: run.has(State.SELECTED), "my run to be shown again")
    window.wait(lambda: window.see(Role.TAB, "Draw").has(State.SELECTED), "the tab to be open again")
    assert read_at_epoch_1(window) == said
    window.hand.key("F5")
    window.wait(lambda: not window.find(Role.MENU_BAR), "the window to be presented")
    screen = stage.desktop.screen
    for role, called in (
        (Role.FILLER, "digitCanvas"),
        (Role.LABEL, "predictionLabel"),
        (Role.SLIDER, "epochSlider"),
    ):
        assert window.see(role, called=called).box in screen
    assert window.says("predictionLabel") == said
    assert window.see(Role.LABEL, called="predictionLabel").box.height > 100, "a class cannot read it"


def read_at_epoch_1(window: Window) -> str:
    """Draw a 3 and go to epoch 1 by keys; what the softmax says then."""
    window.open_tab("Draw")
    draw(window.hand, window.see(Role.FILLER, called="digitCanvas"), 3)
    slider = window.see(Role.SLIDER, "Timeline")
    window.hand.key("Alt+Home")
    window.wait(lambda: slider.description == "untrained", "the untrained network")

    def goes_to_epoch_1() -> bool:
        window.hand.key("Alt+Right")
        return slider.description == "epoch 1"

    window.wait(goes_to_epoch_1, "epoch 1")
    window.wait(lambda: "epoch 1" in window.says("answeringRunLabel"), "the answer of epoch 1")
    window.wait_for_text("predictionLabel", "3")
    return window.says("predictionLabel")


def folder_of_dialog(window: Window, title: str) -> str:
    """The folder that the file dialog with this title shows."""
    dialog = window.see(Role.DIALOG, f"{title} — *")
    (look_in,) = eventually(
        lambda: [combo for combo in dialog.showing(Role.COMBO_BOX) if combo.name.startswith("/")],
        "the folder of the dialog",
    )
    return look_in.name
