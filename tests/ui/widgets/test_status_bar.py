"""The status bar shows names literally."""

import pytest
from PySide6.QtWidgets import QLabel

from cadl_gui.ui.widgets.status_bar import StatusBar

pytestmark = pytest.mark.gui


def test_a_name_that_looks_like_markup_is_shown_letter_by_letter(qtbot, engine):
    bar = StatusBar(engine)
    qtbot.addWidget(bar)
    name = "label <img src='//host/x.png'>, answer <b>dog</b>"
    bar.pointer_label.setText(name)
    assert bar.pointer_label.sizeHint().width() >= bar.pointer_label.fontMetrics().horizontalAdvance(name)


def test_a_message_stays_alone_while_the_bar_is_laid_out_anew(qtbot, window, find, theme):
    """After another theme, the run's status was painted beneath it."""
    bar, labels = window.statusBar(), [find(name, QLabel) for name in ("statusLabel", "pointerLabel")]
    bar.showMessage("film.gif is saved.")
    theme.set_present(True)
    theme.settle()
    qtbot.wait(100)  # until pages are laid out
    theme.set_present(False)
    theme.settle()
    qtbot.waitUntil(bar.isVisible)
    qtbot.wait(100)
    assert bar.currentMessage() == "film.gif is saved."
    assert not any(label.isVisible() for label in labels)
    bar.clearMessage()
    assert all(label.isVisible() for label in labels)
