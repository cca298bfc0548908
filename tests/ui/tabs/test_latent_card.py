"""The decoded image floats over a corner of the plane, never over the handle."""

import pytest
from PySide6.QtCore import QPoint, Qt
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


def test_in_present_mode_most_of_a_small_plane_is_seen(qtbot, tab, find, theme, engine, train_vae):
    train(qtbot, engine, SOFTMAX)
    train_vae()
    find("latentSpin0").setValue(0.3)
    tab.resize(*SIZES[0])
    theme.set_present(True)
    theme.settle()
    qtbot.waitUntil(lambda: find("answerLabel").text() == "3 · 100.0 %")
    card, plane = on_plane(find), find("latentPlane")
    assert card.width() * card.height() < 0.25 * plane.width() * plane.height()


def test_the_card_makes_way_when_the_view_moves_the_handle_beneath_it(find):
    plane = find("latentPlane")
    far = on_plane(find).center() - handle_px(plane)
    plane.pan(-far.x(), far.y())
    assert not on_plane(find).contains(handle_px(plane))


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


def test_present_mode_has_the_plane_and_what_is_decoded_alone(qtbot, tab, find, theme):
    theme.set_present(True)
    theme.settle()
    shown = [name for name in ("latentPlane", "decodedImage", "pinButton") if find(name).isVisible()]
    assert shown == ["latentPlane", "decodedImage", "pinButton"]
    hidden = ("latentSpin0", "driftButton", "exportButton", "pathKindCombo")
    assert not any(find(name).isVisible() for name in hidden)
    qtbot.waitUntil(lambda: find("latentPlane").width() > 0.9 * tab.width())


@pytest.mark.parametrize("size", SIZES)
def test_the_image_fills_the_card(tab, find, size):
    """Its pixels are squares, so the card is as large as a multiple of them."""
    tab.resize(*size)
    image = find("decodedImage")
    assert image.width() % 28 == 0
    assert image.height() >= image.width()
