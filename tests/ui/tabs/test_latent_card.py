"""The decoded image floats over a corner of the plane, never over the handle."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from trained import train

from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui

SOFTMAX = preset("softmax").config.replace(epochs=2)

SIZES = ((968, 616), (1208, 748), (1688, 928))


@pytest.fixture
def tab(vae_tab):
    return vae_tab


def on_plane(find):
    """The card's rectangle in the plane's pixels."""
    plane, card = find("latentPlane"), find("decodedCard")
    return card.rect().translated(card.mapToGlobal(QPoint()) - plane.mapToGlobal(QPoint()))


def handle_px(plane):
    x, y = plane.to_widget(plane.handle).round().astype(int).tolist()
    return QPoint(x, y)


@pytest.mark.parametrize("present", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_the_card_makes_way_for_the_handle(tab, find, theme, size, present, qtbot):
    plane = find("latentPlane")
    tab.resize(*size)
    theme.set_present(present)
    theme.settle()
    places = set()
    for x in (0.5, 0.95, 0.95, 0.6, 0.05, 0.05, 0.5):
        for y in (0.05, 0.5, 0.95):
            at = QPoint(round(x * plane.width()), round(y * plane.height()))
            qtbot.mousePress(plane, Qt.MouseButton.LeftButton, pos=at)
            qtbot.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=at)
            assert not on_plane(find).contains(handle_px(plane))
            assert plane.rect().contains(on_plane(find))
            places.add(on_plane(find).topLeft().toTuple())
    assert len(places) > 1


def test_in_present_mode_the_image_is_large_and_most_of_the_plane_is_seen(
    qtbot, tab, find, theme, engine, train_vae
):
    train(qtbot, engine, SOFTMAX)
    train_vae()
    find("latentSpin0").setValue(0.3)
    tab.resize(*SIZES[0])
    theme.set_present(True)
    theme.settle()
    qtbot.waitUntil(lambda: find("answerLabel").text() == "3 · 100.0 %")
    card, plane = on_plane(find), find("latentPlane")
    assert card.width() * card.height() < 0.35 * plane.width() * plane.height()
    assert find("decodedImage").height() > 0.5 * plane.height()


def test_the_card_makes_way_when_the_view_moves_the_handle_beneath_it(find):
    plane = find("latentPlane")
    far = on_plane(find).center() - handle_px(plane)
    plane.pan(-far.x(), far.y())
    assert not on_plane(find).contains(handle_px(plane))


def test_the_card_covers_no_pin_where_another_corner_has_none(find, engine):
    """After a new start, it was over half of a pin."""
    plane, view = find("latentPlane"), engine.view
    key = engine.runs.key(view.run)
    for _ in range(3):
        below = on_plane(find).center()
        pin = plane.to_plane(QPointF(below))
        view.change(of_run=view.value.with_run(key, pins=((*pin, 1),)), undo="pin")
        assert not on_plane(find).contains(below)
        assert not on_plane(find).contains(handle_px(plane))
    everywhere = [(*plane.to_plane(QPointF(x, y)), 1) for x in range(40, 900, 80) for y in range(20, 700, 80)]
    view.change(of_run=view.value.with_run(key, pins=tuple(everywhere)))
    assert not on_plane(find).contains(handle_px(plane)), "pins count less than the handle"


def test_the_card_is_back_in_its_corner_after_a_size_in_which_the_handle_was_beneath_it(qtbot, tab, find):
    """After present mode, it was at the left, though nobody had moved the handle."""
    plane = find("latentPlane")
    tab.resize(*SIZES[1])
    at = QPoint(on_plane(find).left() - 60, plane.height() // 3)
    qtbot.mousePress(plane, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseRelease(plane, Qt.MouseButton.LeftButton, pos=at)
    before = on_plane(find)
    for _ in range(2):
        tab.resize(700, 700)
        QApplication.processEvents()  # lays out
        assert on_plane(find).left() < plane.width() / 3
        tab.resize(*SIZES[1])
        qtbot.waitUntil(lambda: on_plane(find) == before)


def test_the_card_goes_into_the_spotlight_with_the_plane(qtbot, find):
    plane = find("latentPlane")
    width = plane.width()
    plane.setFocus()
    qtbot.keyClick(plane, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: plane.width() > width)
    assert find("decodedCard").isVisible()
    assert plane.rect().contains(on_plane(find))
    qtbot.keyClick(plane, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: plane.width() == width)
    assert plane.rect().contains(on_plane(find))


def test_a_curtain_over_the_plane_covers_the_answer(qtbot, find):
    plane, image = find("latentPlane"), find("decodedImage")
    at = image.mapTo(plane.window(), image.rect().center())
    assert plane.window().childAt(at) is image
    plane.setFocus()
    qtbot.keyClick(plane, Qt.Key.Key_C)
    assert plane.window().childAt(at) is not image


def test_a_press_on_the_card_leaves_the_handle_where_it_is(qtbot, find):
    before = find("latentPlane").handle
    qtbot.mouseClick(find("decodedImage"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(find("answerLabel"), Qt.MouseButton.LeftButton)
    assert find("latentPlane").handle == before


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
    theme.settle()
    shown = [name for name in ("latentPlane", "decodedImage", "pinButton") if find(name).isVisible()]
    assert shown == ["latentPlane", "decodedImage", "pinButton"]
    hidden = ("latentSpin0", "driftButton", "exportButton", "pathKindCombo", "answerSentence")
    assert not any(find(name).isVisible() for name in hidden)
    qtbot.waitUntil(lambda: find("latentPlane").width() > 0.9 * tab.width())
    strip, places = find("pathStrip"), [find(name).geometry() for name in ("latentPlane", "pathStrip")]
    for _ in range(2):
        pin(0.2, 0.3)
        pin(-0.7, 0.8)
        qtbot.waitUntil(lambda: strip.images is not None)
        assert [find(name).geometry() for name in ("latentPlane", "pathStrip")] == places, "pins move nothing"
        tab.findChild(QAction, "clearPinsAction").trigger()


@pytest.mark.parametrize("size", SIZES)
def test_the_image_fills_the_card(tab, find, size):
    """Its pixels are squares, so the card is as large as a multiple of them."""
    tab.resize(*size)
    image = find("decodedImage")
    assert image.width() % 28 == 0
    assert image.height() >= image.width()
