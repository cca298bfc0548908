"""Finds texts that are cut off or lie over each other, and empty space, in a window as it is shown."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontInfo, QImage, QPainter, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QTabBar,
    QToolButton,
    QWidget,
)

_ROUNDING_PX = 1.5
_LEAST_OVERLAP_PX = 2.0
_LEADING = 0.2
"""Share of a line's height above and below its letters."""

_CELL_PX = 8
_TAG = re.compile(r"</?[a-z]+[ >]")


@dataclass(frozen=True)
class ShownText:
    """A text on a widget.

    Attributes:
        widget: the widget.
        words: the text.
        place: rectangle of the text, in pixels of the widget.
        room: rectangle in which it has to fit.
        pixels: size of its type.
    """

    widget: QWidget = field(repr=False)
    words: str
    place: QRectF
    room: QRectF
    pixels: float = 0.0

    def place_in(self, root: QWidget) -> QRectF:
        """The rectangle of the text in pixels of an ancestor."""
        return self.place.translated(QPointF(self.widget.mapTo(root, self.widget.rect().topLeft())))

    def visible_place_in(self, root: QWidget) -> QRectF:
        """What is visible of that rectangle: a scroll area may show a part."""
        seen = QRectF(self.widget.visibleRegion().boundingRect())
        return self.place_in(root) & seen.translated(self.place_in(root).topLeft() - self.place.topLeft())

    def __str__(self) -> str:
        name = self.widget.objectName() or type(self.widget).__name__
        x, y, width, height = (round(number) for number in self.place.getRect())
        return f"{name}: “{self.words}” ({width}×{height} at {x}, {y})"


def texts(root: QWidget) -> list[ShownText]:
    """All texts of visible widgets, and those that our own figures paint, if they are not covered."""
    with _recorded_painting() as recorded:
        root.grab()
    painted = {str(text): text for text in recorded if root.isAncestorOf(text.widget)}.values()
    painters = {id(text.widget) for text in painted}
    of_widgets = [
        replace(text, pixels=QFontInfo(widget.font()).pixelSize())
        for widget in _visible(root)
        if id(widget) not in painters
        for text in _texts_of(widget)
    ]
    return [*of_widgets, *(text for text in painted if not _is_covered(text, root))]


def cut_off(shown: Iterable[ShownText], root: QWidget) -> list[str]:
    """Texts that do not fit, or that an ancestor cuts off or another widget covers."""
    return [str(text) for text in shown if _is_cut_off(text, root)]


def overlapping(shown: Iterable[ShownText], root: QWidget) -> list[str]:
    """Pairs of texts that lie over each other."""
    placed = [(text, _letters(text.visible_place_in(root))) for text in shown]
    return [
        f"{one} and {other}"
        for (one, place), (other, other_place) in combinations(placed, 2)
        if min(place.intersected(other_place).size().toTuple()) > _LEAST_OVERLAP_PX
    ]


def largest_gap(page: QWidget, background: str) -> QRect:
    """The largest rectangle of a page that has the background's colour everywhere."""
    image = page.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ratio = image.devicePixelRatio()
    height, width = image.height(), image.width()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(height, width) & 0xFFFFFF
    is_empty = pixels == int(background.removeprefix("#"), 16)
    cell = round(_CELL_PX * ratio)
    rows, columns = height // cell, width // cell
    cells = is_empty[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell).all(axis=(1, 3))
    best, heights = (0, 0, 0, 0), np.zeros(columns, int)
    for row in range(rows):
        heights = np.where(cells[row], heights + 1, 0)
        for column in range(columns):
            lowest = heights[column]
            for last in range(column, columns):
                lowest = min(lowest, heights[last])
                if lowest == 0:
                    break
                if lowest * (last - column + 1) > best[2] * best[3]:
                    best = column, row - lowest + 1, last - column + 1, lowest
    return QRect(*(int(_CELL_PX * number) for number in best))


def share_of_page(gap: QRect, page: QWidget) -> float:
    """How much of a page a rectangle covers, in [0, 1]."""
    return gap.width() * gap.height() / (page.width() * page.height())


