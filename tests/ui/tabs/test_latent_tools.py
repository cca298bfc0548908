"""Further actions of the Latent tab: pins, paths, exports, grid, other axes."""

import numpy as np
import pytest
from fakes import artifacts
from hand import choose_entry
from idle import wait_until_idle
from PIL import Image
from planes import has_pin
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from cadl_gui.domain.position import Position
from cadl_gui.imaging.latent.latent_path import LatentPath

pytestmark = pytest.mark.gui


def test_a_path_plays_from_pin_to_pin(qtbot, find, pin):
    assert not find("playPathButton").isEnabled()
    assert "two pins" in find("playPathButton").toolTip()
    pin(0, 0)
    pin(1, 0.5)
    find("latentSpin0").setValue(0)
    assert find("pathSpeedCombo").currentText() == "1×"
    choose_entry(find("pathSpeedCombo"), "4×")
    find("playPathButton").click()
    assert find("playPathButton").text() == "Stop"
    qtbot.waitUntil(lambda: find("playPathButton").text() == "Play path")
    assert find("latentPlane").handle == pytest.approx((1, 0.5))


def test_pins_are_set_by_keys_alone(qtbot, find, engine):
    plane = find("latentPlane")
    plane.setFocus()
    for _ in range(2):
        qtbot.keyClick(plane, Qt.Key.Key_P)
        qtbot.keyClick(plane, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert find("playPathButton").isEnabled()
    engine.view.undo()
    assert not find("playPathButton").isEnabled()


def test_pins_come_back_with_their_run(qtbot, find, engine, train_vae, pin):
    first = engine.view.run
    pin(0, 0)
    pin(1, 0.5)
    find("mixPinsButton").click()
    assert find("pinMixer").isVisible()
    train_vae(latent_dim=5)
    plane = find("latentPlane")
    qtbot.waitUntil(lambda: not has_pin(plane, 0, 0))
    mixers = [each for each in QApplication.topLevelWidgets() if each.objectName() == "pinMixer"]
    assert not any(each.isVisible() for each in mixers), "its pins are those of the other run"
    pin(1, 2, 3, 4, 5)
    engine.view.show_run(first)
    assert [has_pin(plane, *place) for place in ((0, 0), (1, 0.5))] == [True, True]
    engine.view.undo()
    assert engine.view.run is not first, "the last pin was that of the other run"
    engine.view.undo()
    assert engine.view.run is first
    assert [has_pin(plane, *place) for place in ((0, 0), (1, 0.5))] == [True, False]


def test_a_path_through_epochs_moves_the_timeline(qtbot, find, engine, pin):
    engine.view.show(Position(0))
    pin(0, 0)
    engine.view.show(Position(2))
    pin(0, 0)
    choose_entry(find("pathSpeedCombo"), "4×")
    find("playPathButton").click()
    qtbot.waitUntil(lambda: engine.view.position == Position(0))
    qtbot.waitUntil(lambda: engine.view.position == Position(2))


@pytest.mark.parametrize("button", ["playPathButton", "driftButton"])
def test_path_does_not_play_on_in_a_tab_that_is_left(qtbot, tab, find, pin, button):
    """A path through epochs in a loop moved the timeline of the other tabs, too."""
    pin(0, 0)
    pin(1, 0)
    find("loopPathButton").click()
    resting = find(button).text(), find(button).isChecked()
    find(button).click()
    assert (find(button).text(), find(button).isChecked()) != resting
    tab.hide()
    assert (find(button).text(), find(button).isChecked()) == resting


def test_a_print_shows_what_is_in_view(qtbot, choose, tmp_path):
    choose("Print of the plane…", tmp_path / "print.png", "PNG, square pixels (*.png)")
    qtbot.waitUntil((tmp_path / "print.png").exists, timeout=20_000)
    with Image.open(tmp_path / "print.png") as sheet:
        assert sheet.width == 60 * 28 * 4
        left, right = sheet.getpixel((0, sheet.height // 2)), sheet.getpixel((sheet.width - 1, 0))
    assert (left, right) == (0, 255)


def test_a_print_can_be_cancelled(qtbot, find, choose, tmp_path, pin):
    bar, cancel = find("exportProgress"), find("cancelExportButton")
    bar.valueChanged.connect(cancel.click, Qt.ConnectionType.QueuedConnection)
    choose("Print of the plane…", tmp_path / "print.png")
    with qtbot.waitSignal(cancel.clicked):
        pass
    assert not bar.isVisible()
    bar.valueChanged.disconnect(cancel.click)
    pin(0, 0)
    pin(1, 0)
    choose("Path as film…", tmp_path / "strip.png")
    qtbot.waitUntil((tmp_path / "strip.png").exists)
    assert not (tmp_path / "print.png").exists()


def test_what_is_rendered_of_one_run_is_given_up_with_its_plane_and_that_of_the_next_is_not(
    qtbot, tab, find, engine, choose, train_vae, tmp_path
):
    first, other = engine.view.run, train_vae()
    for n, run in enumerate((first, other)):
        choose("Print of the plane…", tmp_path / f"{n}.png")
        qtbot.waitUntil(find("exportProgress").isVisible)
        engine.view.show_run(run)
        assert not find("exportProgress").isVisible()
    find("decodedCard").panel.toggle_hold()
    engine.view.show_run(first)
    assert find("decodedCard").panel.is_holding
    for z0 in (0, 0.5):
        find("latentSpin0").setValue(z0)
        find("pinButton").click()
    choose("Path as film…", tmp_path / "film.png")
    qtbot.waitUntil((tmp_path / "film.png").exists)
    wait_until_idle(engine, tab)
    assert [path.name for path in tmp_path.glob("*.png")] == ["film.png"]


def test_a_saved_path_comes_back(qtbot, engine, find, choose, tmp_path, pin):
    pin(0, 0)
    pin(1, 0.5)
    with qtbot.waitSignal(engine.notifications.saved):
        choose("Save path…", tmp_path / "path.json")
    assert LatentPath.load(tmp_path / "path.json").pins == ((0, 0), (1, 0.5))
    find("clearPinsButton").click()
    assert not find("playPathButton").isEnabled()
    choose("Open path…", tmp_path / "path.json")
    qtbot.waitUntil(find("playPathButton").isEnabled)


def test_a_path_without_epochs_is_opened_at_the_one_shown(qtbot, engine, choose, tmp_path):
    LatentPath(pins=((0.0, 0.5), (1.0, 0.25))).save(tmp_path / "path.json")
    key = engine.runs.key(engine.view.run)
    for n, epoch in ((2, 1), (4, 0)):
        engine.view.show(Position(epoch))
        choose("Open path…", tmp_path / "path.json")
        qtbot.waitUntil(lambda n=n: len(engine.view.value.chosen(key).pins) == n)
        assert engine.view.value.chosen(key).pins[-2:] == ((0, 0.5, epoch), (1, 0.25, epoch))


def test_a_path_of_another_space_is_refused(qtbot, engine, tab, choose, tmp_path):
    LatentPath(pins=((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))).save(tmp_path / "path.json")
    with qtbot.waitSignal(
        engine.notifications.unanswered, check_params_cb=lambda message: "3 latents" in message
    ):
        choose("Open path…", tmp_path / "path.json")


def test_z_is_copied_and_pasted(find, choose):
    find("latentSpin0").setValue(0.25)
    choose("Copy z")
    assert QGuiApplication.clipboard().text() == "0.25, 0"
    choose("Copy z as Python")
    assert QGuiApplication.clipboard().text() == "z = np.array([[0.25, 0]], np.float32)"
    QGuiApplication.clipboard().setText("1.5; −0.5")
    choose("Paste z")
    assert find("latentPlane").handle == (1.5, -0.5)


def test_feeding_back_ends_where_the_network_stays(qtbot, find):
    find("latentSpin0").setValue(0.5)
    find("reencodeButton").click()
    qtbot.waitUntil(lambda: not find("reencodeButton").isChecked())
    assert find("latentPlane").handle == pytest.approx((0.5, 1), abs=1e-3)


def test_the_handle_snaps_to_the_nearest_digit_with_ctrl_or_by_a_key(qtbot, find):
    plane = find("latentPlane")
    place = plane.points.places[7]
    x, y = (plane.to_widget(place) + np.array((2, -2))).round().astype(int).tolist()
    qtbot.mouseClick(plane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, QPoint(x, y))
    assert plane.handle == tuple(place.tolist())
    qtbot.mouseClick(plane, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    assert plane.handle != tuple(place.tolist())
    qtbot.keyClick(plane, Qt.Key.Key_N)
    assert plane.handle == tuple(place.tolist())


def test_a_digit_of_many_latents_is_taken_with_all_of_them(qtbot, find, tab, train_vae):
    run = train_vae(latent_dim=5)
    plane = find("latentPlane")
    qtbot.mouseClick(plane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier)
    latent = [find(f"latentSpin{i}").value() for i in range(5)]
    distances = np.abs(artifacts(run.description.config, 1.0).latents - latent).max(1)
    assert distances.min() == pytest.approx(0, abs=1e-3)


def test_a_grid_has_no_place_for_pins_and_the_path_between_them(qtbot, find, engine, tab, pin):
    for place in ((0, 0), (1, 0.5)):
        pin(*place)
    find("gridButton").click()
    wait_until_idle(engine, tab)
    before = find("latentPlane").grab().toImage()
    find("clearPinsButton").click()
    assert find("latentPlane").grab().toImage() == before


def test_on_the_grid_the_handle_takes_the_latent_vector_of_the_point_there(qtbot, find):
    plane = find("latentPlane")
    latents = plane.points.places
    find("gridButton").click()
    assert find("gridButton").text() == "Back to scatter"
    qtbot.waitUntil(lambda: not np.array_equal(plane.points.places, latents))
    assert not find("manifoldChip").isEnabled()
    x, y = plane.to_widget(plane.points.places[7]).tolist()
    qtbot.mousePress(plane, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert find("latentSpin0").value() == pytest.approx(latents[7, 0], abs=1e-3)
    find("gridButton").click()
    np.testing.assert_array_equal(plane.points.places, latents)
    assert find("manifoldChip").isEnabled()
