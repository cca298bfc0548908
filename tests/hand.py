"""Keyboard and mouse input, as from a user."""

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QTabWidget, QToolTip, QWidget

from cadl_gui.domain.families import family_of
from cadl_gui.domain.presets import PRESETS


def choose_entry(combo, text):
    """Choose an entry of a combo box by opening its list, even if it is the current one."""
    combo.showPopup()
    entries, row = combo.view(), combo.findText(text)
    assert row >= 0, text
    while entries.currentIndex().row() != row:
        down = entries.currentIndex().row() < row
        QTest.keyClick(entries, Qt.Key.Key_Down if down else Qt.Key.Key_Up)
    QTest.keyClick(entries, Qt.Key.Key_Return)


def choose_preset(form, name):
    """Click the picture of a preset's family, then choose the preset in the list."""
    family = family_of(PRESETS[name].config)
    QTest.mouseClick(form.findChild(QWidget, f"{family.name.lower()}Family"), Qt.MouseButton.LeftButton)
    choose_entry(form.findChild(QComboBox, "presetCombo"), name)


def choose_unit(montage, tile):
    """Select an image of a montage of weights with the arrow keys."""
    to_x, to_y, *_ = montage.shown.grid.rect_of(tile)
    montage.setFocus()
    QTest.keyClick(montage, Qt.Key.Key_Left)  # selects the unit even if it is the current one
    while montage.tile != tile:
        x, y, *_ = montage.shown.grid.rect_of(montage.tile)
        across = Qt.Key.Key_Right if x < to_x else Qt.Key.Key_Left
        down = Qt.Key.Key_Down if y < to_y else Qt.Key.Key_Up
        QTest.keyClick(montage, down if x == to_x else across)
        assert montage.shown.grid.rect_of(montage.tile)[:2] != (x, y), "the key does nothing"


def place_on(plane, z0, z1):
    """The nearest pixel of the widget to a point of the latent plane."""
    across = {x: plane.to_plane(QPointF(x, 0))[0] for x in range(plane.width())}
    down = {y: plane.to_plane(QPointF(0, y))[1] for y in range(plane.height())}
    x = min(across, key=lambda x: abs(across[x] - z0))
    y = min(down, key=lambda y: abs(down[y] - z1))
    return QPointF(x, y).toPoint()


def draw_stroke(canvas):
    """Draw a short line."""
    middle = canvas.rect().center()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(canvas, middle + QPoint(30, 60))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(30, 60))


def teach(window, label):
    """Draw something in the Draw tab, and label it."""
    window.findChild(QTabWidget, "tabs").setCurrentWidget(window.findChild(QWidget, "drawTab"))
    canvas = window.findChild(QWidget, "digitCanvas")
    draw_stroke(canvas)
    QTest.keySequence(canvas, str(label))


def wheel(widget, place, delta):
    """Turn the wheel at a position; 120 is one notch."""
    at, none = QPointF(place), Qt.KeyboardModifier.NoModifier
    about = QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False
    QApplication.sendEvent(widget, QWheelEvent(at, QPointF(widget.mapToGlobal(place)), *about))


def tip_at(widget, x, y=16):
    """The tool tip at a position, after the pointer has rested there."""
    place = QPoint(round(x), y)
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place)))
    return QToolTip.text()


def point_at(widget, place):
    """Move the pointer to a position, without buttons."""
    at, none = QPointF(place), Qt.MouseButton.NoButton
    about = none, none, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, at, widget.mapToGlobal(at), *about))


def drag(view, to):
    """Move with the left button pressed, which pytest-qt's moves do not support."""
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = QPointF(view.mapToGlobal(to))
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(to), place, Qt.MouseButton.NoButton, left, none)
    QApplication.sendEvent(view, event)


def leave(widget):
    """Move the pointer out of the widget."""
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))


def drag_enter(place, *about):
    """A drag enter event; PySide 6.12 deprecates the only constructor that 6.11 has."""
    try:
        return QDragEnterEvent(QPointF(place), *about)
    except TypeError:
        return QDragEnterEvent(place, *about)


def drop(window, *paths):
    """Drop files on the window; returns whether it accepts any."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    place, left, none = window.rect().center(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    about = Qt.DropAction.CopyAction, data, left, none
    enter = drag_enter(place, *about)
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(place), *about))
    return enter.isAccepted()
