"""The View menu acts on the figure that has the focus, and present mode leaves the form as it was."""

import pytest
from menus import entry
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.ui.figures.figure_panel import FigurePanel

pytestmark = pytest.mark.gui
PAGES = "seen"


def panel_of(figure):
    panel = figure
    while not isinstance(panel, FigurePanel):
        panel = panel.parentWidget()
    return panel


def test_each_gesture_is_done_with_the_figure_that_has_the_focus_or_the_main_one(qtbot, window, find, engine):
    """It let another figure fill the page, where it was to leave the one that filled it."""
    train(qtbot, engine, preset("lecture-autoencoder").config.replace(epochs=1))
    figures = {name: find(name) for name in ("inputMontage", "reconstructionMontage", "lossPlot")}
    holding = {name: panel_of(figure) for name, figure in figures.items()}
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for focused in ("inputMontage", "lossPlot", None, "inputMontage"):
        if focused is None:
            find("runList").setFocus(Qt.FocusReason.TabFocusReason)
        else:
            figures[focused].setFocus(Qt.FocusReason.TabFocusReason)
        name = focused or "reconstructionMontage"
        entry(window, "hold").trigger()
        assert [each for each, panel in holding.items() if panel.is_holding] == [name]
        entry(window, "hold").trigger()
        assert not any(panel.is_holding for panel in holding.values())
        for gesture, part in (("curtain", "covered"), ("spotlight", "filling")):
            for expected in ((f"trainTab/{name}",), ()):
                entry(window, gesture).trigger()
                assert getattr(engine.view.value.figure, part) == expected
        QApplication.processEvents()


def test_the_form_does_not_stand_there_in_present_mode_and_is_as_before_afterwards(
    window, theme, engine, find
):
    form = find("trainTab").form
    for has_form in (False, True, True):
        if engine.view.value.train.form != has_form:
            entry(window, "form").trigger()
        for is_presenting in (True, False):
            entry(window, "present").trigger()
            assert theme.present == window.isFullScreen() == is_presenting
            assert form.isVisibleTo(window) == (has_form and not is_presenting)
            assert entry(window, "form").isChecked() == has_form
            assert entry(window, "form").isEnabled() is not is_presenting
