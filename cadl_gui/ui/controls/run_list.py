"""The list of the window's runs, each with its letter, colour and miniature."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu

from cadl_gui.engine.engine import Engine
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.words import _
from cadl_gui.ui.controls.current_list import CurrentList
from cadl_gui.ui.controls.miniatures import Miniatures
from cadl_gui.ui.controls.run_delegate import RunDelegate
from cadl_gui.ui.controls.run_list_model import RUN_ROLE, RunListModel
from cadl_gui.ui.theme.theme import Theme

_Index = QModelIndex | QPersistentModelIndex


class RunList(CurrentList):
    """Lists the runs: the current row is the run shown, and a box at the right selects runs to compare.

    Attributes:
        renaming_ended: Signal, a name is no longer being edited, whether it was changed or not.
    """

    def __init__(self, engine: Engine, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("runList")
        self.setAccessibleName(_("Runs"))
        self._engine = engine
        self._model = RunListModel(engine, self)
        self.setModel(self._model)
        miniatures = Miniatures(engine, theme, self)
        miniatures.changed.connect(self._model.refresh_run)
        self._rows = RunDelegate(theme, miniatures, self)
        self._rows.menu_requested.connect(self.open_menu)
        self.setItemDelegate(self._rows)
        self.renaming_ended = self._rows.closeEditor  # after the list, which closes it
        self.setEditTriggers(QListView.EditTrigger.DoubleClicked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.clicked.connect(self._on_clicked)
        engine.view.bind(self, lambda: engine.view.run, self._follow_view)

    @property
    def is_collapsed(self) -> bool:
        """Whether there is room for the badges only."""
        return self._rows.is_collapsed

    @property
    def is_renaming(self) -> bool:
        """Whether a name is being edited."""
        return self.state() is QListView.State.EditingState

    def check_rect(self, index: _Index) -> QRect:
        """Return where a run's box to compare it is, in the viewport."""
        return self._rows.check_rect(self.visualRect(index), index)

    def menu_rect(self, index: _Index) -> QRect:
        """Return where the button of a run's menu is, in the viewport."""
        return self._rows.menu_rect(self.visualRect(index), index)

    def dataChanged(self, first: _Index, last: _Index, roles: Sequence[int] = ()) -> None:  # noqa: N802 (Qt)
        """Paint the rows that changed; `QListView` would lay out and paint all, although none is higher."""
        QAbstractItemView.dataChanged(self, first, last, roles)

    def rowsAboutToBeRemoved(self, parent: _Index, first: int, last: int) -> None:  # noqa: N802 (Qt)
        """Go to the run that is shown now; Qt would go to a neighbour, as if it had been clicked."""
        self._follow_view()
        super().rowsAboutToBeRemoved(parent, first, last)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ignore a press on a heading, which belongs to the row below it."""
        if not self._rows.is_on_heading(self, event.position().toPoint()):
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Compare the current run, or not, with the space bar; once, however long it is held."""
        index = self.currentIndex()
        if event.key() == Qt.Key.Key_Space and index.isValid() and not event.modifiers():
            if not event.isAutoRepeat():
                self._rows.toggle(self._model, index)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the run shown in sight; a list that only opens over the page stays as it was scrolled."""
        super().resizeEvent(event)
        if event.size().height() != event.oldSize().height() and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def event(self, event: QEvent) -> bool:
        """Take the space bar from the window's actions while the list has the focus."""
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space and not event.modifiers()
        if is_space and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    @Slot(QModelIndex, QPoint)
    def open_menu(self, index: QModelIndex, place: QPoint) -> None:
        """Show a run, and open its menu at a place in the viewport."""
        self.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions())
        menu.popup(self.viewport().mapToGlobal(place))

    def rename_current(self) -> None:
        """Start editing the name of the run shown."""
        index = self.currentIndex()
        if index.isValid():
            self.scrollTo(index)
            self.edit(index)

    def _follow_view(self) -> None:
        self.go_to(self._model.row_of(self._engine.view.run))

    @Slot(QModelIndex)
    def _on_current_changed(self, index: QModelIndex) -> None:
        run = index.data(RUN_ROLE)
        if isinstance(run, ExpectedRun):
            self._follow_view()
        elif run is not None and run is not self._engine.view.run:
            self._engine.view.show_run(run)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        run = index.data(RUN_ROLE)
        if isinstance(run, ExpectedRun):
            self._engine.notifications.show_status(self._why_not_shown(run))

    def _why_not_shown(self, run: ExpectedRun) -> str:
        match self._engine.training.state:
            case TrainingState.LOADING:
                return _("{letter} {name} can be shown once TensorFlow has loaded.").format(
                    letter=run.letter, name=run.name
                )
            case TrainingState.UNAVAILABLE:
                return _("{letter} {name} cannot be shown: TensorFlow could not be loaded.").format(
                    letter=run.letter, name=run.name
                )
        return _("{letter} {name} is being read.").format(letter=run.letter, name=run.name)
