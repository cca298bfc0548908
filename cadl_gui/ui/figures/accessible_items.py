"""Items of figures as a screen reader meets them: children of their figure, each with its words and place."""
# mypy: disable-error-code=override
# Qt takes None where its stubs do not, and names methods and arguments in its way.
# ruff: noqa: ARG002, N802

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QWindow
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import isValid

from cadl_gui.ui.figures.figure_item import Item
from cadl_gui.ui.figures.figure_view import FigureView


def tell_items() -> None:
    """Tell the items of figures that a screen reader meets from now on."""
    QAccessible.installFactory(_interface_of)


def _interface_of(_: str, told: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(told, FigureView):
        return None
    figure = _AccessibleFigure(told)
    told.destroyed.connect(lambda: figure.forget_items())  # noqa: PLW0108 (keeps it, which Qt does not)
    return figure


class _AccessibleFigure(QAccessibleWidget):
    """The figure with its child widgets, and its items after them."""

    def __init__(self, figure: FigureView) -> None:
        super().__init__(figure)
        self._figure = figure
        self._items: list[_AccessibleItem] = []

    def childCount(self) -> int:
        return super().childCount() + len(self._told())

    def child(self, index: int) -> QAccessibleInterface | None:
        before = super().childCount()
        if index < before:
            return super().child(index)
        told = self._told()
        return told[index - before] if index - before < len(told) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        told = self._told()
        return super().childCount() + told.index(child) if child in told else super().indexOfChild(child)

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:
        hit = (item for item in reversed(self._told()) if item.rect().contains(QPoint(x, y)))
        return super().childAt(x, y) or next(hit, None)

    def forget_items(self) -> None:
        """Tell Qt that nobody may ask for the items any longer."""
        for item in self._items:
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(item))
        self._items.clear()

    def _told(self) -> "list[_AccessibleItem]":
        """Return the same objects again as often as asked, since Qt keeps them."""
        n = len(_items_of(self._figure))
        self._items += [_AccessibleItem(self._figure, i) for i in range(len(self._items), n)]
        return self._items[:n]


class _AccessibleItem(QAccessibleInterface):
    """The item of this number that the figure has now, if it has as many."""

    def __init__(self, figure: FigureView, number: int) -> None:
        super().__init__()
        self._figure, self._number = figure, number

    def _item(self) -> Item | None:
        items = _items_of(self._figure) if isValid(self._figure) else ()
        return items[self._number] if self._number < len(items) else None

    def isValid(self) -> bool:
        return self._item() is not None

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state, item = QAccessible.State(), self._item()
        if item is None:
            state.invalid = True
            return state
        state.invisible = not self._figure.isVisible()
        state.offscreen = self.rect().isEmpty()
        state.selectable = item.is_chosen is not None
        state.selected = item.is_chosen is True
        return state

    def text(self, kind: QAccessible.Text) -> str:
        item = self._item()
        if item is None or kind is not QAccessible.Text.Name:
            return ""
        return _name_of(item)

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Nothing of a figure can be written."""

    def rect(self) -> QRect:
        item = self._item()
        if item is None:
            return QRect()
        place = self._figure.shown_place(item).toRect() & self._figure.rect()
        return QRect(self._figure.mapToGlobal(place.topLeft()), place.size())

    def parent(self) -> QAccessibleInterface | None:
        return QAccessible.queryAccessibleInterface(self._figure) if isValid(self._figure) else None

    def object(self) -> None:
        return None

    def window(self) -> QWindow | None:
        parent = self.parent()
        return None if parent is None else parent.window()

    def child(self, index: int) -> None:
        return None

    def childAt(self, x: int, y: int) -> None:
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1


def _items_of(figure: FigureView) -> list[Item]:
    """Return the items that have a name; what only tells its pixels has none."""
    return [item for item in figure.items() if _name_of(item)]


def _name_of(item: Item) -> str:
    return item.words or (item.tip if isinstance(item.tip, str) else "")