def _visible(root: QWidget) -> list[QWidget]:
    return [widget for widget in root.findChildren(QWidget) if widget.isVisible() and widget.window() is root]


def _texts_of(widget: QWidget) -> Iterator[ShownText]:
    """The texts of a widget of Qt's, with the room that its style leaves for them."""
    metrics = widget.fontMetrics()
    if isinstance(widget, QLabel) and widget.text():
        yield _of_label(widget)
    elif isinstance(widget, QTabBar):
        for i in range(widget.count()):
            room = QRectF(widget.tabRect(i))
            yield _centred(widget, widget.tabText(i), metrics.horizontalAdvance(widget.tabText(i)), room)
    elif isinstance(widget, QAbstractButton) and widget.text():
        room = _room_of_button(widget)
        if room is not None:
            words = widget.text().replace("&", "")
            lines = words.split("\n")
            yield _centred(widget, words, max(map(metrics.horizontalAdvance, lines)), room, len(lines))
    elif isinstance(widget, QComboBox) and widget.currentText() not in widget.toolTip():
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        field_part = QStyle.SubControl.SC_ComboBoxEditField
        room = QRectF(
            widget.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field_part, widget)
        )
        yield _left(widget, widget.currentText(), metrics.horizontalAdvance(widget.currentText()), room)
    elif isinstance(widget, QLineEdit):
        # What is typed may be longer than its field; a number or what is to be typed may not.
        is_number = isinstance(widget.parent(), QAbstractSpinBox)
        words = widget.text() if is_number else "" if widget.text() else widget.placeholderText()
        if words:
            yield _left(widget, words, metrics.horizontalAdvance(words), QRectF(widget.contentsRect()))


def _of_label(label: QLabel) -> ShownText:
    room = QRectF(label.contentsRect())
    document = QTextDocument()
    document.setDefaultFont(label.font())
    document.setDocumentMargin(0)
    is_rich = label.textFormat() is not Qt.TextFormat.PlainText and _TAG.search(label.text())
    (document.setHtml if is_rich else document.setPlainText)(label.text())
    # A line that is wrapped has to be as wide as its longest word only.
    document.setTextWidth(room.width() if label.wordWrap() else -1)
    width = document.idealWidth()
    height = label.heightForWidth(label.width()) if label.wordWrap() else document.size().height()
    margins = label.height() - room.height()
    place = _aligned(label, width, height - (margins if label.wordWrap() else 0), room)
    return ShownText(label, document.toPlainText(), place, room)


def _aligned(label: QLabel, width: float, height: float, room: QRectF) -> QRectF:
    align = label.alignment()
    x, y = room.x(), room.center().y() - height / 2
    if align & Qt.AlignmentFlag.AlignRight:
        x = room.right() - width
    elif align & Qt.AlignmentFlag.AlignHCenter:
        x = room.center().x() - width / 2
    if align & Qt.AlignmentFlag.AlignTop:
        y = room.y()
    return QRectF(x, y, width, height)


def _room_of_button(button: QAbstractButton) -> QRectF | None:
    if isinstance(button, QToolButton):
        shows_text = (
            button.toolButtonStyle() is not Qt.ToolButtonStyle.ToolButtonIconOnly or button.icon().isNull()
        )
        return QRectF(button.rect()) if shows_text else None
    option = QStyleOptionButton()
    if isinstance(button, QPushButton | QCheckBox):
        button.initStyleOption(option)
    else:
        return QRectF(button.rect())
    part = QStyle.SubElement.SE_CheckBoxContents
    if isinstance(button, QPushButton):
        part = QStyle.SubElement.SE_PushButtonContents
    return QRectF(button.style().subElementRect(part, option, button))


def _centred(widget: QWidget, words: str, width: float, room: QRectF, n_lines: int = 1) -> ShownText:
    height = n_lines * widget.fontMetrics().height()
    place = QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)
    return ShownText(widget, words, place, room)


def _left(widget: QWidget, words: str, width: float, room: QRectF) -> ShownText:
    height = widget.fontMetrics().height()
    return ShownText(widget, words, QRectF(room.x(), room.center().y() - height / 2, width, height), room)


