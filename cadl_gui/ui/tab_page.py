"""The base class of the tabs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.run import RunDescription
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.actions import ActionRow
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.theme.theme import Theme


@dataclass(frozen=True)
class PageContext:
    """What the window provides to a tab.

    Attributes:
        engine: opens and trains runs and answers requests.
        theme: colours, fonts and sizes.
        settings: settings stored between sessions.
        actions: the window's actions, by key.
    """

    engine: Engine
    theme: Theme
    settings: Settings
    actions: Mapping[str, QAction]


class TabPage(QWidget):
    """A tab of the window, which can also be shown under the spotlight.

    Attributes:
        ACTIONS: rows of its actions.
        KEYS: keys that a focused view in it handles itself: name, keys, help.

    Args:
        context: what the window provides.

    Signals:
        visibility_changed: (bool) the page was shown or hidden.
    """

    ACTIONS: ClassVar[Sequence[ActionRow[Any]]] = ()
    KEYS: ClassVar[Sequence[tuple[str, str, str]]] = ()

    visibility_changed = Signal(bool)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._engine = context.engine
        self._theme = context.theme
        self.setProperty("spotlightHost", True)
        # Otherwise Qt would paint all that is below the page whenever something on it changes.
        self.setAutoFillBackground(True)

    @classmethod
    def suits(cls, run: RunDescription) -> bool:  # noqa: ARG003 - for overrides
        """Return whether the tab can show this run."""
        return True

    def complete(self) -> None:
        """Build the parts that were left out before the first paint."""

    def main_view(self) -> QWidget:
        """Return the view that the tab is about, which gets the focus when the tab's key is pressed."""
        return self

    def focus_main_view(self) -> None:
        """Give the focus to the main view, with its ring, as a key does."""
        self.main_view().setFocus(Qt.FocusReason.TabFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: ARG002 (Qt)
        """Pass the focus on: a page has no keys of its own."""
        if self.main_view() is not self:
            self.focus_main_view()

    def facts(self) -> Mapping[str, float | str]:
        """Return what only this page knows that steps of lessons are about, by the words of conditions."""
        return {}

    def showEvent(self, event: QShowEvent) -> None:
        """Emit `visibility_changed`."""
        super().showEvent(event)
        self.visibility_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Emit `visibility_changed`."""
        super().hideEvent(event)
        self.visibility_changed.emit(False)
