"""The decoded image stands beside the plane, at every size, and goes with it."""

import pytest
from idle import wait_until_idle
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from trained import train

from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui

SOFTMAX = preset("softmax").config.replace(epochs=2)

SIZES = ((968, 616), (1208, 748), (1688, 928))


def on_plane(find):
    """The card's rectangle in the plane's pixels."""
    plane, card = find("latentPlane"), find("decodedCard")
    return card.rect().translated(card.mapToGlobal(QPoint()) - plane.mapToGlobal(QPoint()))


@pytest.mark.parametrize("present", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_the_card_covers_no_part_of_the_plane_and_has_room(tab, find, theme, size, present, qtbot):
    """Of a plane of whatever width, it covered the points of a class or two."""
    plane, image = find("latentPlane"), find("decodedImage")
    tab.resize(*size)
    for details in (False, True):
        theme.set_details(details)
        theme.set_present(present)
        QApplication.processEvents()  # lays out
        assert on_plane(find).left() >= plane.width()
        assert on_plane(find).right() <= tab.width() - plane.x()
        assert min(image.width(), image.height()) >= 4 * 28
        assert plane.width() >= 0.55 * tab.width()


def test_an_answer_and_the_words_in_its_place_move_neither_plane_nor_experiments(
    qtbot, tab, find, engine, train_vae
):
    tab.resize(*SIZES[0])
    words, seen = find("answerSentence"), []
    for train_it in (train_vae, lambda: train(qtbot, engine, SOFTMAX)):
        train_it()
        wait_until_idle(engine, tab)
        seen.append((find("latentPlane").size(), find("borderWalkButton").mapTo(tab, QPoint())))
        seen.append(words.text())
    assert seen[1] != seen[3]
    assert seen[0] == seen[2]


def test_the_card_goes_into_the_spotlight_with_the_plane(qtbot, find):
    plane = find("latentPlane")
    before = plane.size()
    plane.setFocus()
    qtbot.keyClick(plane, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: plane.height() > before.height())
    assert find("decodedCard").isVisible()
    assert on_plane(find).left() >= plane.width()
    qtbot.keyClick(plane, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: plane.size() == before)
    assert on_plane(find).left() >= before.width()


def test_a_curtain_over_the_plane_covers_the_answer(qtbot, find):
    plane, image = find("latentPlane"), find("decodedImage")
    at = image.mapTo(plane.window(), image.rect().center())
    assert plane.window().childAt(at) is image
    plane.setFocus()
    qtbot.keyClick(plane, Qt.Key.Key_C)
    assert plane.window().childAt(at) is not image


def test_a_held_image_is_as_large_as_the_live_one(qtbot, find):
    image = find("decodedImage")
    width = image.width()
    image.setFocus()
    qtbot.keyClick(image, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: image.width() > 0.9 * width and find("decodedCard").width() > 1.8 * width)
    qtbot.keyClick(image, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: image.width() == width)


def test_present_mode_has_the_plane_what_is_decoded_and_a_path_alone(qtbot, tab, find, theme, pin):
    theme.set_present(True)
    shown = [name for name in ("latentPlane", "decodedImage", "pinButton") if find(name).isVisible()]
    assert shown == ["latentPlane", "decodedImage", "pinButton"]
    hidden = ("latentSpin0", "driftButton", "exportButton", "pathKindCombo", "answerSentence")
    assert not any(find(name).isVisible() for name in hidden)
    QApplication.processEvents()  # lays out
    strip, places = find("pathStrip"), [find(name).geometry() for name in ("latentPlane", "pathStrip")]
    for _ in range(2):
        pin(0.2, 0.3)
        pin(-0.7, 0.8)
        qtbot.waitUntil(lambda: strip.images is not None)
        assert [find(name).geometry() for name in ("latentPlane", "pathStrip")] == places, "pins move nothing"
        tab.findChild(QAction, "clearPinsAction").trigger()
