"""Checkpoints are saved, opened, dropped and exported with the usual dialogs."""

import json
import shutil
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image

from acceptance.accessibility import Role, State
from acceptance.dialogs import give_file_name
from acceptance.digits import draw
from acceptance.dragging import FileManager

pytestmark = pytest.mark.acceptance


@pytest.mark.packaged
def test_a_checkpoint_is_saved_opened_and_dropped(window, stage, tmp_path):
    saved = tmp_path / "mine.keras"
    window.choose_from_menu("File", "Save a copy*")
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
    window.see(Role.LIST_ITEM, "J * epochs")
    assert not window.says("noticeSentence")


def test_a_session_is_saved_and_opened_by_somebody_else(stage, tmp_path):
    window = stage.start()
    window.choose_preset("Classify", "softmax")
    window.fill_in("epochsSpin", "2")
    window.click(Role.BUTTON, "Train")
    trained = "H softmax*2 epochs"
    window.see(Role.LIST_ITEM, trained, patience_s=120)
    window.open_tab("Draw")
    saved = tmp_path / "lesson.cadl"
    for ask in ("first", "again"):
        window.hand.key("Ctrl+S")
        if ask == "first":
            window.see(Role.DIALOG, called="saveSessionDialog")
            window.click(Role.BUTTON, "Save…")
            give_file_name(window, "Save session", saved)
        window.wait(lambda: window.says("noticeSentence").startswith("Saved “lesson.cadl”"), "to be told")
        window.click(Role.BUTTON, called="noticeDismiss")
    window.hand.key("Ctrl+Q")
    assert stage.program.wait() == 0

    stage.home = tmp_path / "student"
    stage.home.mkdir()
    window = stage.start()
    window.see(Role.LIST_ITEM, "G *")
    assert not window.find(Role.LIST_ITEM, trained)
    window.open_tab("Latent")
    assert stage.launch(str(saved)).wait() == 0
    run = window.see(Role.LIST_ITEM, trained)
    window.wait(lambda: run.has(State.SELECTED), "its run to be shown")
    window.wait(lambda: window.see(Role.TAB, "Draw").has(State.SELECTED), "its page to be shown")
    window.see(Role.FRAME, "lesson*")


SHIPPED = Path(__file__).parents[2] / "resources" / "pretrained"
LESSON = {"H": "vae", "J": "softmax", "K": "autoencoder", "L": "conv-classifier"}
"""The runs of a lesson, by their letters; the first is trained on photographs."""


def take_photographs(folder):
    """Save 120 images of a bright wall with a door in red or blue."""
    places = np.random.default_rng(3)
    for name, channel in (("cats", 0), ("dogs", 2)):
        (folder / name).mkdir(parents=True)
        for n in range(60):
            image = np.full((32, 32, 3), 230, np.uint8)
            x, y = places.integers(2, 18, 2)
            image[y : y + 12, x : x + 8] = 30
            image[y : y + 12, x : x + 8, channel] = 220
            Image.fromarray(image).save(folder / name / f"{n}.png")


def show(stage, window, letter, run):
    """Show a run that is open, wherever the list is scrolled to."""
    assert stage.launch(str(run)).wait() == 0
    row = window.see(Role.LIST_ITEM, f"{letter} *")
    window.wait(lambda: row.has(State.SELECTED), f"{letter} to be shown")


