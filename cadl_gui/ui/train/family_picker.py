"""Four pictures of what a network can be trained to do."""

import random
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from cadl_gui.domain.families import Family
from cadl_gui.ui.controls.choice_group import ChoiceGroup
from cadl_gui.ui.controls.parts import named, row_in
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, RADIUS_PX, REGULAR, SEMIBOLD, UNIT_PX

_DIGIT = "3"
_LEAST_WIDTH_PX = 48
_PICTURE_LINES = 2.4
"""Height of a picture, in lines of its caption."""

_MISSING_SHARE, _CELLS = 0.45, 12
_CLASSES, _POINTS_EACH = (0, 2, 3, 5, 6, 7), 9


class FamilyPicker(QWidget):
    """A row of pictures, of which one is chosen.

    Args:
        theme: Colours and type.

    Signals:
        chosen: (`Family`) The user chose another one.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("familyPicker")
        self._tiles = {family: _Tile(theme, family) for family in Family}
        self._group = ChoiceGroup(self)
        for tile in self._tiles.values():
            self._group.addButton(tile)
        row_in(self, UNIT_PX, *((tile, 1) for tile in self._tiles.values()))
        self._group.buttonClicked.connect(self._on_clicked)

    def show_family(self, family: Family) -> None:
        """Mark a family as the chosen one, without emitting `chosen`."""
        self._tiles[family].setChecked(True)

    @Slot(QAbstractButton)
    def _on_clicked(self, button: QAbstractButton) -> None:
        self.chosen.emit(next(family for family, tile in self._tiles.items() if tile is button))


class _Tile(QAbstractButton):
    """A picture over its name."""

    def __init__(self, theme: Theme, family: Family) -> None:
        super().__init__()
        self._theme = theme
        self._family = family
        named(self, f"{family.name.lower()}Family", family.value.help)
        self.setText(family.value.name)
        self.setAccessibleDescription(family.value.help)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the height of picture and caption."""
        line = self._theme.sizes.caption
        return QSize(_LEAST_WIDTH_PX, round((_PICTURE_LINES + 1.4) * line) + 4 * UNIT_PX)

    def minimumSizeHint(self) -> QSize:
        """Return a width that shows the picture."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the picture, its name and whether it is chosen."""
        colours = self._theme.colours
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if self.isChecked() else colours.line))
            painter.drawRoundedRect(frame, RADIUS_PX, RADIUS_PX)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), FOCUS_RING_PX))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, RADIUS_PX, RADIUS_PX)
        side = float(round(min(_PICTURE_LINES * self._theme.sizes.caption, (self.width() - 3 * UNIT_PX) / 2)))
        left = round((self.width() - 2 * side - UNIT_PX / 2) / 2)
        painter.save()
        _PAINT[self._family](self, painter, QRectF(left, 2 * UNIT_PX, 2 * side + UNIT_PX / 2, side))
        painter.restore()
        painter.setPen(QColor(colours.text))
        painter.setFont(self._theme.font("caption", SEMIBOLD if self.isChecked() else REGULAR))
        name = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        below = QRectF(0, 3 * UNIT_PX + side, self.width(), self.height() - side - 4 * UNIT_PX)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, name)

    def _paint_digit(self, painter: QPainter, place: QRectF, opacity: float = 1.0) -> None:
        """Paint white on black, as the digits of MNIST are."""
        painter.fillRect(place, QColor("black"))
        ink = QColor("white")
        ink.setAlphaF(opacity)
        painter.setFont(self._theme.font(max(1, round(0.95 * place.height())), SEMIBOLD))
        painter.setPen(ink)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, _DIGIT)

    def _paint_reconstruction(self, painter: QPainter, place: QRectF) -> None:
        first, second = _halves(place)
        self._paint_digit(painter, first)
        self._paint_digit(painter, second, 0.75)

    def _paint_denoising(self, painter: QPainter, place: QRectF) -> None:
        first, second = _halves(place)
        self._paint_digit(painter, first)
        numbers, cell = random.Random(1), first.width() / _CELLS
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for i in range(_CELLS * _CELLS):
            if numbers.random() < _MISSING_SHARE:
                corner = first.topLeft() + QPointF(i % _CELLS * cell, i // _CELLS * cell)
                painter.fillRect(QRectF(corner.x(), corner.y(), cell, cell), QColor("black"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_digit(painter, second)

    def _paint_plane(self, painter: QPainter, place: QRectF) -> None:
        painter.fillRect(place, QColor(self._theme.colours.plot))
        numbers, colours = random.Random(4), self._theme.label_colours(self._theme.background)
        painter.setPen(Qt.PenStyle.NoPen)
        for i, label in enumerate(_CLASSES):
            painter.setBrush(QColor(colours[label]))
            x, y = (i % 3 + 0.5) / 3, (i // 3 + 0.5) / 2
            for _ in range(_POINTS_EACH):
                across = min(0.95, max(0.05, numbers.gauss(x, 0.07)))
                down = min(0.93, max(0.07, numbers.gauss(y, 0.11)))
                centre = QPointF(place.left() + across * place.width(), place.top() + down * place.height())
                painter.drawEllipse(centre, place.height() / 20, place.height() / 20)

    def _paint_classes(self, painter: QPainter, place: QRectF) -> None:
        first, second = _halves(place)
        self._paint_digit(painter, first)
        colours = self._theme.label_colours(self._theme.background)
        shares = (0.08, 0.05, 0.16, 0.95, 0.05, 0.3)
        height = second.height() / len(shares)
        for i, share in enumerate(shares):
            bar = QRectF(
                second.left() + UNIT_PX / 2, second.top() + i * height, share * second.width(), 0.6 * height
            )
            painter.fillRect(bar, QColor(colours[i]))


# Not kept by each tile: a widget that holds a method of its own is a cycle, and outlives its window.
_PAINT: dict[Family, Callable[[_Tile, QPainter, QRectF], None]] = {
    Family.RECONSTRUCT: _Tile._paint_reconstruction,
    Family.DENOISE: _Tile._paint_denoising,
    Family.PLANE: _Tile._paint_plane,
    Family.CLASSIFY: _Tile._paint_classes,
}


def _halves(place: QRectF) -> tuple[QRectF, QRectF]:
    side = place.height()
    return QRectF(place.left(), place.top(), side, side), QRectF(
        place.right() - side, place.top(), side, side
    )
