"""Actions as table rows, which define menus, shortcuts, tooltips, the F1 page and the command palette."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from cadl_gui.engine.run import Run
from cadl_gui.system.glossary import explained
from cadl_gui.system.words import _
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.run_text import display_name
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.theme import Theme

Host = TypeVar("Host", bound=QObject)


@dataclass(frozen=True, kw_only=True)
class ActionRow(Generic[Host]):
    """The description of one action.

    Attributes:
        key: name of the action; its objectName is `{key}Action`.
        menu: title of the menu that lists it; for an action of a tab, the title of the tab.
        submenu: title of the menu in that menu that lists it, as it is shown; "" for none.
        text: a verb, in sentence case.
        help: one line for the tooltip, the status bar and the F1 page.
        shortcuts: in Qt's portable notation.
        context: where the focus has to be for the shortcuts to work.
        icon: name of its icon, or "".
        separated: whether a separator precedes it in the menu.
        presented: whether present mode has a button for it, too, or an entry in its menu.
        group: checkable actions of one group exclude each other; "" is none.
        checkable: whether it can be checked; without `toggle` and `callback`, other objects observe it.
        callback: called with the host when the user triggers the action.
        toggle: called with the host and the new state whenever the checked state changes.
        enabled: returns whether it is enabled now; None means unless `why_not` says why it is not.
        checked: returns whether it should be checked now; None leaves its state alone.
        why_not: returns one sentence for tooltip and status bar while the action is disabled, or "".
        label: returns the text to show now; None means `text`.
        shown_icon: returns the name of the icon to show now; None means `icon`.
        about: returns the run that the action is about, where users might think of another one: its letter
            follows the text, its name precedes the tooltip.
        tip: returns the tooltip to show now in place of `tooltip`, or "".
    """

    key: str
    menu: str
    submenu: str = ""
    text: str
    help: str
    shortcuts: tuple[str, ...] = ()
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut
    icon: str = ""
    separated: bool = False
    presented: bool = True
    group: str = ""
    checkable: bool = False
    callback: Callable[[Host], object] | None = None
    toggle: Callable[[Host, bool], object] | None = None
    enabled: Callable[[Host], bool] | None = None
    checked: Callable[[Host], bool] | None = None
    why_not: Callable[[Host], str] | None = None
    label: Callable[[Host], str] | None = None
    shown_icon: Callable[[Host], str] | None = None
    about: Callable[[Host], Run | None] | None = None
    tip: Callable[[Host], str] | None = None

    @cached_property
    def shortcuts_text(self) -> str:
        """Its shortcuts in this system's notation, such as “Ctrl+Y” or “0–9”."""
        keys = [QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in self.shortcuts]
        return _(" or ").join(keys) if len(keys) < 3 else f"{keys[0]}–{keys[-1]}"

    @cached_property
    def tooltip(self) -> str:
        """Its help, with its shortcuts, and what the words in its text mean."""
        tip = f"{_(self.help)} ({self.shortcuts_text})" if self.shortcuts else _(self.help)
        return explained(tip, self.text)


class ActionSet(QObject):
    """The `QAction`s of rows that share a host; `refresh` updates their states and texts from the rows.

    Args:
        rows: descriptions of the actions.
        host: argument of the rows' functions; the parent.
        theme: for icons.
        widget: parent of the actions, whose window or focus decides where shortcuts work; see `context`.
    """

    def __init__(self, rows: Iterable[ActionRow[Any]], host: QObject, theme: Theme, widget: QWidget) -> None:
        super().__init__(host)
        self._theme = theme
        self._rows = {f"{row.key}Action": row for row in rows}
        self._icons = {row.key: row.icon for row in self._rows.values()}
        self._actions: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for row in self._rows.values():
            action = self._actions[row.key] = _build(row, widget, theme)
            if row.callback is not None:
                action.triggered.connect(self._on_triggered)
            if row.toggle is not None:
                action.toggled.connect(self._on_toggled)
            if row.group:
                groups.setdefault(row.group, QActionGroup(self)).addAction(action)
        widget.addActions(list(self))

    def __getitem__(self, key: str) -> QAction:
        """Return the action with this key."""
        return self._actions[key]

    def __iter__(self) -> Iterator[QAction]:
        """Iterate over the actions, in the order of the rows."""
        return iter(self._actions.values())

    @property
    def rows(self) -> Iterable[ActionRow[Any]]:
        """The rows, in order."""
        return self._rows.values()

    @property
    def by_key(self) -> dict[str, QAction]:
        """The actions, by key."""
        return dict(self._actions)

    @Slot()
    def refresh(self) -> None:
        """Update the enabled and checked state, text and tooltip of each action."""
        host = self.parent()
        for row in self._rows.values():
            action = self._actions[row.key]
            why_not = "" if row.why_not is None else row.why_not(host)
            if row.enabled is not None or row.why_not is not None:
                action.setEnabled(not why_not if row.enabled is None else row.enabled(host))
            if row.checked is not None:
                action.setChecked(row.checked(host))
            run = None if row.about is None else row.about(host)
            text = _(row.text) if row.label is None else row.label(host)
            if row.label is not None or row.about is not None:
                action.setText(text if run is None else f"{text} {run.letter}")
            if row.shown_icon is not None and (name := row.shown_icon(host)) != self._icons[row.key]:
                self._icons[row.key] = name  # set anew, it would lay out every button that shows it
                action.setIcon(icon(name, self._theme))
            why_not = "" if action.isEnabled() else why_not
            action.setStatusTip(why_not or _(row.help))
            tip = why_not or (row.tip and row.tip(host)) or _tooltip(row, run)
            action.setToolTip(plain_tip(tip))

    @Slot()
    def _on_triggered(self) -> None:
        callback = self._sending_row().callback
        assert callback is not None, "only rows with one are connected"
        callback(self.parent())

    @Slot(bool)
    def _on_toggled(self, checked: bool) -> None:
        toggle = self._sending_row().toggle
        assert toggle is not None, "only rows with one are connected"
        toggle(self.parent(), checked)

    def _sending_row(self) -> ActionRow[Any]:
        """Return the sender's row; a closure that holds the host would keep a closed window alive."""
        return self._rows[self.sender().objectName()]


def literal(text: str) -> str:
    """Return a name as the text of an action or button, in which a single “&” would mark a key, unseen."""
    return text.replace("&", "&&")


def _build(row: ActionRow[Any], parent: QWidget, theme: Theme) -> QAction:
    action = QAction(_(row.text), parent)
    action.setObjectName(f"{row.key}Action")
    action.setShortcuts([QKeySequence(key) for key in row.shortcuts])
    action.setShortcutContext(row.context)
    action.setCheckable(row.checkable or row.toggle is not None)
    action.setAutoRepeat(not action.isCheckable())  # a held key would turn it on and off again
    action.setToolTip(row.tooltip)
    action.setStatusTip(_(row.help))
    action.setWhatsThis(_(row.help))  # unlike the status tip, also while the action is disabled
    if row.icon:
        action.setIcon(icon(row.icon, theme))
    return action


def _tooltip(row: ActionRow[Any], run: Run | None) -> str:
    return row.tooltip if run is None else f"{display_name(run)}: {row.tooltip}"
