"""What a hand does: by keys and clicks, as users do it."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication


def choose_entry(combo, text):
    """Choose an entry of a combo box, the current one too, by opening its list."""
    combo.showPopup()
    entries, row = combo.view(), combo.findText(text)
    assert row >= 0, text
    while entries.currentIndex().row() != row:
        down = entries.currentIndex().row() < row
        QTest.keyClick(entries, Qt.Key.Key_Down if down else Qt.Key.Key_Up)
    QTest.keyClick(entries, Qt.Key.Key_Return)


def choose_unit(montage, tile):
    """Walk to a picture of a montage of weights by its arrow keys."""
    to_x, to_y, *_ = montage.shown.grid.rect_of(tile)
    montage.setFocus()
    QTest.keyClick(montage, Qt.Key.Key_Left)  # tells the unit, also where it is the current one already
    while montage.tile != tile:
        x, y, *_ = montage.shown.grid.rect_of(montage.tile)
        across = Qt.Key.Key_Right if x < to_x else Qt.Key.Key_Left
        down = Qt.Key.Key_Down if y < to_y else Qt.Key.Key_Up
        QTest.keyClick(montage, down if x == to_x else across)
        assert montage.shown.grid.rect_of(montage.tile)[:2] != (x, y), "the key does nothing"


def place_on(plane, z0, z1):
    """Where a point of the latent plane lies on its widget, to the nearest pixel."""
    across = {x: plane.to_plane(QPointF(x, 0))[0] for x in range(plane.width())}
    down = {y: plane.to_plane(QPointF(0, y))[1] for y in range(plane.height())}
    x = min(across, key=lambda x: abs(across[x] - z0))
    y = min(down, key=lambda y: abs(down[y] - z1))
    return QPointF(x, y).toPoint()


def leave(widget):
    """The pointer leaves."""
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))
