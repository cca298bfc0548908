"""The window: runs on the left, tabs, the timeline along the bottom."""

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.position import UNTRAINED
from cadl_gui.domain.presets import PRESETS
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.training_controller import TrainingState
from cadl_gui.ui.actions import ACTIONS, TAB_KEYS, build_actions
from cadl_gui.ui.page import Page
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.shell.file_deeds import FileDeeds
from cadl_gui.ui.shell.help_deeds import HelpDeeds
from cadl_gui.ui.shell.notices import Notices
from cadl_gui.ui.shell.page_tabs import PageTabs
from cadl_gui.ui.shell.run_deeds import RUN_MENU, RunDeeds
from cadl_gui.ui.tabs.train_tab import TrainTab
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme, ThemeMode
from cadl_gui.ui.theme.tokens import PAGE_MARGIN_PX
from cadl_gui.ui.widgets.bent_strip import BentStrip
from cadl_gui.ui.widgets.notice_strip import NoticeStrip
from cadl_gui.ui.widgets.runs_panel import RunsPanel
from cadl_gui.ui.widgets.status_bar import StatusBar
from cadl_gui.ui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from cadl_gui.ui.shell.unsaved_drawings import UnsavedDrawings

_FIRST_SIZE = QSize(1440, 900)
_DECORATION = QSize(4, 36)
"""Room for the frame and title bar that a window manager adds."""
_RUNS_FIT_FROM_PX = 1200
_PURPOSE_FITS_FROM_PX = 1000
_PURPOSE = "Watch small neural networks learn: train one, draw a digit, drag through what it knows."
"""Said at the first start, beside the tabs, where nothing else is."""
_STATUS_REFRESH_MS = 200
_REMARK_MS = 8000
_BETWEEN_PIECES_MS = 20
"""While the window is completed, it is painted and hears of clicks so often."""


