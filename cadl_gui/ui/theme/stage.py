"""What of a window stands there: with Details, without, in present mode, and in a step of a lesson."""

from collections.abc import Collection
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

_WHEN, _WANTED, _IS_OUT = "standsWhen", "isWanted", "isLeftOut"


class When(StrEnum):
    """When a widget stands there, if its page wants it."""

    ALWAYS = "always"
    DETAILS = "details"
    """With Details, and not in present mode."""

    AT_A_DESK = "desk"
    """Not in present mode."""

    PRESENTING = "presenting"
    """In present mode only."""


class Stage:
    """Shows and hides widgets by a property of theirs, so that pages need not know of the window's modes.

    A widget is visible while its page wants it and the mode has it. Both are stored on the widget, and one
    pass over all widgets reads them whenever the mode changes.

    Args:
        details: whether Details are shown.
        presents: whether present mode is on.
    """

    def __init__(self, *, details: bool, presents: bool) -> None:
        self.details = details
        self.presents = presents
        self._left_out: frozenset[str] = frozenset()

    def has(self, when: When) -> bool:
        """Return whether what has this property stands there now."""
        match when:
            case When.DETAILS:
                return self.details and not self.presents
            case When.AT_A_DESK:
                return not self.presents
            case When.PRESENTING:
                return self.presents
        return True

    def put(self, when: When, *widgets: QWidget) -> None:
        """Let widgets stand there in some modes only."""
        for widget in widgets:
            widget.setProperty(_WHEN, when.value)
            self._apply(widget)

    def show(self, widget: QWidget, wanted: bool) -> None:
        """Tell whether its page wants a widget: what would be `setVisible` without modes."""
        widget.setProperty(_WANTED, wanted)
        self._apply(widget)

    def words(self, always: str, details: str) -> str:
        """Return a text; with Details, the rest follows."""
        return " · ".join(filter(None, (always, details if self.has(When.DETAILS) else "")))

    def leave_out(self, names: Collection[str]) -> None:
        """Hide what has these objectNames in the window; what was hidden so before is back."""
        if self._left_out != {*names}:
            self._left_out = frozenset(names)
            self.turn()

    def leaves_out(self, name: str) -> bool:
        """Whether what has this objectName is left out now."""
        return name in self._left_out

    def turn(self) -> None:
        """Apply the mode to all widgets."""
        for widget in QApplication.allWidgets():
            is_out = widget.objectName() in self._left_out and isinstance(widget.window(), QMainWindow)
            if is_out and widget.property(_WANTED) is None:
                widget.setProperty(_WANTED, not widget.isHidden() or widget.property(_WHEN) is not None)
            if is_out or widget.property(_WHEN) is not None or widget.property(_IS_OUT):
                widget.setProperty(_IS_OUT, is_out)
                self._apply(widget)

    def _apply(self, widget: QWidget) -> None:
        when, wanted = widget.property(_WHEN), widget.property(_WANTED)
        is_out = widget.property(_IS_OUT) is True
        shown = self.has(When(when or When.ALWAYS)) and wanted is not False and not is_out
        if shown and widget.isWindow():
            # It appears with its parent, as every widget that was neither shown nor hidden.
            widget.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)
        else:
            widget.setVisible(shown)
