"""Labels, buttons, rows and columns in one line each: the name, what it says, and how it looks."""

from collections.abc import Callable
from typing import TypeAlias, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cadl_gui.ui.theme.style_property import set_style_property

_Widget = TypeVar("_Widget", bound=QWidget)
Part: TypeAlias = QWidget | QLayout | tuple[QWidget | QLayout, int] | None
_Margins: TypeAlias = tuple[int, int, int, int]
_NO_MARGINS = (0, 0, 0, 0)


def named(widget: _Widget, name: str, tip: str = "", *, says: str = "", **styles: bool | str) -> _Widget:
    """Return a widget, by which tests find it, and what else is known of it.

    Args:
        name: its objectName; "" for none.
        says: its name for screen readers; "" for its text.
        **styles: properties that the style sheet reads.
    """
    if name:
        widget.setObjectName(name)
    if tip:
        widget.setToolTip(tip)
    if says:
        widget.setAccessibleName(says)
    for style, value in styles.items():
        set_style_property(widget, style, value)
    return widget


def push_button(
    text: str, name: str, tip: str = "", slot: Callable[[], object] | None = None, **styles: bool | str
) -> QPushButton:
    """Return a button that calls a slot when it is clicked."""
    button = named(QPushButton(text), name, tip, says="", **styles)
    if slot is not None:
        button.clicked.connect(slot)
    return button


def open_menu(button: QPushButton | QToolButton, menu: QMenu) -> None:
    """Let a button open a menu; once that has closed, let go of the pointer, which Qt does not see leave."""

    def let_go() -> None:
        button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
        button.update()

    button.setMenu(menu)
    menu.aboutToHide.connect(let_go)


def label(text: str = "", name: str = "", *, wraps: bool = False, **styles: bool | str) -> QLabel:
    """Return a label of plain text: it may name files, runs and classes."""
    made = named(QLabel(text), name, "", says="", **styles)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wraps)
    return made


def keep_room(widget: QWidget, *, on: bool = True) -> None:
    """Keep a widget's place while it is hidden, so that nothing moves when it comes."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(on)
    widget.setSizePolicy(policy)


def row_in(widget: QWidget, gap: int, *parts: Part, margins: _Margins = _NO_MARGINS) -> QHBoxLayout:
    """Give a widget a single row; see `column_in`."""
    return _filled(QHBoxLayout(widget), gap, parts, margins)


def column_in(widget: QWidget, gap: int, *parts: Part, margins: _Margins = _NO_MARGINS) -> QVBoxLayout:
    """Give a widget a single column.

    Args:
        parts: widgets and layouts, each alone or with its stretch; None for an empty place that stretches.
        margins: at the left, the top, the right and the bottom.
    """
    return _filled(QVBoxLayout(widget), gap, parts, margins)


def row_of(gap: int, *parts: Part) -> QHBoxLayout:
    """Return a row to put into another layout; see `column_in`."""
    return _filled(QHBoxLayout(), gap, parts)


def column_of(gap: int, *parts: Part) -> QVBoxLayout:
    """Return a column to put into another layout; see `column_in`."""
    return _filled(QVBoxLayout(), gap, parts)


def grid_in(widget: QWidget, across: int, down: int) -> QGridLayout:
    """Give a widget a grid without margins, with these gaps between columns and rows."""
    grid = QGridLayout(widget)
    grid.setContentsMargins(*_NO_MARGINS)
    grid.setHorizontalSpacing(across)
    grid.setVerticalSpacing(down)
    return grid


_Box = TypeVar("_Box", bound=QBoxLayout)


def _filled(box: _Box, gap: int, parts: tuple[Part, ...], margins: _Margins = _NO_MARGINS) -> _Box:
    box.setContentsMargins(*margins)
    box.setSpacing(gap)
    for part in parts:
        what, stretch = part if isinstance(part, tuple) else (part, 0)
        match what:
            case QWidget():
                box.addWidget(what, stretch)
            case QLayout():
                box.addLayout(what, stretch)
            case None:
                box.addStretch(1)
    return box
