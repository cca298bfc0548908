"""Builds the pages of the window's tabs, most of them after its first paint."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.tab_page import PageContext, TabPage
from cadl_gui.ui.tabs import START_TAB, TABS, TabSpec
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.pen_watch import PenWatch
from cadl_gui.ui.window.tab_widget import TabWidget
from cadl_gui.ui.window.window_part import WindowPart

_BETWEEN_PIECES_MS = 20
"""Pause between two pieces while the window is completed, in which it can paint and handle clicks."""

_AFTER_OPENING_MS = 250
"""Pause after a page was opened: what it shows at first, and the hand on it, go before the other pages."""


class TabBuilder(WindowPart):
    """Builds the pages from the table of tabs, with their menus and the actions that show them.

    All tabs are in the bar from the beginning, so that none moves under the pointer. A page that is not built
    yet is built as soon as its tab is chosen.

    Args:
        window: window whose menu bar gets a menu for each tab.
        tabs: tab widget that gets the pages.
        theme: for icons.

    Attributes:
        action_set: an action for each tab, in order.

    Signals:
        added: (`TabPage`) a page was built.
        completed: all pages were built, and no button or pen is down.
    """

    added = Signal(object)
    completed = Signal()

    def __init__(self, window: QMainWindow, tabs: TabWidget, theme: Theme) -> None:
        super().__init__(window)
        self._tabs = tabs
        self._specs = TABS
        self._context: PageContext | None = None
        self._pages: dict[str, TabPage] = {}
        self._to_build: list[Callable[[], None]] = []
        self._pen: PenWatch | None = None
        self._next = Timer(self, self._build_next)
        for spec in self._specs:
            tabs.addTab(QWidget(), _(spec.title))
        self.action_set = ActionSet(
            [_row(spec, number) for number, spec in enumerate(self._specs, 1)], self, theme, window
        )
        tabs.currentChanged.connect(self._on_tab_changed)

    @property
    def pages(self) -> Sequence[TabPage]:
        """The pages built so far."""
        return tuple(self._pages.values())

    @property
    def current(self) -> str:
        """The objectName of the page that is shown."""
        return self._specs[self._tabs.currentIndex()].name

    def show(self, name: str) -> None:
        """Show the page with this objectName."""
        self._tabs.setCurrentIndex(self._index(name))

    def choose(self, name: str) -> None:
        """Show the page with this objectName, also if it is shown, and give the focus to its main view."""
        self.show(name)
        if name in self._pages:
            self._pages[name].focus_main_view()

    def build_first(self, context: PageContext) -> None:
        """Build the page that is shown at the first start; `complete` builds the others."""
        self._context = context
        with QSignalBlocker(self._tabs):
            self.show(START_TAB)
        self._build(START_TAB)
        others = [partial(self._build, spec.name) for spec in self._specs if spec.name != START_TAB]
        # Last the plot, whose library takes long to import, while networks could already answer elsewhere.
        self._to_build = [*others, self._pages[START_TAB].complete]

    def complete(self) -> None:
        """Build the remaining pages at once; a failing one stops no other, its error is raised at last."""
        try:
            while self._to_build:
                self._to_build.pop(0)()
        finally:
            if self._to_build:
                self.complete()
            else:
                self._end()
                self.completed.emit()

    def complete_between_frames(self, first: str) -> None:
        """Build the remaining pages one by one, leaving time to paint in between, while no pen is down.

        Args:
            first: objectName of the page to begin with, such as the one that was shown last; "" for none.
        """
        self._pen = PenWatch(self.window.windowHandle())
        if any(spec.name == first for spec in self._specs):
            self._to_build.insert(0, partial(self._build, first))
        self._next.start(_BETWEEN_PIECES_MS)

    def stop(self) -> None:
        """Stop building, because the window is closed."""
        self._to_build.clear()
        self._end()

    def _end(self) -> None:
        if self._pen is not None:
            self._pen.deleteLater()
            self._pen = None

    def _wait_for_release(self) -> None:
        """Let the window handle the release; any longer, the next stroke of a fast hand would have begun."""
        QTimer.singleShot(0, self._build_next)

    @Slot()
    def _build_next(self) -> None:
        if self._pen is None:
            return  # all is built, or the window has been closed
        if self._pen.is_down:
            self._pen.call_when_lifted(self._wait_for_release)
        elif self._to_build:
            shown = self.current
            try:
                self._to_build.pop(0)()
            finally:  # a page that fails stops no other
                self._next.start(_BETWEEN_PIECES_MS if self.current == shown else _AFTER_OPENING_MS)
        else:
            self.complete()

    @Slot(int)
    def _on_tab_changed(self, index: int) -> None:
        self._build(self._specs[index].name)
        if self._next.isActive():
            self._next.start(_AFTER_OPENING_MS)
        self.action_set.refresh()

    def _build(self, name: str) -> None:
        """Build a page, unless it is built, and put it into the place that its tab has kept for it."""
        if name in self._pages or self._context is None:
            return
        index = self._index(name)
        page = self._specs[index].load()(self._context)
        page.setObjectName(name)
        self._pages[name] = page
        empty, shown = self._tabs.widget(index), self._tabs.currentIndex()
        assert empty is not None, "every page has a place from the beginning"
        with QSignalBlocker(self._tabs):
            self._tabs.insertTab(index, page, _(self._specs[index].title))
            if shown == index:
                self._tabs.setCurrentIndex(index)
            self._tabs.removeTab(index + 1)
        empty.deleteLater()
        if page.actions():
            self._add_menu(page, self._specs[index].title)
        self.added.emit(page)

    def _add_menu(self, page: TabPage, title: str) -> None:
        """Add a menu with the tab's actions, visible while the tab is; its property names the tab."""
        window = self.window
        menu = QMenu(window)
        menu.setProperty("tab", page.objectName())
        menu.addActions(page.actions())
        help_menu = window.menuBar().actions()[-1]
        window.menuBar().insertMenu(help_menu, menu)

        def set_visible(visible: bool) -> None:
            menu.menuAction().setVisible(visible)
            # Qt keeps the key of a hidden menu, and Data and Draw have the same one.
            menu.setTitle(f"&{_(title)}" if visible else _(title))

        set_visible(page.isVisible())
        page.visibility_changed.connect(set_visible)

    def _index(self, name: str) -> int:
        return next(index for index, spec in enumerate(self._specs) if spec.name == name)


def _row(spec: TabSpec, number: int) -> ActionRow[TabBuilder]:
    return ActionRow(
        key=spec.name,
        menu="View",
        text=_("{title} tab").format(title=_(spec.title)),
        help=spec.help,
        shortcuts=(f"Ctrl+{number}",),
        checkable=True,
        group="tab",
        callback=lambda host: host.choose(spec.name),
        checked=lambda host: host.current == spec.name,
    )
