"""The main window: runs on the left, tabs, and the timeline along the bottom."""

from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMainWindow, QMenu, QToolButton, QWidget

from cadl_gui.domain.lesson_block import Names
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.sessions import OpenedSession
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow
from cadl_gui.ui.controls.action_button import ActionButton
from cadl_gui.ui.controls.bent_bar import BentBar
from cadl_gui.ui.controls.notification_bar import NotificationBar
from cadl_gui.ui.controls.parts import column_in, named, open_menu, row_of
from cadl_gui.ui.controls.runs_panel import RunsPanel
from cadl_gui.ui.controls.status_bar import StatusBar
from cadl_gui.ui.controls.timeline import Timeline
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.hover_text import HoverText
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.tab_page import PageContext, TabPage
from cadl_gui.ui.tabs import START_TAB, TABS
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import PAGE_MARGIN_PX
from cadl_gui.ui.window.command_palette import SUBMENU
from cadl_gui.ui.window.dataset_opening import DatasetOpening
from cadl_gui.ui.window.edit_actions import EditActions
from cadl_gui.ui.window.file_actions import FileActions
from cadl_gui.ui.window.help_actions import HelpActions
from cadl_gui.ui.window.lesson_actions import LessonActions
from cadl_gui.ui.window.notification_presenter import NotificationPresenter
from cadl_gui.ui.window.run_actions import RUN_MENU, RunActions
from cadl_gui.ui.window.run_trash import RunTrash
from cadl_gui.ui.window.session_actions import SessionActions
from cadl_gui.ui.window.tab_builder import TabBuilder
from cadl_gui.ui.window.tab_widget import TabWidget
from cadl_gui.ui.window.training_actions import TrainingActions
from cadl_gui.ui.window.view_actions import ViewActions
from cadl_gui.ui.window.view_store import ViewStore
from cadl_gui.ui.work_store import WorkStore

_FIRST_SIZE = QSize(1440, 900)
_DECORATION = QSize(4, 36)
"""Space for the frame and the title bar that a window manager adds."""
_RUNS_FIT_FROM_PX = 1224
_WELCOME_FITS_FROM_PX = 1000
_WELCOME = {
    _("Play with it"): "drawTab",
    _("The lecture"): "lesson_1_what_the_computer_sees",
    _("My pictures…"): "open_dataset",
}
"""What a class may begin with, offered in the free space beside the tabs, and the actions."""
_STATUS_REFRESH_MS = 200
_REMARK_MS = 8000

_HEADINGS = {"Lesson": _("Le&sson")}
"""Headings of menus whose first letter another has, such as Latent."""


