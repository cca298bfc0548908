"""The strip beneath the plane shows the path step by step, and moves the handle along it."""

import numpy as np
import pytest
from hand import choose_entry
from idle import wait_until_idle
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox
from trained import train

from cadl_gui.domain.bends import Part, scaled
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import Classify, Decode

pytestmark = pytest.mark.gui


@pytest.fixture
def strip(find):
    return find("pathStrip")


def greys(strip):
    return None if strip.images is None else strip.images.mean(axis=(1, 2, 3))


def place_of(widget):
    return QRect(widget.mapToGlobal(widget.rect().topLeft()), widget.size())


def at(strip, share):
    """A place on the strip, which has nine images."""
    left = strip.height() // 2
    return QPoint(round(left + share * (strip.width() - 2 * left)), strip.height() // 2)


def test_the_strip_shows_what_lies_between_two_pins_and_is_empty_again_without_them(
    qtbot, strip, tab, engine, find, pin, held
):
    assert strip.accessibleDescription().startswith("Click a place and press Pin")
    pin(0, 0)
    assert strip.accessibleDescription().startswith("Now click another place")
    pin(1, 0)
    qtbot.waitUntil(lambda: strip.images is not None)
    np.testing.assert_allclose(greys(strip), np.linspace(0, 1, 9), atol=1e-6)
    engine.view.undo()
    assert strip.images is None
    engine.view.redo()
    qtbot.waitUntil(lambda: strip.images is not None)
    find("clearPinsButton").click()
    assert strip.images is None
    release, waiting = held()
    engine.view.undo()
    qtbot.waitUntil(lambda: any(isinstance(ticket.request, Decode) for ticket in waiting))
    engine.view.redo()
    release()
    wait_until_idle(engine, tab)
    assert strip.images is None, "it is not that of the pins that were there when it was asked for"


def test_a_drag_along_the_strip_moves_the_handle_along_the_path(qtbot, strip, find, pin):
    plane = find("latentPlane")
    pin(0, 0)
    pin(1, 0.5)
    qtbot.waitUntil(lambda: strip.images is not None)
    places = []
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(0, 9))
    for share in (0.3, 0.9):
        qtbot.mouseMove(strip, at(strip, share))
        places.append(plane.handle[0])
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=at(strip, 0.9))
    assert 0 <= places[0] < places[1] <= 1
    assert plane.handle[1] == pytest.approx(plane.handle[0] / 2)
    assert strip.share == pytest.approx(plane.handle[0], abs=0.03)
    qtbot.keyClick(strip, Qt.Key.Key_Home)
    assert plane.handle == (0, 0)
    for key, steps in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_Left, 0),
    ):
        qtbot.keyClick(strip, key)
        assert strip.share == steps / 32
    qtbot.keyClick(plane, Qt.Key.Key_Right)
    assert strip.share is None


@pytest.mark.parametrize("change", ["undo", "kind"])
def test_the_handle_is_marked_on_no_other_path_than_the_one_it_went_along(
    qtbot, strip, find, engine, pin, change
):
    for place in ((0, 0), (1, 0), (1, 1)):
        pin(*place)
    qtbot.waitUntil(lambda: strip.images is not None)
    qtbot.keyClick(strip, Qt.Key.Key_End)
    assert strip.share == 1
    if change == "undo":
        engine.view.undo()
    else:
        choose_entry(find("pathKindCombo"), "Smooth")
    assert strip.share is None


def test_an_empty_strip_says_what_makes_the_chosen_kind_of_path(qtbot, strip, find, pin):
    """Pins make no path where a recorded drag is chosen."""
    choose_entry(find("pathKindCombo"), "Recorded drag")
    for place in ((0, 0), (1, 0)):
        assert strip.accessibleDescription().startswith("Drag the handle")
        pin(*place)
    choose_entry(find("pathKindCombo"), "Straight")
    assert strip.accessibleDescription().startswith("What lies between the pins")
    qtbot.waitUntil(lambda: strip.images is not None)


def test_the_strip_comes_back_after_an_epoch_that_cannot_be_decoded(qtbot, strip, engine, pin, facts):
    """It asked for two pins until the path was changed."""

    def value_of(request, snapshot, answer=facts.value_of):
        if snapshot.position == Position(1) and isinstance(request, Decode):
            raise CadlError("Not a number.")
        return answer(request, snapshot)

    facts.value_of = value_of
    pin(0, 0)
    pin(1, 0)
    qtbot.waitUntil(lambda: strip.images is not None)
    engine.view.show(Position(1))
    qtbot.waitUntil(lambda: strip.images is None)
    engine.view.show(Position(2))
    qtbot.waitUntil(lambda: strip.images is not None)


