"""Shows pages and dialogs of the real window one after another, each until nothing is under way."""

from collections.abc import Iterator
from contextlib import suppress

from file_dialogs import FileDialogs
from idle import wait_until_idle
from PySide6.QtCore import QCoreApplication, QPoint, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMainWindow, QPushButton, QTabWidget, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.system.words import _
from cadl_gui.ui.theme.theme import Theme

MODES = ("light", "dark", "present", "details")
SEVEN = ((0.3, 0.25), (0.5, 0.24), (0.7, 0.25), (0.62, 0.42), (0.54, 0.58), (0.46, 0.78))
_LEFT = Qt.MouseButton.LeftButton
_HAND_MS = 20
"""Time of a hand between two points of a stroke."""

_MOST_S = 15.0
_ASK_TOO = ("keysAction", "aboutAction", "comparisonAction", "branchAction", "prepared_datasetsAction")
"""Actions that open a dialog although their texts do not end in “…”."""

_OF_QT = ("brushColourDialog",)
"""Qt’s own dialogs, whose layout is not ours."""


def set_mode(window: QMainWindow, theme: Theme, mode: str, screen: QSize | None = None) -> None:
    """Show the window in light, in dark, or in light with present mode or Details, as its actions do.

    Present mode fills a screen of this size or, without one, of the window's.
    """
    window.findChild(QAction, "darkAction" if mode == "dark" else "lightAction").trigger()
    if theme.details is not (mode == "details"):
        window.findChild(QAction, "detailsAction").trigger()
    if theme.present is not (mode == "present"):
        size = screen or window.size()
        window.findChild(QAction, "presentAction").trigger()
        if theme.present:
            # The real screen, of which nobody knows how large it is, is not filled.
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)
            window.resize(size)


def show_tab(window: QMainWindow, engine: Engine, title: str, most_s: float = _MOST_S) -> QWidget:
    """Show a tab, and return its page once its answers have arrived, or after some seconds."""
    tabs = window.findChild(QTabWidget, "tabs")
    titles = [tabs.tabText(i) for i in range(tabs.count())]
    tabs.setCurrentIndex(titles.index(_(title)))
    settle(window, engine, most_s)
    return tabs.currentWidget()


def sections(window: QMainWindow, page: QWidget, engine: Engine, most_s: float = _MOST_S) -> Iterator[str]:
    """Open each section of a page, such as *Why* in Draw, and yield its title; "" for a page without any."""
    buttons = [
        button
        for button in page.findChildren(QPushButton)
        if button.objectName().endswith("PanelButton") and button.isVisible()
    ]
    if not buttons:
        yield ""
    for button in buttons:
        QTest.mouseClick(button, _LEFT)
        settle(window, engine, most_s)
        yield button.text()


def use_tabs(window: QMainWindow, engine: Engine) -> None:
    """Draw a 7, choose an image in Data, and pin three places of the plane."""
    show_tab(window, engine, "Draw")
    drag(window.findChild(QWidget, "digitCanvas"), SEVEN)
    show_tab(window, engine, "Data")
    montage = window.findChild(QWidget, "datasetMontage")
    QTest.mouseClick(montage, _LEFT, pos=_at(montage, (0.45, 0.4)))
    show_tab(window, engine, "Latent")
    plane = window.findChild(QWidget, "latentPlane")
    if plane.isVisible():
        for place in ((0.35, 0.55), (0.45, 0.3), (0.55, 0.6)):
            QTest.mouseClick(plane, _LEFT, pos=_at(plane, place))
            window.findChild(QAction, "pinAction").trigger()
    settle(window, engine)


def drag(widget: QWidget, shares: tuple[tuple[float, float], ...]) -> None:
    """Drag the left button through places, given as shares of the widget's size."""
    first, *others = (_at(widget, share) for share in shares)
    QTest.mousePress(widget, _LEFT, pos=first)
    for place in others:
        QTest.mouseMove(widget, place)
        QTest.qWait(_HAND_MS)
    QTest.mouseRelease(widget, _LEFT, pos=place)


def dialogs(window: QMainWindow, engine: Engine) -> Iterator[QDialog]:
    """Each dialog that an enabled action opens, once; it is closed afterwards."""
    seen = set()
    for action in window.findChildren(QAction):
        if not action.isEnabled() or not ("…" in action.text() or action.objectName() in _ASK_TOO):
            continue
        with FileDialogs():
            action.trigger()
            settle(window, engine)
        for dialog in [each for each in window.findChildren(QDialog) if each.isVisible()]:
            if dialog.objectName() not in {*seen, *_OF_QT}:
                seen.add(dialog.objectName())
                yield dialog
            dialog.reject()
            QCoreApplication.sendPostedEvents()


def settle(window: QMainWindow, engine: Engine, most_s: float = _MOST_S) -> None:
    """Wait until nothing is under way any more, or for some seconds."""
    with suppress(TimeoutError):
        wait_until_idle(engine, window, most_s=most_s)


def _at(widget: QWidget, share: tuple[float, float]) -> QPoint:
    return QPoint(round(share[0] * widget.width()), round(share[1] * widget.height()))
