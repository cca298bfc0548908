"""The shipped run on emoji, at the first start: its dataset has not been prepared yet."""

import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from acceptance.accessibility import Node, Role
from acceptance.dialogs import give_file_name

pytestmark = pytest.mark.acceptance

EMOJI = Path(__file__).parents[2] / "resources" / "emoji.zip"
SMILEY = "Smileys & Emotion/slightly smiling face", (4.0, -3.1)
ANIMAL = "Animals & Nature/cat face", (3.2, -1.35)
"""Names of emoji, and where the plane of the shipped run has them."""

_DECODED = 0.3
"""Share of the plane's pixels that differ once it is."""

_N_EVENTS = 100
_REST_S = 1.2
"""A drag is recorded from the last rest of a second on."""


@pytest.fixture
def plane(window) -> Node:
    window.click(Role.LIST_ITEM, "F emoji-vae*")
    window.open_tab("Latent")
    window.hand.key("Ctrl+D")  # the numbers at the handle are Details
    plane = window.see(Role.FILLER, called="latentPlane")
    window.wait(lambda: plane.description, "the plane to say where its handle is")
    empty = window.looks(plane)
    window.wait(lambda: (window.looks(plane) != empty).mean() > _DECODED, "the plane to be decoded")
    return plane


def z(window) -> np.ndarray:
    return np.array([window.see(Role.SPIN_BOX, called=f"latentSpin{i}").value for i in (0, 1)])


def on_screen(window, plane, *places):
    """Where these places of the plane are on the screen, found by two clicks."""
    points = [np.array(plane.box.at(share, share)) for share in (0.25, 0.75)]
    found = []
    for point in points:
        before = z(window)
        window.hand.click(point)
        window.wait(lambda before=before: (z(window) != before).all(), "z to change with a click")
        found.append(z(window))
    scale = (points[1] - points[0]) / (found[1] - found[0])
    return [tuple(points[0] + (np.array(place) - found[0]) * scale) for place in places]


def emoji(name):
    """An image of the archive, (64, 64, 3) in [0, 1], before white."""
    with zipfile.ZipFile(EMOJI) as archive, archive.open(f"{name}.png") as file:
        image = Image.open(file).convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return np.asarray(Image.alpha_composite(white, image).convert("RGB").resize((64, 64))) / 255


def frames(path):
    """The images of a film, each of 64×64 in [0, 1]."""
    with Image.open(path) as film:
        return [
            np.asarray(frame.convert("RGB").resize((64, 64), Image.Resampling.BOX)) / 255
            for frame in ImageSequence.Iterator(film)
        ]


@pytest.mark.packaged
def test_a_drag_from_a_smiley_to_an_animal_is_saved_as_a_film(window, plane, tmp_path):
    start, end = on_screen(window, plane, SMILEY[1], ANIMAL[1])
    decoded = window.see(Role.FILLER, called="decodedImage")
    before = window.looks(decoded)
    time.sleep(_REST_S)
    window.hand.stroke(np.linspace(start, end, _N_EVENTS))
    window.wait(lambda: np.allclose(z(window), ANIMAL[1], atol=0.05), "the handle to be at the animal")
    window.wait_to_change(decoded, before)

    saved = tmp_path / "drag.gif"
    window.choose("pathKindCombo", "Recorded drag")
    window.hand.key("Ctrl+Shift+F")
    give_file_name(window, "Export", saved)
    window.wait_for_text("noticeSentence", f"Saved “drag.gif” to {tmp_path}.")
    film = frames(saved)
    assert len(film) > 10
    first, last = (
        [((image - emoji(name)) ** 2).mean() for name, _ in (SMILEY, ANIMAL)] for image in (film[0], film[-1])
    )
    assert first[0] < first[1], "the film does not begin with the smiley"
    assert last[1] < last[0], "the film does not end with the animal"
