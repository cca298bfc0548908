"""Where the Train tab puts its figures, by the room that it has."""

import pytest
from menus import entry
from PySide6.QtCore import QPoint
from trained import train

from cadl_gui.domain.presets import preset

pytestmark = pytest.mark.gui

VAE = preset("vae").config.replace(epochs=1)
SOFTMAX = preset("softmax").config.replace(epochs=1)


def side(figure):
    """The side of the square that a figure of images can fill."""
    return min(figure.width(), figure.height())


@pytest.mark.parametrize("size", [(1024, 600), (1280, 720), (1366, 768), (1440, 900), (1920, 1080)])
@pytest.mark.parametrize(
    ("config", "name"), [(VAE, "reconstructionMontage"), (SOFTMAX, "confusionView")], ids=["vae", "softmax"]
)
def test_without_the_settings_no_figure_is_smaller(qtbot, window, find, engine, size, config, name):
    """At 1024×600, hiding Settings put the plot below the images, which became a third smaller."""
    train(qtbot, engine, config)
    window.resize(*size)
    figure, form = find(name), entry(window, "form")
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    form.setChecked(True)
    button = find("trainButton")
    qtbot.waitUntil(lambda: find("presetCombo").y() > 0 and figure.height() > 1)
    before, at = side(figure), button.mapTo(window, QPoint()).y()
    form.setChecked(False)
    qtbot.waitUntil(lambda: button.mapTo(window, QPoint()).y() > at)
    assert side(figure) >= before
