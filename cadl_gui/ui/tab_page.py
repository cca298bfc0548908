"""What every tab is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.run import RunDescription
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.actions import ActionRow
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.undo import UndoStacks
from cadl_gui.ui.widgets.configuration_form import ConfigurationForm


@dataclass(frozen=True)
class PageContext:
    """What a tab gets from the window.

    Attributes:
        engine: opens, trains and answers.
        theme: colours, fonts and sizes.
        settings: remembered from one start to the next.
        undo: what can be undone.
        form: from which the next run is trained.
        actions: of the window, by key.
    """

    engine: Engine
    theme: Theme
    settings: Settings
    undo: UndoStacks
    form: ConfigurationForm
    actions: Mapping[str, QAction]


class TabPage(QWidget):
    """A tab of the window, and a host of the spotlight.

    Attributes:
        ACTIONS: what can be done in it.
        KEYS: what a view in it does by itself while it has the focus: name, keys, help.

    Args:
        context: what it gets from the window.

    Signals:
        hover_text: (str) what is under the pointer, for the status bar.
        failed: (str) something could not be computed, opened or saved.
        saved: (str) path of a figure that was saved.
        requested: what the user asked for can be seen here.
        visibility_changed: (bool) whether the page can be seen now.
        setting_wanted: (field, value) the next run is to be trained with this.
    """

    ACTIONS: ClassVar[Sequence[ActionRow[Any]]] = ()
    KEYS: ClassVar[Sequence[tuple[str, str, str]]] = ()

    hover_text = Signal(str)
    failed = Signal(str)
    saved = Signal(str)
    requested = Signal()
    visibility_changed = Signal(bool)
    setting_wanted = Signal(str, str)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = context.engine
        self._theme = context.theme
        self.setProperty("spotlightHost", True)

    @classmethod
    def suits(cls, run: RunDescription) -> bool:  # noqa: ARG003 - for those that are choosy
        """Whether a run has something to show here."""
        return True

    def complete(self) -> None:
        """Build what was left out for the first paint."""

    def may_close(self) -> bool:
        """Whether nothing here would be lost with the window; if something would, the user is asked."""
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Report that the page can be seen."""
        super().showEvent(event)
        self.visibility_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Report that the page is hidden."""
        super().hideEvent(event)
        self.visibility_changed.emit(False)
