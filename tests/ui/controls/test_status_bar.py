"""The status bar shows names literally."""

import pytest
from hand import leave
from idle import wait_until_idle
from PySide6.QtCore import Qt
from PySide6.QtGui import QStatusTipEvent
from PySide6.QtWidgets import QApplication, QLabel
from seen import on_screen, painted_anew

from cadl_gui.domain.presets import preset
from cadl_gui.ui.controls.status_bar import StatusBar
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.figure_view import FigureView
from cadl_gui.ui.figures.hover_text import send_hover_text
from cadl_gui.ui.theme.tokens import PAGE_MARGIN_PX

pytestmark = pytest.mark.gui


def test_a_name_that_looks_like_markup_is_shown_letter_by_letter(qtbot, engine, theme):
    bar = StatusBar(engine, theme)
    qtbot.addWidget(bar)
    name = "label <img src='//host/x.png'>, answer <b>dog</b>"
    status = bar.findChild(QLabel, "statusLabel")
    status.setText(name)
    assert status.textFormat() is Qt.TextFormat.PlainText


def test_another_text_under_the_pointer_is_painted_at_once(qtbot, engine, theme):
    bar = StatusBar(engine, theme)
    qtbot.addWidget(bar)
    bar.resize(900, 40)
    bar.show()
    for text in ("x 3, y 4", "4 · cat", ""):
        bar.pointer_label.setText(text)
        qtbot.waitUntil(lambda: on_screen(bar) == painted_anew(bar))


def test_a_long_text_under_the_pointer_neither_pushes_the_device_out_nor_touches_it(qtbot, window, find):
    """The name of a file made the bar wider than the window."""
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: window.width() == 1024)
    pointer, device = find("pointerLabel", QLabel), find("deviceLabel", QLabel)
    pointer.setText("image 268 · label 10 · North American beetle · North American beetle/018.png · " * 3)
    window.statusBar().layout().activate()
    window.layout().activate()
    assert window.statusBar().width() == 1024
    end = pointer.mapTo(window, pointer.contentsRect().topRight()).x()
    assert device.mapTo(window, device.contentsRect().topLeft()).x() - end >= PAGE_MARGIN_PX


def test_progress_is_said_where_the_page_does_not_say_it(qtbot, window, find, engine):
    """Two speeds, taken at different moments, differed at the same time."""
    engine.training.train(preset("lecture-autoencoder").config.replace(epochs=2))
    qtbot.waitUntil(lambda: find("progressLabel", QLabel).text().startswith("Trained to epoch 2 of 2"))
    status = find("statusLabel", QLabel)
    qtbot.waitUntil(lambda: status.text() == "A lecture-autoencoder")
    find("tabs").setCurrentWidget(find("drawTab"))
    qtbot.waitUntil(lambda: status.text().startswith("A lecture-autoencoder · Trained to epoch 2 of 2"))


def test_a_message_stays_alone_while_the_bar_is_laid_out_anew(qtbot, window, engine, find, theme):
    """After another theme, the run's status was painted beneath it."""
    bar, labels = window.statusBar(), [find(name, QLabel) for name in ("statusLabel", "pointerLabel")]
    bar.showMessage("film.gif is saved.")
    theme.set_present(True)
    wait_until_idle(engine, window)
    theme.set_present(False)
    qtbot.waitUntil(bar.isVisible)
    wait_until_idle(engine, window)
    assert bar.currentMessage() == "film.gif is saved."
    assert not any(label.isVisible() for label in labels)
    bar.clearMessage()
    assert all(label.isVisible() for label in labels)


def test_what_is_under_the_pointer_is_told_until_the_pointer_leaves_and_not_under_a_curtain(window, find):
    pointer, bar, views = find("pointerLabel", QLabel), window.statusBar(), window.findChildren(FigureView)
    for view in views:
        send_hover_text(view, "x 3")
        assert pointer.accessibleName() == "x 3"
        leave(view)
        assert pointer.accessibleName() == ""
    assert len(views) > 20
    panel = next(panel for panel in window.findChildren(FigurePanel) if panel.isVisible())
    send_hover_text(panel.focusProxy(), "4 · cat")
    panel.toggle_curtain()
    assert pointer.accessibleName() == ""
    send_hover_text(panel.focusProxy(), "5 · dog")
    assert pointer.accessibleName() == ""
    panel.toggle_curtain()
    panel.toggle_spotlight()
    send_hover_text(panel.focusProxy(), "x 3")
    QApplication.sendEvent(window.menuBar(), QStatusTipEvent("Opens a file."))
    assert pointer.accessibleName() == "x 3"
    assert bar.currentMessage() == "Opens a file.", "a menu's tip has the whole bar"
