"""A layout of equally wide columns, as many as fit, and other arrangements of widgets."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class ColumnsLayout(QLayout):
    """Places its items row by row in columns of equal width; hidden ones take no place.

    Args:
        least_width: Smallest width of a column, in heights of a line of the parent's type.
        gap: Space between columns and between rows.
    """

    def __init__(self, least_width: float, gap: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._least_width = least_width
        self._parent = parent
        self._gap = gap
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Add an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items, hidden ones included."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, or None beyond the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and return an item, or None beyond the last."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Use width, not height."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """Return True: narrower means higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows at a width."""
        return max((place.bottom() + 1 for _, place in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        """Return the smallest size; more width makes more columns."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the width of a column; the height depends on the width."""
        return QSize(self._least_width_px, 0)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        for item, place in self._places(rect.width()):
            item.setGeometry(place.translated(rect.topLeft()))

    @property
    def _least_width_px(self) -> int:
        return round(self._least_width * self._parent.fontMetrics().height())

    def _places(self, width: int) -> list[tuple[QLayoutItem, QRect]]:
        shown = [item for item in self._items if not item.isEmpty()]
        n = max(1, (width + self._gap) // (self._least_width_px + self._gap))
        column = (width - (n - 1) * self._gap) // n
        places, top = [], 0
        for first in range(0, len(shown), n):
            row = shown[first : first + n]
            height = max(_height(item, column) for item in row)
            for i, item in enumerate(row):
                places.append((item, QRect(QPoint(i * (column + self._gap), top), QSize(column, height))))
            top += height + self._gap
        return places


def in_columns(parts: Sequence[QWidget], least_width: float, gap: int) -> QWidget:
    """Return a widget with these parts in a `ColumnsLayout`."""
    widget = QWidget()
    columns = ColumnsLayout(least_width, gap, widget)
    for part in parts:
        columns.addWidget(part)
    return widget


def order_tabs(widgets: Sequence[QWidget]) -> None:
    """Let the Tab key go from each widget to the next."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
