"""A walk between two clicked images, to the place where the classifier changes its answer."""

import pytest
from asking import watch
from hand import choose_entry
from idle import wait_until_idle
from PySide6.QtCore import QPoint, Qt
from seen import hover_texts
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Decode
from cadl_gui.ui.latent.tab import LatentTab

pytestmark = pytest.mark.gui


@pytest.fixture
def tab(shown):
    return shown(LatentTab)


def click(qtbot, plane, index):
    """Click the point of an image."""
    x, y = plane.to_widget(plane.points.places[index]).round().astype(int).tolist()
    qtbot.mouseClick(plane, Qt.MouseButton.LeftButton, pos=QPoint(x, y))


def test_two_clicked_images_lead_to_the_border_between_them(qtbot, tab, find, engine, train_vae, pin):
    """The fake classifier reads a label in how bright an image is, and that is the first latent."""
    train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    train_vae()
    pin(2, 2)
    plane, strip = find("latentPlane"), find("pathStrip")
    find("borderWalkButton").click()
    assert find("classifierChip").isChecked()
    prompt = find("planePrompt")
    assert prompt.text() == "Click a dot of one class. Your pins are cleared: Undo brings them back."
    assert strip.accessibleDescription() == "Click a dot of one class."
    assert prompt.isVisible()
    click(qtbot, plane, 26)
    for asks in (prompt.text(), strip.accessibleDescription()):
        assert asks == "Now a dot of another class."
    assert find("borderWalkButton").isChecked()
    texts = hover_texts(tab.window())
    click(qtbot, plane, 32)
    qtbot.waitUntil(lambda: any("becomes" in text for text in texts))
    assert not find("borderWalkButton").isChecked()
    assert not prompt.isVisible()
    nearest = min(strip.borders, key=lambda border: abs(border.share - 0.5))
    assert f"{nearest.before} becomes {nearest.after}" in strip.note, "the result stands beside the border"
    assert strip.share == pytest.approx(nearest.share, abs=0.02)
    places = plane.points.places[[26, 32]]
    assert plane.handle == pytest.approx(tuple(places[0] + strip.share * (places[1] - places[0])), abs=0.02)
    click(qtbot, plane, 5)
    assert strip.images is not None
    find("clearPinsButton").click()
    assert strip.note == ""


def test_a_click_far_from_every_dot_only_says_so(qtbot, tab, find, engine, train_vae):
    """It jumped to a dot that nobody had clicked."""
    train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    train_vae()
    plane = find("latentPlane")
    find("borderWalkButton").click()
    x, y = plane.to_widget(plane.points.places).max(axis=0).round().astype(int).tolist()
    before = plane.handle
    qtbot.mouseClick(plane, Qt.MouseButton.LeftButton, pos=QPoint(x + 30, y + 5))
    assert find("planePrompt").text() == "No dot is there. Click a dot of one class."
    assert plane.handle == before
    click(qtbot, plane, 26)
    assert find("planePrompt").text() == "Now a dot of another class."


def test_what_else_moves_the_handle_ends_the_asking_and_a_walk_ends_it(qtbot, tab, find, engine, train_vae):
    """A walk, a drift and a drawing were all there at once, and the sentence stayed."""
    train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    train_vae()
    walk, prompt, drift = find("borderWalkButton"), find("planePrompt"), find("driftButton")
    for other in (drift, find("placeDrawingButton"), drift):
        walk.click()
        assert prompt.text() == "Click a dot of one class."
        assert (prompt.isVisible(), drift.isChecked()) == (True, False)
        other.click()
        assert (walk.isChecked(), prompt.isVisible(), drift.isChecked()) == (False, False, other is drift)