class MainWindow(QMainWindow):
    """Lays out the parts and connects them; has no state of its own.

    Args:
        engine: opens and trains runs and answers requests.
        theme: colours, fonts and sizes.
        settings: settings stored between sessions.
        log_file: path of the log, as shown to the user.
        work: folder for unsaved work that the next start restores.

    Signals:
        painted: the window was painted for the first time.
        completed: all its parts were built, and nothing is pressed.
    """

    painted = Signal()
    completed = Signal()

    def __init__(self, engine: Engine, theme: Theme, settings: Settings, log_file: str, work: Path) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setMinimumSize(800, 600)
        self.setAcceptDrops(True)
        self._engine = engine
        self._theme = theme
        self._settings = settings
        self._work = WorkStore(engine.jobs, work, self)
        # Once the parts that show notifications are there.
        self._work.unreadable.connect(engine.notifications.warn, Qt.ConnectionType.QueuedConnection)
        self._was_painted = False
        self._build_parts(log_file)
        self._lay_out()
        self._build_menus()
        self._connect()
        self._restore()
        self._restyle()
        self._refresh()
        self.setFocus()  # otherwise a button has the focus, and its ring, before the user touches anything

    @property
    def theme(self) -> Theme:
        """Colours and sizes."""
        return self._theme

    @property
    def lessons(self) -> LessonActions:
        """What plays lessons."""
        return self._lessons

    def complete(self) -> None:
        """Build the parts that are not visible at first, the other pages and the plot, at once."""
        self._builder.complete()

    def complete_between_frames(self) -> None:
        """Build the remaining parts one by one after the first paint, leaving time to paint in between."""
        self._builder.complete_between_frames(self._engine.view.value.tab)

    def open_named(self, paths: Iterable[Path]) -> None:
        """Open what the user has named at a start, as if it were chosen by *Open file*."""
        for path in paths:
            self._files.open_chosen(path)

    def open_again(self, shipped: Iterable[Path], but: Collection[Path] = ()) -> None:
        """Open runs that ship and those of the last session, but these paths, which are opened anyway."""
        self._shown.open_again(shipped, but)

    def show_tab(self, tab: str) -> None:
        """Show the tab with this id once its page is built, unless the user has chosen one by then."""
        self._engine.view.change(tab=f"{tab}Tab")

    @Slot(list)
    def come_forward(self, paths: list[Path]) -> None:
        """Open files and raise the window, after the program was started a second time."""
        self.open_named(paths)
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    @Slot(str, str)
    def report_error(self, message: str, details: str) -> None:
        """Show an unexpected error in the notification bar, with optional details."""
        self._presenter.report_failure(message, details, None)

    def _build_parts(self, log_file: str) -> None:
        engine, theme, settings = self._engine, self._theme, self._settings
        self._runs_panel = RunsPanel(engine, theme)
        self._status_bar = StatusBar(engine, theme)
        self._notification_bar = NotificationBar(theme)
        self._tabs = TabWidget()
        self._presenter = NotificationPresenter(engine, self._notification_bar, self._tabs)
        self._datasets = DatasetOpening(self, engine, theme)
        self._status_bar.insertPermanentWidget(2, self._datasets.status)  # before the compute device
        trash = RunTrash(self._runs_panel, engine)
        self._sessions = SessionActions(self, engine, theme, settings, self._work, trash)
        self._builder = TabBuilder(self, self._tabs, theme)
        self._training = TrainingActions(self, engine, theme, self._datasets)
        train = self._training.action_set["train"]
        self._lessons = LessonActions(self, engine, theme, settings, self._builder, train, _names_beside)
        self._files = FileActions(
            self,
            engine,
            theme,
            settings,
            self._datasets,
            self._sessions.open,
            self._lessons.open,
            partial(self._lessons.for_page, _words_of),
        )
        self._runs = RunActions(self, engine, theme, self._runs_panel, self._files, trash)
        self._edit = EditActions(self, theme, engine, trash.move)
        self._timeline = Timeline(engine, theme, settings, self._training.transport, self)
        self._timeline.row.addWidget(self._datasets.status_in_present)
        self._shown = ViewStore(engine, self._work, self._builder, self)
        self._tabs.currentChanged.connect(self._shown.note_tab)
        self._view = ViewActions(self, theme, settings, engine.view)
        self._help = HelpActions(self, engine, theme, log_file)
        self._action_sets = [
            part.action_set
            for part in (
                self._sessions,
                self._files,
                self._edit,
                self._training,
                self._runs,
                self._timeline,
                self._builder,
                self._view,
                self._lessons,
                self._help,
            )
        ]
        self._actions = {key: action for each in self._action_sets for key, action in each.by_key.items()}
        for part in (self._training, self._runs, self._timeline, self._builder):
            for action in part.action_set:
                action.triggered.connect(self._shown.note_act)

    def _build_menus(self) -> None:
        menus: dict[str, QMenu] = {}

        def add(menu: QMenu, row: ActionRow[Any]) -> None:
            if row.separated:
                menu.addSeparator()
            menu.addAction(self._actions[row.key])

        for row in (row for action_set in self._action_sets for row in action_set.rows):
            if row.menu not in menus:
                menus[row.menu] = self.menuBar().addMenu(_HEADINGS.get(row.menu, f"&{_(row.menu)}"))
            if row.submenu and row.submenu not in menus:
                menus[row.submenu] = menus[row.menu].addMenu(row.submenu)
                menus[row.submenu].setProperty(SUBMENU, True)
            add(menus[row.submenu or row.menu], row)
        brief = QMenu(self)  # what the panel has beside it, and what nobody does before a class, is left out
        for row in self._lessons.action_set.rows:
            if row.presented:
                add(brief, row)
        self._tabs.setCornerWidget(self._corner(brief))
        for menu in (menus["Lesson"], brief):
            self._files.list_lessons(menu)
        menus["File"].insertMenu(self._actions["save"], self._files.recent_menu)
        self._runs_panel.list.addActions([self._actions[key] for key in RUN_MENU])

    def _lay_out(self) -> None:
        self.setStatusBar(self._status_bar)
        self._tabs.setObjectName("tabs")
        self._tabs.setDocumentMode(True)
        self._welcome = self._tiles()
        self._tabs.add_beside(self._welcome, gives_way=True)
        self._tabs.add_beside(BentBar(self._engine, self._theme))
        self._tabs.set_notice(self._notification_bar)
        self._tabs.currentChanged.connect(self._refresh)
        # The shortcuts survive a hidden menu bar, since the actions belong to the window, too.
        self._theme.stage.put(When.AT_A_DESK, self.menuBar(), self._status_bar, self._welcome)
        line = _hairline(QFrame.Shape.VLine)
        upper = row_of(0, self._runs_panel, line, (self._tabs, 1), self._lessons.panel)
        central = QWidget()
        column_in(central, 0, (upper, 1), _hairline(QFrame.Shape.HLine), self._timeline)
        self.setCentralWidget(central)

    def _corner(self, lesson_menu: QMenu) -> QWidget:
        """Return what present mode has beside the tabs in place of the menus: lessons, and the way out."""
        corner, leave = named(QWidget(), "besideTabs"), QToolButton()
        lessons = named(QToolButton(), "lessonMenuButton")
        lessons.setText(_("Lesson"))
        lessons.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        open_menu(lessons, lesson_menu)
        named(leave, "leavePresentButton", _("Leave present mode (F5)"), says=_("Leave present mode"))
        leave.setText(_("Leave"))
        leave.clicked.connect(self._view.action_set["present"].trigger)
        self._theme.stage.put(When.PRESENTING, lessons, leave)
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(lessons)
        row.addWidget(leave)
        return corner

    def _tiles(self) -> QWidget:
        """Return what a class may begin with."""
        tiles = named(QWidget(), "welcomeTiles")
        row = QHBoxLayout(tiles)
        row.setContentsMargins(0, 0, PAGE_MARGIN_PX, 0)
        row.addStretch(1)
        for text, key in _WELCOME.items():
            row.addWidget(named(ActionButton(self._actions[key], text=text), f"{key}Tile"))
        return tiles

    def _connect(self) -> None:
        engine, view = self._engine, self._engine.view
        self._builder.added.connect(self._on_page_added)
        self._builder.completed.connect(self.completed)
        self._builder.build_first(PageContext(engine, self._theme, self._settings, self._actions))
        for said in (view.turned, engine.notifications.status_message):
            said.connect(self._show_status_message)
        self._datasets.reading.connect(self._status_bar.showMessage)
        engine.runs.interrupted.connect(self._runs.offer_to_resume)
        self._theme.changed.connect(self._restyle)
        self._theme.changed.connect(self._engine.view.ask)
        # What the weights of a training move by themselves, the timer refreshes.
        view.bind(self, lambda: (view.run, view.shown.at, engine.training.status), self._refresh)
        self._lessons.panel_turned.connect(self._restyle)
        view.bind(self._builder, lambda: view.value.tab, self._show_wished)
        Timer(self, self._refresh, _STATUS_REFRESH_MS, repeats=True).start()

    @Slot(object)
    def _on_page_added(self, page: TabPage) -> None:
        for panel in page.findChildren(FigurePanel):
            panel.bind_to(self._engine.view, page.objectName(), self._engine.notifications)
        for action in page.actions():
            action.triggered.connect(self._shown.note_act)
        if page.objectName() == self._engine.view.value.tab:
            self._show_wished()

    def _show_wished(self) -> None:
        """Show the page that the view wishes; at a start, once it is built."""
        wished = self._engine.view.value.tab
        is_built = any(page.objectName() == wished for page in self._builder.pages)
        if is_built or (self._was_painted and any(spec.name == wished for spec in TABS)):
            self._builder.show(wished)

    @Slot(str)
    def _show_status_message(self, message: str) -> None:
        """Show a message in the status bar for a few seconds."""
        self._status_bar.showMessage(message, _REMARK_MS)

    @Slot()
    def _refresh(self) -> None:
        for action_set in self._action_sets:
            action_set.refresh()
        on_train = self._builder.current == START_TAB
        self._status_bar.refresh(repeats=on_train)
        self._timeline.offer_transport(not on_train)

    @Slot()
    def _restyle(self) -> None:
        lesson = 0 if self._lessons.panel.isHidden() else self._lessons.panel.width()
        self._runs_panel.set_collapsed(self.width() < _RUNS_FIT_FROM_PX + lesson)
        self._theme.stage.show(self._welcome, self.width() >= _WELCOME_FITS_FROM_PX and not lesson)

    def _restore(self) -> None:
        geometry = self._settings.geometry
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize() - _DECORATION))

    def event(self, event: QEvent) -> bool:
        """Show what is under the pointer."""
        if isinstance(event, HoverText):
            self._status_bar.pointer_label.setText(event.tip())
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Collapse the run list and hide the tiles of the first start in a narrow window."""
        super().resizeEvent(event)
        self._restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Emit `painted` after the first paint; slow work waits for it."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self._shown.watch()
            self.painted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept checkpoints, run folders and datasets."""
        if self._files.dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self._files.drop(event.mimeData())
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save the state of the window and its runs; nothing is lost, so nothing is asked."""
        self._settings.geometry = self._view.geometry
        self._shown.store()
        self._work.flush()
        self._files.stop_sharing()
        self._builder.stop()
        event.accept()


def _names_beside(lesson: Path, open_session: Callable[[Path], OpenedSession]) -> Names:
    # It imports all tabs, which a start does one by one.
    from cadl_gui.ui.window.lesson_names import names_beside

    return names_beside(lesson, open_session)


def _hairline(shape: QFrame.Shape) -> QFrame:
    """Return a one-pixel line between two regions, the only frame in the window."""
    line = QFrame()
    line.setFrameShape(shape)
    return line


def _words_of(name: str) -> str:
    from cadl_gui.ui.window.lesson_names import words_of

    return words_of(name)
