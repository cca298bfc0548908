"""Icons have the colours of the theme at the time when they are painted."""

import gc

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon

from cadl_gui.system.resources import resource_path
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import DARK, LIGHT

pytestmark = pytest.mark.gui


@pytest.fixture
def theme(qapp):
    return Theme("light")


def colours(pixmap):
    """The opaque colours of an image."""
    image = pixmap.toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name().upper() for pixel in pixels if pixel.alpha() == 255}


def test_an_icon_follows_the_theme_without_being_rebuilt(theme):
    pause = icon("player-pause", theme)
    assert colours(pause.pixmap(QSize(48, 48))) == {LIGHT.text}
    theme.set_mode("dark")
    assert colours(pause.pixmap(QSize(48, 48))) == {DARK.text}


def test_tints_and_the_colour_of_what_is_disabled(theme):
    on_accent = icon("player-stop", theme, "on_accent")
    assert colours(on_accent.pixmap(QSize(48, 48))) == {LIGHT.on_accent}
    assert colours(on_accent.pixmap(QSize(48, 48), QIcon.Mode.Disabled)) == {LIGHT.field_edge}


def test_strokes_are_thicker_on_the_wall(theme):
    undo = icon("arrow-back-up", theme)

    def thickness():
        image = undo.pixmap(QSize(240, 240)).toImage()
        return sum(image.pixelColor(120, y).alpha() > 127 for y in range(240))

    assert thickness() == pytest.approx(1.5 * 240 / 20, abs=1)
    theme.set_present(True)
    assert thickness() == pytest.approx(2 * 240 / 28, abs=1)


def test_a_dense_screen_gets_as_many_pixels(theme):
    pixmap = icon("trash", theme).pixmap(QSize(20, 20), 2.0)
    assert pixmap.size() == QSize(40, 40)
    assert pixmap.devicePixelRatio() == 2.0


def test_copies_outlive_what_they_were_copied_from(theme):
    copy = QIcon(icon("copy", theme))
    gc.collect()
    assert colours(copy.pixmap(QSize(48, 48))) == {LIGHT.text}


def test_every_icon_that_ships_can_be_painted(theme):
    names = [path.stem for path in resource_path("icons").glob("*.svg")]
    assert len(names) >= 30
    for name in names:
        image = icon(name, theme).pixmap(QSize(20, 20)).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(20) for y in range(20)), name


def test_an_icon_that_does_not_ship_is_an_error(theme):
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon", theme)