@pytest.fixture
def lesson(stage, tmp_path):
    """A teacher's session of four runs, a drawing, a label, pins and a bend; its photographs are gone."""
    photos, runs = tmp_path / "photos", stage.home / ".local/share/cadl_gui/runs"
    take_photographs(photos)
    runs.mkdir(parents=True)
    stage.command("data", "prepare", str(photos), "--size", "28")
    on_photos = ["vae", "--dataset", f"{photos}:size=28", "--batch-size", "20", "--epochs", "2"]
    stage.command("train", *on_photos, "--run", str(runs / "H"))
    for letter in "JKL":  # copies of runs that ship, as others
        copied = shutil.copytree(SHIPPED / LESSON[letter], runs / letter) / "run.json"
        copied.write_text(json.dumps(json.loads(copied.read_text()) | {"uuid": str(uuid4())}))
    window = stage.start(str(runs / "H"))
    program = stage.program
    for letter in LESSON:
        show(stage, window, letter, runs / letter)
    show(stage, window, "H", runs / "H")
    window.open_tab("Latent")
    plane = window.see(Role.FILLER, called="latentPlane")
    for place in (plane.box.at(0.3, 0.3), plane.box.at(0.5, 0.7)):
        window.hand.click(place)
        window.click(Role.BUTTON, "Pin")
    show(stage, window, "J", runs / "J")
    window.open_tab("Draw")
    draw(window.hand, window.see(Role.FILLER, called="digitCanvas"), 7)
    window.wait(lambda: window.says("predictionLabel").isdigit(), "an answer")
    window.hand.key("4")
    window.see(Role.LABEL, "1 corrected image (4)*")
    window.open_tab("Inspect")
    window.click(Role.CHECK_BOX, "Mute")
    window.see(Role.LABEL, "J softmax 2 is modified*")
    window.hand.key("Ctrl+S")
    window.see(Role.DIALOG, called="saveSessionDialog")
    window.click(Role.RADIO_BUTTON, "Only the last epoch of each run*")
    window.click(Role.BUTTON, "Save…")
    give_file_name(window, "Save session", tmp_path / "lesson.cadl")
    window.wait(lambda: window.says("noticeSentence").startswith("Saved “lesson.cadl”"), "to be told")
    window.hand.key("Ctrl+Q")
    assert program.wait() == 0
    photos.rename(tmp_path / "elsewhere")
    return tmp_path / "lesson.cadl"


def test_a_lesson_works_at_somebody_elses_who_does_not_have_its_photographs(lesson, stage, tmp_path):
    stage.home = tmp_path / "student"
    stage.home.mkdir()
    window = stage.start(str(lesson))
    program = stage.program
    sessions = stage.home / ".local/share/cadl_gui/sessions"
    window.see(Role.FRAME, "lesson — *")
    window.see(Role.LABEL, "J softmax 2 is modified*")
    window.wait(lambda: window.see(Role.TAB, "Inspect").has(State.SELECTED), "its page to be shown")
    placed = sorted(sessions.iterdir(), key=lambda run: int(run.name.rpartition("-")[2]))
    runs = dict(zip(LESSON, placed, strict=True))
    assert stage.launch(str(lesson)).wait() == 0
    for letter in LESSON:
        show(stage, window, letter, runs[letter])
    assert not window.find(Role.LIST_ITEM, "M *")
    assert sorted(sessions.iterdir()) == sorted(placed)

    show(stage, window, "J", runs["J"])
    window.open_tab("Draw")
    window.wait(lambda: window.says("predictionLabel").isdigit(), "an answer to the drawing")
    window.see(Role.LABEL, "1 corrected image (4)*")

    show(stage, window, "H", runs["H"])
    draw(window.hand, window.see(Role.FILLER, called="digitCanvas"), 4)
    window.wait_for_text("predictionLabel", "Reconstruction")
    window.open_tab("Data")
    images = window.see(Role.FILLER, "Images")
    window.wait(lambda: "not looked up unless you ask" in images.description, "a sentence in place of images")
    window.see(Role.BUTTON, "Open photos…")
    window.open_tab("Train")
    window.open_tab("Inspect")
    window.see(Role.LIST_ITEM, "encoder_1*")
    window.open_tab("Latent")
    window.see(Role.BUTTON, "Play path")
    decoded = window.see(Role.FILLER, called="decodedImage")
    window.wait(lambda: window.looks(decoded).std() > 0, "something to be decoded")

    window.choose_from_menu("File", "Close session")
    window.click(Role.BUTTON, "Close without saving")
    window.see(Role.FRAME, "Watch networks learn*")
    window.wait(lambda: not window.find(Role.LIST_ITEM, "H *"), "its runs to leave the list")
    window.wait(lambda: not [*sessions.iterdir()], "their files to be in the trash")
    window.hand.key("Ctrl+Q")
    assert program.wait() == 0


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