def _is_cut_off(text: ShownText, root: QWidget) -> bool:
    letters, widget = _letters(text.place), text.widget
    if not _roomy(text.room).contains(letters):
        return True
    list_view = widget.parentWidget()
    if isinstance(list_view, QAbstractScrollArea) and widget is list_view.viewport():
        bars = (list_view.horizontalScrollBar(), list_view.verticalScrollBar())
        if any(bar.maximum() > 0 for bar in bars) and not QRectF(widget.rect()).contains(letters):
            return False  # a row that is partly scrolled out of view
    while widget is not root:
        parent = widget.parentWidget()
        letters.translate(QPointF(widget.pos()))
        inside = _roomy(QRectF(parent.rect()))
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and parent is area.viewport():
            # What is scrolled out of view above or below can be scrolled back.
            scrolls_across = area.horizontalScrollBarPolicy() is not Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            return not (
                scrolls_across or (inside.left() <= letters.left() <= letters.right() <= inside.right())
            )
        if not inside.contains(letters):
            return True
        widget = parent
    return _is_covered(text, root)


def _roomy(room: QRectF) -> QRectF:
    return room.adjusted(-_ROUNDING_PX, -_ROUNDING_PX, _ROUNDING_PX, _ROUNDING_PX)


def _is_covered(text: ShownText, root: QWidget) -> bool:
    """Whether another widget lies over the middle of a text."""
    visible = text.visible_place_in(root)
    if visible.isEmpty():
        return True
    top = root.childAt(visible.center().toPoint())
    if top is None or top is text.widget:
        return False
    return not (text.widget.isAncestorOf(top) or top.isAncestorOf(text.widget))


def _letters(place: QRectF) -> QRectF:
    """The part of a text's rectangle that letters fill."""
    leading = min(_LEADING * place.height(), 6.0)
    return place.adjusted(0, leading, 0, -leading)


@contextmanager
def _recorded_painting() -> Iterator[list[ShownText]]:
    """A context in which texts that Python paints on widgets are recorded."""
    recorded: list[ShownText] = []
    draw = QPainter.drawText

    def drawText(painter: QPainter, *arguments: object) -> object:  # noqa: N802 (Qt)
        device = painter.device()
        if isinstance(device, QWidget):
            found = _painted(painter, device, *arguments)
            if found is not None and found.words.strip():
                scale = painter.worldTransform().m22() or abs(painter.worldTransform().m12())
                recorded.append(replace(found, pixels=scale * QFontInfo(painter.font()).pixelSize()))
        return draw(painter, *arguments)

    QPainter.drawText = drawText
    try:
        yield recorded
    finally:
        QPainter.drawText = draw


def _painted(painter: QPainter, widget: QWidget, *arguments: object) -> ShownText | None:
    words = next(argument for argument in arguments if isinstance(argument, str))
    to_widget = painter.worldTransform()
    everywhere = QRectF(widget.rect())
    first, *others = arguments
    if isinstance(first, int | float) and len(others) > 3:
        first, others = QRectF(first, *others[:3]), others[3:]
    elif isinstance(first, int | float):
        first = QPointF(first, others[0])
    if isinstance(first, QRect | QRectF) and others and not isinstance(others[0], str):
        flags = others[0]
        place = QRectF(painter.boundingRect(QRectF(first), _number(flags), words))
        tight = painter.fontMetrics().tightBoundingRect(words)
        if place.height() < 1.5 * painter.fontMetrics().height():
            place.setTop(place.top() + painter.fontMetrics().ascent() + tight.top())
            place.setHeight(tight.height())
        place = to_widget.mapRect(place)
        room = to_widget.mapRect(QRectF(first))
        is_free = _number(flags) & Qt.TextFlag.TextDontClip.value
        return ShownText(widget, words, place, everywhere if is_free else room)
    if isinstance(first, QPoint | QPointF):
        place = QRectF(painter.fontMetrics().boundingRect(words)).translated(QPointF(first))
        return ShownText(widget, words, to_widget.mapRect(place), everywhere)
    return None


def _number(flags: object) -> int:
    return int(getattr(flags, "value", flags))