class MainWindow(QMainWindow):
    """Lays the parts out and connects each action with what it does; holds no facts of its own.

    Signals:
        painted: the window has been painted for the first time.
    """

    painted = Signal()

    def __init__(self, engine: Engine, theme: Theme, settings: Settings, log_file: str) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("Watch networks learn")  # Qt adds the name of the program
        self.setMinimumSize(800, 600)
        self.setAcceptDrops(True)
        self._engine = engine
        self._theme = theme
        self._settings = settings
        self._help = HelpDeeds(self, engine, theme, log_file)
        self._files = FileDeeds(self, engine, theme, settings)
        self._unsaved: UnsavedDrawings | None = None
        self._was_painted = False
        self._still_to_build: list[Callable[[], None]] = []
        self._actions = build_actions(self, theme)
        self._actions["form"].setChecked(True)
        self._build()
        self._build_menus()
        self._connect()
        self._restore()
        self._restyle()
        self._refresh_status()

    def complete(self) -> None:
        """Build at once what nobody sees at first: the other tabs, and the plot."""
        for build in self._to_build():
            build()

    def complete_between_frames(self) -> None:
        """Build it piece by piece, once the window has been painted, and leave time to paint in between."""
        self._still_to_build = list(self._to_build())
        QTimer.singleShot(_BETWEEN_PIECES_MS, self._build_next)

    @Slot()
    def _build_next(self) -> None:
        if not self._still_to_build:
            return  # the window was closed meanwhile
        self._still_to_build.pop(0)()
        QTimer.singleShot(_BETWEEN_PIECES_MS, self._build_next)

    def _to_build(self) -> Sequence[Callable[[], None]]:
        """What is left out at first, in order. Each imports what it needs."""
        return (
            self._train_tab.load_plot,
            self._add_draw_tab,
            self._add_latent_tab,
            self._add_inspect_tab,
            self._show_last_tab,
        )

    def _add_draw_tab(self) -> None:
        from cadl_gui.ui.shell.unsaved_drawings import UnsavedDrawings
        from cadl_gui.ui.tabs.draw_tab import DrawTab

        draw_tab = DrawTab(self._engine, self._theme)
        draw_tab.training_wanted.connect(self._train_with)
        if self._settings.brush is not None:
            draw_tab.set_brush(self._settings.brush)
        draw_tab.brush_changed.connect(self._on_brush)
        self._unsaved = UnsavedDrawings(self, draw_tab.teaching)
        self._add_page(draw_tab, "Draw")

    def _add_latent_tab(self) -> None:
        from cadl_gui.ui.tabs.latent_tab import LatentTab

        self._add_page(LatentTab(self._engine, self._theme), "Latent")

    def _add_inspect_tab(self) -> None:
        from cadl_gui.ui.tabs.inspect_tab import InspectTab

        self._add_page(InspectTab(self._engine, self._theme), "Inspect")

    def _show_last_tab(self) -> None:
        """Show the tab of the last time, unless another one has been chosen meanwhile."""
        if self._tabs.currentIndex() == 0:
            self._show_page(self._settings.tab)

    @Slot(int)
    def _on_brush(self, size: int) -> None:
        self._settings.brush = size

    def open_when_ready(self, paths: Iterable[Path], *, show: bool = True) -> None:
        """Open checkpoints and run folders as soon as TensorFlow is there; see `RunRegistry.open`."""
        self._files.open(paths, show=show)

    def open_again(self, but: Collection[Path]) -> None:
        """Open what was open the last time as soon as TensorFlow is there, but for what is opened anyway."""
        self._files.open_again(but)

    @Slot(list)
    def come_forward(self, paths: list[Path]) -> None:
        """The program was started again: open its files in this window, and show it."""
        self.open_when_ready(paths)
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    @Slot(str, str)
    def tell_error(self, sentence: str, details: str) -> None:
        """Say in the strip that something went wrong, with details for whoever asks."""
        self._notices.tell_failure(sentence, details, None)

    def _build(self) -> None:
        self._runs_panel = RunsPanel(self._engine, self._theme)
        self._runs = RunDeeds(self._engine, self._theme, self._runs_panel, self._files)
        self._runs_panel.list.addActions([self._actions[key] for key in RUN_MENU])
        self._notice = NoticeStrip(self._theme)
        self._notices = Notices(self._engine, self._notice)
        self._bent_strip = BentStrip(self._engine, self._theme)
        self._status_bar = StatusBar(self._engine)
        self.setStatusBar(self._status_bar)
        self._train_tab = TrainTab(self._engine, self._theme, self._actions)
        self._pages: list[Page] = []
        self._tabs = PageTabs()
        self._tabs.setObjectName("tabs")
        self._tabs.setDocumentMode(True)
        self._purpose = QLabel(_PURPOSE)
        self._purpose.setObjectName("purposeLabel")
        self._purpose.setIndent(PAGE_MARGIN_PX)
        set_style_property(self._purpose, "secondary", value=True)
        self._purpose.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._tabs.add_beside(self._purpose)
        self._tabs.add_beside(self._bent_strip)
        self._is_first_start = self._settings.geometry is None
        self._add_page(self._train_tab, "Train")
        upper = QHBoxLayout()
        upper.setContentsMargins(0, 0, 0, 0)
        upper.setSpacing(0)
        upper.addWidget(self._runs_panel)
        self._runs_edge = _hairline(QFrame.Shape.VLine)
        upper.addWidget(self._runs_edge)
        upper.addLayout(self._lay_out_pages(), stretch=1)
        self._timeline = Timeline(self._engine, self._theme, self._actions)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper, stretch=1)
        column.addWidget(_hairline(QFrame.Shape.HLine))
        column.addWidget(self._timeline)
        self.setCentralWidget(central)

    def _lay_out_pages(self) -> QGridLayout:
        """A notice lies over the foot of the page: it moves nothing away from under the pointer."""
        pages = QGridLayout()
        pages.addWidget(self._tabs, 0, 0)
        pages.addWidget(self._notice, 0, 0, Qt.AlignmentFlag.AlignBottom)
        self._notice.raise_()
        return pages

    def _add_page(self, page: Page, title: str) -> None:
        page.failed.connect(self._notices.tell_page_failure)
        page.wanted.connect(lambda: self._tabs.setCurrentWidget(page))
        page.pointer_text.connect(self._status_bar.pointer_label.setText)
        self._pages.append(page)
        self._tabs.addTab(page, title)
        self._actions[page.objectName()].setEnabled(True)
        if page.actions():
            self._add_tab_menu(page, title)

    def _add_tab_menu(self, page: Page, title: str) -> None:
        """What can be done in a tab is found in a menu that is there while the tab is seen."""
        menu = QMenu(title, self)
        menu.addActions(page.actions())
        self.menuBar().insertMenu(self._help_menu.menuAction(), menu)
        menu.menuAction().setVisible(page.isVisible())
        page.looked_at.connect(menu.menuAction().setVisible)

    def _build_menus(self) -> None:
        menus: dict[str, QMenu] = {}
        for row in ACTIONS:
            if row.menu not in menus:
                menus[row.menu] = self.menuBar().addMenu(row.menu)
            if row.separated:
                menus[row.menu].addSeparator()
            menus[row.menu].addAction(self._actions[row.key])
            if row.key == "open_run":
                recent = menus[row.menu].addMenu("Open recent")
                recent.setToolTipsVisible(True)
                recent.aboutToShow.connect(lambda menu=recent: self._files.fill_recent(menu))
        self._help_menu = menus["Help"]
        self._tab_group = QActionGroup(self)
        for key in TAB_KEYS:
            self._tab_group.addAction(self._actions[key])
        for key in TAB_KEYS[1:]:
            self._actions[key].setEnabled(False)  # until `complete` has built it
        self._theme_group = QActionGroup(self)
        for mode in ("light", "dark", "system"):
            self._theme_group.addAction(self._actions[mode])
        self._actions[self._theme.mode].setChecked(True)
        self._actions["reduce_motion"].setChecked(self._theme.reduce_motion)

    def _connect(self) -> None:
        engine, view = self._engine, self._engine.view
        deeds: dict[str, Callable[[], object]] = {
            "open": self._files.choose_checkpoint,
            "open_run": self._files.choose_run,
            "save": self._files.choose_where_to_save,
            "export": self._files.export,
            "quit": self.close,
            "train": self._train,
            "trainBeside": self._train_beside,
            "pause": self._pause_or_resume,
            "step": self._step,
            "stop": engine.training.stop,
            "rewind": engine.training.rewind,
            **self._runs.deeds,
            "back": lambda: view.step(-1),
            "forward": lambda: view.step(1),
            "first": lambda: view.show(UNTRAINED),
            "live": view.follow,
            "play": self._timeline.toggle_play,
            "light": lambda: self._choose_theme("light"),
            "dark": lambda: self._choose_theme("dark"),
            "system": lambda: self._choose_theme("system"),
            "present": self._toggle_present,
            "full_screen": self._toggle_full_screen,
            "ink": self._choose_ink,
            "reduce_motion": self._choose_motion,
            **self._help.deeds,
        }
        for key, deed in deeds.items():
            self._actions[key].triggered.connect(deed)
        self._tab_group.triggered.connect(self._on_tab_chosen)
        self._tabs.currentChanged.connect(self._on_page_changed)
        self._on_page_changed()
        engine.training.state_changed.connect(self._refresh_status)
        self._runs.told.connect(self._notices.tell)
        self._notices.settings_wanted.connect(self._show_in_form)
        self._runs.remarked.connect(self._remark)
        self._runs_panel.list.remarked.connect(self._remark)
        self._runs.settings_wanted.connect(self._show_in_form)
        self._files.dataset_chosen.connect(self._train_on)
        engine.runs.interrupted.connect(self._runs.offer_to_continue)
        view.run_changed.connect(self._refresh_status)
        view.position_changed.connect(self._refresh_status)
        engine.notifications.saved.connect(self._on_saved)
        self._help.saved.connect(self._on_saved)
        self._theme.changed.connect(self._restyle)
        self._status_timer = QTimer(self)
        self._status_timer.timeout.connect(self._refresh_status)
        self._status_timer.start(_STATUS_REFRESH_MS)

    # What the actions do.

    @Slot()
    def _train(self) -> None:
        self._engine.training.train(self._train_tab.form.config())
        self._make_room_for_pictures()

    @Slot()
    def _train_beside(self) -> None:
        self._engine.training.train(self._train_tab.form.config(), beside=True)
        self._make_room_for_pictures()

    @Slot()
    def _pause_or_resume(self) -> None:
        if self._engine.training.state is TrainingState.PAUSED:
            self._engine.training.resume()
        else:
            self._engine.training.pause()

    @Slot()
    def _step(self) -> None:
        if self._engine.training.run is None:
            self._engine.training.train(self._train_tab.form.config(), paused=True)
            self._make_room_for_pictures()
        self._engine.training.step()

    @Slot()
    def _choose_ink(self) -> None:
        self._theme.display.set_inverted(self._actions["ink"].isChecked())

    def _choose_theme(self, mode: ThemeMode) -> None:
        self._settings.theme_mode = mode
        self._theme.set_mode(mode)

    @Slot()
    def _choose_motion(self) -> None:
        reduced = self._actions["reduce_motion"].isChecked()
        self._settings.reduce_motion = reduced
        self._theme.set_reduce_motion(reduced)

    @Slot()
    def _toggle_present(self) -> None:
        present = self._actions["present"].isChecked()
        self._actions["form"].setChecked(not present)
        self._theme.set_present(present)

    @Slot()
    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # What the window shows of itself.

    def _show_page(self, name: str) -> None:
        """Show the tab that is called so, if it is there already."""
        for page in self._pages:
            if page.objectName() == name:
                self._tabs.setCurrentWidget(page)

    @Slot(QAction)
    def _on_tab_chosen(self, action: QAction) -> None:
        self._show_page(action.data())

    @Slot()
    def _on_page_changed(self) -> None:
        self._actions[self._tabs.currentWidget().objectName()].setChecked(True)

    @Slot(object)
    def _show_in_form(self, config: RunConfig) -> None:
        self._train_tab.form.show_configuration(config)
        self._actions["form"].setChecked(True)
        self._tabs.setCurrentWidget(self._train_tab)

    @Slot(object)
    def _train_with(self, taught: Path) -> None:
        self._train_tab.form.show_value("taught", str(taught))
        self._actions["form"].setChecked(True)
        self._tabs.setCurrentWidget(self._train_tab)

    @Slot(str)
    def _train_on(self, dataset: str) -> None:
        self._train_tab.form.show_value("dataset", dataset)
        self._actions["form"].setChecked(True)
        self._tabs.setCurrentWidget(self._train_tab)

    @Slot(object)
    def _on_saved(self, path: Path) -> None:
        self._remark(f"Saved {path}")

    @Slot(str)
    def _remark(self, sentence: str) -> None:
        """Say it in the status bar for a while."""
        self._status_bar.showMessage(sentence, _REMARK_MS)

    def _make_room_for_pictures(self) -> None:
        if not self._train_tab.has_room_for_form:
            self._actions["form"].setChecked(False)

    @Slot()
    def _refresh_status(self) -> None:
        engine, run = self._engine, self._engine.view.run
        can_save = run is not None and engine.is_ready and not run.description.is_graph
        for key in ("save", "export"):
            self._actions[key].setEnabled(can_save)
        self._runs.refresh(self._actions)
        self._status_bar.refresh()

    @Slot()
    def _restyle(self) -> None:
        present = self._theme.present
        self._actions["present"].setChecked(present)
        self._runs_panel.setVisible(not present)
        self._runs_edge.setVisible(not present)
        # Hiding the menu bar would take its shortcuts along, but the actions belong to the window too.
        self.menuBar().setVisible(not present)
        self._status_bar.setVisible(not present)
        self._fold()

    def _fold(self) -> None:
        self._runs_panel.set_folded(self.width() < _RUNS_FIT_FROM_PX)
        has_room = self.width() >= _PURPOSE_FITS_FROM_PX and not self._theme.present
        self._purpose.setVisible(self._is_first_start and has_room)

    def _restore(self) -> None:
        geometry = self._settings.geometry
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(_FIRST_SIZE.boundedTo(self.screen().availableSize() - _DECORATION))
        preset = PRESETS.get(self._settings.preset)
        if preset is not None:
            self._train_tab.form.show_configuration(preset.config)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the run list, and leave out what the program is for, where there is little room."""
        super().resizeEvent(event)
        self._fold()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first paint, for which everything slow has to wait."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take checkpoints, run folders and datasets."""
        if self._files.dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open them."""
        self._files.drop(event.mimeData())
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window and its runs. A training is stopped and kept, so only drawings need asking."""
        if self._unsaved is not None and not self._unsaved.are_settled():
            event.ignore()
            return
        self._settings.geometry = self.saveGeometry()
        if self._tabs.count() == len(TAB_KEYS):  # else there was no choice yet
            self._settings.tab = self._tabs.currentWidget().objectName()
        self._settings.preset = self._train_tab.form.preset
        self._files.remember_open()
        self._still_to_build.clear()
        event.accept()


def _hairline(shape: QFrame.Shape) -> QFrame:
    """A line between two regions, and the only frame that there is."""
    line = QFrame()
    line.setFrameShape(shape)
    return line
