"""The command palette: finds any menu command by typing."""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QMenu,
    QMenuBar,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_in, named
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, PAGE_MARGIN_PX

_WIDTH_PX, _WIDTH_LETTERS, _HEIGHT_PX = 620, 68, 420
_OWN = "paletteAction"
SUBMENU = "submenu"
"""Property of a menu in another whose entries are commands, too."""
_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class Command(NamedTuple):
    """A menu entry.

    Attributes:
        action: the entry's action.
        menu: the menu that contains it.
    """

    action: QAction
    menu: QMenu

    @property
    def text(self) -> str:
        """The text in the menu, without its mnemonic."""
        return self.action.text().replace("&", "")

    @property
    def menu_title(self) -> str:
        """The title of its menu, without its mnemonic."""
        return self.menu.title().replace("&", "")

    def rank(self, words: list[str]) -> int | None:
        """Return how well the entry matches what was typed, 0 being best; None if it does not match.

        Args:
            words: lower-case words.
        """
        text, whole = self.text.lower(), " ".join(words)
        places = (text, f"{text} {self.menu_title}".lower(), self.action.whatsThis().lower())
        if text.startswith(whole):
            return int(text != whole)
        for rank, place in enumerate(places, 2):
            if all(word in place for word in words):
                return rank
        return None


def commands_of(bar: QMenuBar) -> Iterator[Command]:
    """Yield every entry of every menu, including those of tabs that are not shown."""
    for heading in bar.actions():
        menu = heading.menu()
        assert isinstance(menu, QMenu), "a menu bar holds menus"
        yield from _entries(menu)


def _entries(menu: QMenu) -> Iterator[Command]:
    for action in menu.actions():
        inner: object = action.menu()
        if not isinstance(inner, QMenu):
            if action.text():
                yield Command(action, menu)
        elif inner.property(SUBMENU):  # not one of files or classes
            yield from _entries(inner)


class CommandPalette(Dialog):
    """A search field and a list of matching commands, best first.

    Running a command of a tab that is not shown shows that tab first.

    Args:
        window: parent window.
        bar: menu bar that provides the commands.
    """

    def __init__(self, window: QWidget, bar: QMenuBar) -> None:
        super().__init__(window, "commandPalette", _("Command palette"))
        self.setModal(True)
        wide = max(_WIDTH_PX, _WIDTH_LETTERS * self.fontMetrics().averageCharWidth())
        self.resize(min(wide, window.width() - 2 * PAGE_MARGIN_PX), _HEIGHT_PX)
        self._commands = [command for command in commands_of(bar) if command.action.objectName() != _OWN]
        self._search = named(QLineEdit(), "paletteSearch", says=_("Command"))
        self._search.setPlaceholderText(_("Type what you want to do"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._list_fitting)
        self._search.returnPressed.connect(self._run_current)
        self._search.installEventFilter(self)
        self._list = named(QTreeWidget(), "paletteList", says=_("Commands"))
        self._list.setColumnCount(3)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # typing stays in the search field
        self._list.itemClicked.connect(self._run)
        header = self._list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for detail in (1, 2):
            header.setSectionResizeMode(detail, QHeaderView.ResizeMode.ResizeToContents)
        margins = (GAP_SMALL_PX, GAP_SMALL_PX, GAP_SMALL_PX, GAP_SMALL_PX)
        column_in(self, GAP_SMALL_PX, self._search, self._list, margins=margins)
        self._list_fitting()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the selection with the arrow keys while the search field has the focus."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() in _MOVES:
            self._list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _list_fitting(self) -> None:
        words = self._search.text().lower().split()
        ranked = [(rank, command) for command in self._commands if (rank := command.rank(words)) is not None]
        # Among equally good matches, enabled commands come first, otherwise in the order of the menus.
        ranked.sort(key=lambda found: (found[0], not self._can_run(found[1])))
        self._list.clear()
        for _rank, command in ranked:
            self._list.addTopLevelItem(self._item(command))
        if not ranked:
            nothing = QTreeWidgetItem([_("No menu offers “{text}”.").format(text=self._search.text())])
            nothing.setDisabled(True)
            self._list.addTopLevelItem(nothing)
        self._select_first()

    def _select_first(self) -> None:
        for row in range(self._list.topLevelItemCount()):
            item = self._list.topLevelItem(row)
            if item is not None and not item.isDisabled():
                self._list.setCurrentItem(item)
                return

    def _item(self, command: Command) -> QTreeWidgetItem:
        action = command.action
        item = QTreeWidgetItem([command.text, command.menu_title, action.shortcut().toString()])
        item.setData(0, Qt.ItemDataRole.UserRole, command)
        item.setToolTip(0, action.toolTip())
        item.setDisabled(not self._can_run(command))
        for detail in (1, 2):
            item.setForeground(detail, self.palette().placeholderText())
        return item

    def _can_run(self, command: Command) -> bool:
        """Return whether a command can run; those of a hidden tab are not enabled before the tab is shown."""
        return command.action.isEnabled() or self._tab_to_show(command) is not None

    def _tab_to_show(self, command: Command) -> QAction | None:
        if command.menu.menuAction().isVisible():
            return None
        window, tab = self.parentWidget(), command.menu.property("tab")
        return None if window is None else window.findChild(QAction, f"{tab}Action")

    @Slot()
    def _run_current(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self._run(item)

    @Slot(QTreeWidgetItem)
    def _run(self, item: QTreeWidgetItem) -> None:
        if item.isDisabled():
            return
        command: Command = item.data(0, Qt.ItemDataRole.UserRole)
        tab = self._tab_to_show(command)
        self.accept()
        if tab is not None:
            tab.trigger()
        command.action.trigger()
