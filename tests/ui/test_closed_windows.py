"""Closed windows and dialogs are freed at once: they leave no reference cycles for the garbage collector."""

import gc
import weakref

import pytest
from fakes import FakeInference, FakeTraining
from menus import entry
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QTabWidget, QWidget
from trained import train

from cadl_gui.domain.presets import preset
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.window.main_window import MainWindow

pytestmark = pytest.mark.gui

AUTOENCODER, VARIATIONAL = (preset(name).config.replace(epochs=2) for name in ("lecture-autoencoder", "vae"))


class Widgets:
    """The widgets created since this object was, as far as Python has wrappers for them."""

    def __init__(self):
        self._before = {id(widget) for widget in self._all()}

    def made(self):
        return [weakref.ref(widget) for widget in self._all() if id(widget) not in self._before]

    @staticmethod
    def _all():
        return [thing for thing in gc.get_objects() if isinstance(thing, QWidget)]


def alive(references):
    return [widget for widget in (reference() for reference in references) if widget is not None]


def names(references):
    return sorted(type(widget).__name__ for widget in alive(references))


def leave_something_to_undo(qtbot, window):
    """Draw a stroke, and set a pin."""
    tabs = window.findChild(QTabWidget, "tabs")
    tabs.setCurrentWidget(window.findChild(QWidget, "drawTab"))
    canvas = window.findChild(QWidget, "digitCanvas")
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    for y in range(40, 90, 10):
        qtbot.mouseMove(canvas, QPoint(30, y))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(30, 90))
    tabs.setCurrentWidget(window.findChild(QWidget, "latentTab"))
    window.findChild(QWidget, "pinButton").click()
    assert window.findChild(QAction, "undoAction").isEnabled()


@pytest.fixture
def closed(qtbot):
    """Opens a dialog, closes it, and returns the names of remaining objects."""

    def closed(open_it):
        widgets = Widgets()
        open_it()
        made = widgets.made()
        (dialog,) = (widget for widget in alive(made) if isinstance(widget, QDialog))
        with qtbot.waitSignal(dialog.destroyed):
            dialog.close()
        del dialog
        return names(made)

    return closed


@pytest.mark.parametrize("action", ["keys", "about", "export", "share", "branch", "comparison"])
def test_a_closed_dialog_is_gone(qtbot, window, engine, closed, action):
    train(qtbot, engine, AUTOENCODER)
    qtbot.waitUntil(entry(window, action).isEnabled)
    assert closed(entry(window, action).trigger) == []


def test_the_closed_mixer_of_pins_is_gone(qtbot, window, engine, find, closed):
    train(qtbot, engine, VARIATIONAL)
    find("tabs", QTabWidget).setCurrentWidget(find("latentTab"))
    qtbot.waitUntil(find("pinButton").isEnabled)
    for _ in range(2):
        find("pinButton").click()
    assert closed(find("mixPinsButton").click) == []


def test_the_closed_window_is_gone(qtbot, qapp, theme, settings, tmp_path):
    engine = Engine(FakeTraining, FakeInference, runs_folder=None)
    widgets = Widgets()

    def open_and_close():
        window = MainWindow(engine, theme, settings, "", tmp_path / "work")
        window.show()
        qtbot.waitExposed(window)
        engine.load()
        window.complete()
        qtbot.waitUntil(lambda: engine.is_ready)
        train(qtbot, engine, VARIATIONAL)
        tabs = window.findChild(QTabWidget, "tabs")
        for index in range(tabs.count()):
            tabs.setCurrentIndex(index)
            qapp.processEvents()
        leave_something_to_undo(qtbot, window)
        made = widgets.made()
        window.close()
        assert engine.shut_down(60_000)
        window.deleteLater()
        qapp.sendPostedEvents(window, QEvent.Type.DeferredDelete)
        return made

    assert names(open_and_close()) == []
