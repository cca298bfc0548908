"""An image that Latent saved leads back to where it was decoded."""

import pytest
from hand import choose_entry, drop
from PIL import Image, PngImagePlugin
from PySide6.QtWidgets import QTabWidget
from trained import train

from cadl_gui.domain.bookmark import KEYWORD, to_text
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.view import RunView, View
from cadl_gui.ui.figures.figure_panel import FigurePanel

pytestmark = pytest.mark.gui


@pytest.fixture
def saved(tmp_path):
    """Saves an image with the bookmark of a run's latent vector."""

    def saved(key, *z):
        text = PngImagePlugin.PngInfo()
        place = View(run=key, at=Position(2), of_run={key: RunView(z=z, axes=("latents", 1, 0))})
        text.add_text(KEYWORD, to_text(place, "mine"))
        Image.new("L", (4, 4)).save(tmp_path / "image.png", pnginfo=text)
        return tmp_path / "image.png"

    return saved


def test_a_saved_image_shows_its_run_position_latent_and_axes(
    qtbot, window, find, engine, tmp_path, file_dialogs
):
    tabs = window.findChild(QTabWidget, "tabs")
    run = train(qtbot, engine, preset("vae").config.replace(epochs=3, latent_dim=3))
    tabs.setCurrentWidget(find("latentTab"))
    qtbot.waitUntil(lambda: len(find("latentPlane").points) > 0)
    engine.view.show(Position(2))
    choose_entry(find("axesKindCombo"), "Latents")
    choose_entry(find("secondAxisCombo"), "z 2")
    for number, value in enumerate((0.5, -1.25, 2)):
        find(f"latentSpin{number}").setValue(value)
    qtbot.waitUntil(lambda: find("decodedImage").images is not None)
    file_dialogs.answer(tmp_path / "here.png")
    panel = next(each for each in find("latentTab").findChildren(FigurePanel) if each.isVisible())
    with qtbot.waitSignal(engine.notifications.saved):
        panel.save()
    before = engine.view.value
    engine.view.go_live()
    find("resetLatentsButton").click()
    choose_entry(find("axesKindCombo"), "Components")
    train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    tabs.setCurrentWidget(find("trainTab"))
    assert drop(window, tmp_path / "here.png")
    qtbot.waitUntil(lambda: tabs.currentWidget() is find("latentTab"))
    assert (engine.view.run, engine.view.position) == (run, Position(2))
    assert engine.view.value.of_run[before.run] == before.of_run[before.run]
    assert [find(f"latentSpin{i}").value() for i in range(3)] == [0.5, -1.25, 2]


def test_a_run_that_ships_is_opened_for_it(qtbot, window, find, engine, saved):
    assert drop(window, saved("shipped:vae", 0.5, -1.25, *[0] * 62))
    qtbot.waitUntil(lambda: engine.view.run is not None)
    assert engine.runs.key(engine.view.run) == "shipped:vae"
    assert (engine.view.position, engine.view.is_live) == (Position(2), False)
    assert [find(f"latentSpin{i}").value() for i in range(3)] == [0.5, -1.25, 0]


@pytest.mark.parametrize("key", ["id:unknown", "shipped:unknown", "shipped:..", "/etc/passwd", "m" * 300, ""])
def test_the_run_of_another_machine_is_named_and_nothing_changes(qtbot, window, find, engine, saved, key):
    """An image is a file from anywhere: what it names is looked up as no path."""
    before = engine.view.value
    assert drop(window, saved(key, 0.5, -1.25))
    qtbot.waitUntil(lambda: "Open “mine” to go to this image's place." in find("noticeStrip").message())
    assert engine.view.value == before
    assert not engine.runs.listed