def test_another_plane_ends_the_asking_and_a_press_moves_its_handle(
    qtbot, tab, find, engine, train_vae, theme
):
    train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    first, second = train_vae(), train_vae()
    plane, button, prompt = find("latentPlane"), find("borderWalkButton"), find("planePrompt")
    for run in (first, second, first):
        assert button.isEnabled()
        button.click()
        click(qtbot, plane, 26)
        assert (button.isChecked(), prompt.isVisible()) == (True, True)
        engine.view.show_run(run)
        assert (button.isChecked(), prompt.isVisible()) == (False, False)
        qtbot.waitUntil(lambda: len(plane.points) == 50)
        before = plane.handle
        place = QPoint(plane.width() // 3, plane.height() // 4)
        qtbot.mouseClick(plane, Qt.MouseButton.LeftButton, pos=place)
        assert plane.handle == pytest.approx(plane.to_plane(place.toPointF()))
        assert plane.handle != before
        find("latentSpin0").setValue(0)
        find("latentSpin1").setValue(0)


def test_beginning_a_walk_keeps_the_recorded_drag_and_undo_brings_the_pins_back(
    qtbot, tab, find, engine, train_vae, pin
):
    """The drag was lost for good, and could not be played again."""
    train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    train_vae()
    plane, kinds, play = find("latentPlane"), find("pathKindCombo"), find("playPathButton")
    through_pins = kinds.currentText()
    for _ in range(2):
        pin(0.5, -0.25)
        pin(-0.5, 0.75)
        for place in (QPoint(140, 130), QPoint(190, 135), QPoint(220, 180)):
            qtbot.mouseClick(plane, Qt.MouseButton.LeftButton, pos=place)
        find("borderWalkButton").click()
        assert not play.isEnabled(), "its pins are to be chosen"
        find("borderWalkButton").click()
        choose_entry(kinds, "Recorded drag")
        assert play.isEnabled()
        choose_entry(kinds, through_pins)
        engine.view.undo()
        assert play.isEnabled()
        find("clearPinsButton").click()


def test_without_a_classifier_the_button_says_what_is_missing(find, train_vae):
    train_vae()
    assert not find("borderWalkButton").isEnabled()
    assert "classifier" in find("borderWalkButton").toolTip()


def test_without_the_classifier_no_dot_is_asked_for_any_more(qtbot, find, engine, train_vae):
    """The button could not be clicked again, and the handle not be moved."""
    classifier = train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    train_vae()
    plane = find("latentPlane")
    find("borderWalkButton").click()
    assert find("planePrompt").isVisible()
    engine.runs.remove(classifier)
    qtbot.waitUntil(lambda: not find("borderWalkButton").isEnabled())
    assert not find("planePrompt").isVisible()
    assert not find("borderWalkButton").isChecked()
    click(qtbot, plane, 26)
    assert plane.handle == pytest.approx(tuple(plane.points.places[26]), abs=0.05)


def test_a_walk_whose_path_is_undone_moves_the_handle_along_no_later_path(
    qtbot, find, engine, train_vae, pin
):
    train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    train_vae()
    plane, strip = find("latentPlane"), find("pathStrip")
    find("borderWalkButton").click()
    for index in (26, 32):
        click(qtbot, plane, index)
    for _ in range(2):
        engine.view.undo()
    pin(0.1, 0)
    pin(0.3, 0)
    qtbot.waitUntil(lambda: len(strip.borders) == 2)
    assert strip.note == ""
    assert plane.handle == pytest.approx((0.3, 0))


def test_a_walk_goes_to_the_border_of_its_own_path_not_of_one_that_was_asked_about_before(
    qtbot, tab, find, engine, train_vae, monkeypatch
):
    """A pin that was set between the two clicks made a path, whose answers came first."""
    train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    train_vae()
    plane, strip, asked = find("latentPlane"), find("pathStrip"), watch(engine, monkeypatch)
    for between, second in ((0.05, 45), (1.5, 27)):
        find("borderWalkButton").click()
        click(qtbot, plane, 26)
        for axis in (0, 1):
            find(f"latentSpin{axis}").setValue(between)
        wait_until_idle(engine, tab)
        asked.clear()
        find("pinButton").click()
        qtbot.waitUntil(lambda: any(isinstance(ticket.request, Decode) for ticket in asked))
        click(qtbot, plane, second)
        texts = hover_texts(tab.window())
        qtbot.waitUntil(lambda texts=texts: any("becomes" in text for text in texts))
        wait_until_idle(engine, tab)
        nearest = min(strip.borders, key=lambda border: abs(border.share - 0.5))
        assert strip.share == pytest.approx(nearest.share)