def test_a_path_through_epochs_is_decoded_by_the_network_of_each_epoch(qtbot, strip, engine, pin):
    engine.view.show(Position(0))
    pin(0.5, 0)
    engine.view.show(Position(2))
    pin(0.5, 0)
    qtbot.waitUntil(lambda: strip.images is not None)
    qtbot.keyClick(strip, Qt.Key.Key_Home)
    assert engine.view.position == Position(0)


def test_the_classifier_answers_along_the_path(qtbot, strip, engine, tab, train_vae, pin):
    """The fake classifier reads a label in how bright an image is."""
    train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    train_vae()
    pin(0.1, 0)
    pin(0.3, 0)
    qtbot.waitUntil(lambda: strip.images is not None and len(strip.borders) == 2)
    assert [(border.before, border.after) for border in strip.borders] == [(1, 2), (2, 3)]
    assert strip.accessibleDescription().startswith("1 becomes 2 at 2")


def test_strip_decodes_nothing_while_the_handle_is_dragged(
    qtbot, engine, window, strip, find, pin, monkeypatch
):
    asked = []
    pin(0, 0)
    pin(1, 0)
    qtbot.waitUntil(lambda: strip.images is not None)
    monkeypatch.setattr(
        "cadl_gui.ui.latent.path_steps.decode_requests", lambda *_: asked.append(Decode) or []
    )
    plane = find("latentPlane")
    qtbot.mousePress(plane, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    for x in range(100, 300, 10):
        qtbot.mouseMove(plane, QPoint(x, 120))
    qtbot.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=QPoint(300, 120))
    wait_until_idle(engine, window)
    assert asked == []


def test_the_answers_along_the_path_follow_a_classifier_that_changes_by_itself(
    qtbot, strip, engine, tab, train_vae, pin, facts
):
    """Those of the classifier as it was stayed beneath images that had not changed."""

    def value_of(request, snapshot, answer=facts.value_of):
        value = answer(request, snapshot)
        return np.roll(value, len(request.bends), axis=1) if isinstance(request, Classify) else value

    facts.value_of = value_of
    softmax = train(qtbot, engine, preset("softmax").config.replace(epochs=2))
    train_vae()
    pin(0.1, 0)
    pin(0.3, 0)
    for bends, labels in (((), [1, 2, 3]), (scaled((), Part("logits", 0), 0.5), [2, 3, 4]), ((), [1, 2, 3])):
        engine.bending.bend(softmax.run_id, bends)
        qtbot.waitUntil(
            lambda labels=labels: (
                [border.before for border in strip.borders] == labels[:2]
                and [border.after for border in strip.borders] == labels[1:]
            )
        )


def test_for_a_class_pins_move_neither_the_plane_nor_the_buttons(qtbot, tab, theme, strip, find, pin):
    """The second pin made the plane lower and moved the buttons up: the third click missed."""
    theme.set_present(True)
    tab.resize(1215, 575)
    QApplication.processEvents()  # lays out
    names = ("pinButton", "playPathButton", "pathStrip", "latentPlane")
    before = {name: place_of(find(name)) for name in names}
    for i in range(3):
        pin(i, 0)
        qtbot.waitUntil(lambda i=i: (strip.images is not None) is (i > 0))
        QApplication.processEvents()  # lays out
        assert {name: place_of(find(name)) for name in names} == before


@pytest.mark.parametrize("size", [(1208, 748), (968, 616)])
@pytest.mark.parametrize("present", [False, True])
def test_path_bar_stays_in_place_when_it_plays_and_stops(qtbot, tab, theme, strip, find, pin, size, present):
    """Stop is shorter than Play path: the strip was 27 pixels further to the left until the end."""
    theme.set_present(present)
    tab.resize(*size)
    pin(0, 0)
    pin(1, 0)
    qtbot.waitUntil(lambda: strip.images is not None)
    names = ("pinButton", "playPathButton", "loopPathButton", "pathKindCombo", "pathSpeedCombo", "pathStrip")
    QApplication.processEvents()  # lays out
    before = {name: place_of(find(name)) for name in names}
    for text in ("Stop", "Play path"):
        QTest.mouseClick(find("playPathButton"), Qt.MouseButton.LeftButton)
        assert find("playPathButton").text() == text
        QApplication.processEvents()
        assert {name: place_of(find(name)) for name in names} == before


@pytest.mark.parametrize("size", [(1208, 748), (968, 616)])
def test_kind_of_path_is_not_cut(tab, theme, find, size):
    """It said “Strai…”."""
    tab.resize(*size)
    QApplication.processEvents()  # lays out
    combo = find("pathKindCombo")
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    field = combo.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, combo
    )
    widest = max(combo.fontMetrics().horizontalAdvance(combo.itemText(i)) for i in range(combo.count()))
    assert field.width() >= widest
