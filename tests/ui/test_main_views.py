"""The key of a tab gives the focus to what the tab is about, also where the tab is shown already."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from trained import knows_the_end, train

from cadl_gui.domain.presets import preset
from cadl_gui.ui.figures.curtain import Curtain
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.window.command_palette import CommandPalette

pytestmark = pytest.mark.gui

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def press(qtbot, window):
    """Presses the key of a tab, and returns the name of what then has the focus."""

    def press(number):
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), CONTROL)
        focused = QApplication.focusWidget()
        return "" if focused is None else focused.objectName()

    return press


def test_key_of_each_tab_focuses_its_main_view(qtbot, engine, find, press):
    train(qtbot, engine, preset("vae").config.replace(epochs=2))
    expected = {
        1: "datasetMontage",
        2: "reconstructionMontage",
        3: "digitCanvas",
        4: "latentPlane",
        5: "weightsMontage",
    }
    for number, name in expected.items():
        assert press(number) == name
        find("epochSlider").setFocus()
        assert press(number) == name, "it is shown already"
    train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    assert press(2) == "confusionView"


def test_arrow_keys_move_the_handle_after_the_key_of_latent(qtbot, engine, find, press):
    """They went along the row of toggles above the plane."""
    train(qtbot, engine, preset("vae").config.replace(epochs=2))
    press(4)
    qtbot.waitUntil(lambda: knows_the_end(find("latentTab")))
    plane = find("latentPlane")
    before = plane.handle
    find("pointsChip").setFocus()
    press(4)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert plane.handle[0] > before[0]
    assert plane.handle[1] == before[1]


@pytest.mark.parametrize(
    ("view", "name"),
    [
        ("activations", "networkActivations"),
        ("arithmetic", "unitArithmetic"),
        ("operations", "operationList"),
    ],
)
def test_key_of_inspect_focuses_the_selected_view(qtbot, engine, find, press, view, name):
    train(qtbot, engine, preset("softmax").config.replace(epochs=1))
    press(5)
    find(f"{view}Button").click()
    find("epochSlider").setFocus()
    assert press(5) == name


def test_curtain_is_found_by_the_palette_and_covers_the_main_figure(qtbot, window, engine, find, press):
    """Only a small button that appears under the pointer, and a key, led to it."""
    train(qtbot, engine, preset("vae").config.replace(epochs=2))
    press(2)
    palette = CommandPalette(window, window.menuBar())
    QTest.keyClicks(palette.findChild(QLineEdit), "curtain")
    QTest.keyClick(palette.findChild(QLineEdit), Qt.Key.Key_Return)
    (curtain,) = find("trainTab").findChildren(Curtain)
    assert curtain.isVisible()
    assert curtain.parentWidget().isAncestorOf(find("reconstructionMontage"))
    window.findChild(QAction, "curtainAction").trigger()
    assert not curtain.isVisible()


def test_curtain_covers_the_figure_that_has_the_focus(qtbot, window, engine, find, press):
    train(qtbot, engine, preset("vae").config.replace(epochs=2))
    press(2)
    find("inputMontage").setFocus()
    window.findChild(QAction, "curtainAction").trigger()
    (curtain,) = find("trainTab").findChildren(Curtain)
    assert curtain.parentWidget().isAncestorOf(find("inputMontage"))


@pytest.mark.parametrize("name", ["seen", "evidence", "history", "fool", "nearest"])
def test_palette_opens_each_section_of_draw_from_another_tab(window, find, name):
    window.complete()
    action = window.findChild(QAction, f"{name}PanelAction")
    palette = CommandPalette(window, window.menuBar())
    QTest.keyClicks(palette.findChild(QLineEdit), action.text())
    QTest.keyClick(palette.findChild(QLineEdit), Qt.Key.Key_Return)
    assert find("drawTab").isVisible()
    assert find(f"{name}PanelButton").isChecked()
    pages = {
        "seen": "noiseSlider",
        "evidence": "evidenceView",
        "history": "historyView",
        "fool": "foolButton",
    }
    assert find(pages.get(name, "nearestCombo")).isVisible()


def test_the_window_tells_where_every_figure_was_saved_or_why_not(
    qtbot, window, find, file_dialogs, tmp_path
):
    panels = [panel for spec in TABS for panel in find(spec.name).findChildren(FigurePanel)]
    assert len(panels) > 25
    for number, panel in enumerate(panels):
        is_saved = number % 2 == 0
        folder = tmp_path if is_saved else tmp_path / "gone"
        file_dialogs.answer(folder / f"{number}.png")
        panel.save()
        told = f"Saved “{number}.png” to" if is_saved else f"{number}.png could not be saved"
        qtbot.waitUntil(lambda told=told: told in find("noticeStrip").message())


@pytest.mark.parametrize("pages", ["seen"])
def test_inspect_that_is_built_late_has_the_image_that_goes_through_the_network(qtbot, engine, find, pages):
    """The first image was missing wherever its page was built after the run's images had come to hand."""
    run = train(qtbot, engine, preset("vae").config.replace(epochs=1))
    find("tabs").setCurrentWidget(find("inspectTab"))
    shown = find("networkImage").images
    assert shown is not None
    np.testing.assert_array_equal(shown[0], run.description.examples[0])


def test_each_figure_has_a_name_of_its_own_in_the_view(window, find):
    panels = [panel for spec in TABS for panel in find(spec.name).findChildren(FigurePanel)]
    names = [panel.focusProxy().objectName() for panel in panels]
    assert "" not in names
    assert len(set(names)) == len(names)
