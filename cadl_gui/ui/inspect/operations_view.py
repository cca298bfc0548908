"""The searchable list of a graph's operations, as printed in the lecture."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Slot,
)
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTableView, QWidget

from cadl_gui.domain.operations import Operation
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.words import _
from cadl_gui.ui.chosen import Chosen
from cadl_gui.ui.controls.parts import column_in, label, named
from cadl_gui.ui.figures.figure import rendered
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.figures.hover_text import send_hover_text
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_NARROW_COLUMN_PX = 150
_COLUMNS = (_("Operation"), _("Kind"), _("Gives"))
_Index = QModelIndex | QPersistentModelIndex


class OperationsView(QWidget):
    """Lists `[op.name for op in g.get_operations()]` with kinds and shapes, filtered as the user types.

    Args:
        theme: Colours, type and icons.
        jobs: Runs the jobs that write image files.
        view: Has the text that is searched.
    """

    def __init__(self, theme: Theme, jobs: BackgroundJobs, view: ViewState) -> None:
        super().__init__()
        self._view = view
        self._model = _OperationsModel(self)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self._model)
        self._found.setFilterKeyColumn(-1)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._search = named(QLineEdit(), "operationSearch", says=_("Search operations"))
        self._search.setPlaceholderText(_("Search, such as Conv2D or encoder_1"))
        self._search.setClearButtonEnabled(True)
        self._count = label("", "operationCount", textRole="caption", secondary=True)
        self._panel = FigurePanel(_OperationsTable(self._found), theme, jobs, _("Operations"))
        self.setFocusProxy(self._panel)
        column_in(self, GAP_SMALL_PX, self._search, self._count, (self._panel, 1))
        Chosen(self._search, view, "inspect", "search")
        view.bind(self, lambda: view.value.inspect.search, self._find)

    @property
    def is_empty(self) -> bool:
        """Whether no operations are listed."""
        return not self._model.rowCount()

    def set_operations(self, operations: Sequence[Operation]) -> None:
        """List operations, in the order given."""
        self._model.set_operations(operations)
        self._report()

    def set_note(self, note: str) -> None:
        """Set the note at the right of the title."""
        self._panel.set_note(note)

    def _find(self) -> None:
        self._found.setFilterFixedString(self._view.value.inspect.search.strip())
        self._report()

    def _report(self) -> None:
        n, found = self._model.rowCount(), self._found.rowCount()
        if n == 0:
            self._count.setText(_("The graph is traced when it is first asked for."))
        elif found == n:
            self._count.setText(_("{n:,} operations, in the order of the graph").format(n=n))
        else:
            self._count.setText(_("{found:,} of {n:,} operations").format(found=found, n=n))


class _OperationsTable(QTableView):
    """The table, a `Figure`. The Copy shortcut copies names; the panel's menu copies an image."""

    def __init__(self, found: QSortFilterProxyModel) -> None:
        super().__init__()
        named(self, "operationList", says=_("Operations of the graph"))
        self.setModel(found)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, _NARROW_COLUMN_PX)
        header.setHighlightSections(False)
        self.entered.connect(self._emit_row)
        self.viewportEntered.connect(self._tell_nothing)

    def render_image(self, scale: float) -> QImage:
        """Render the visible rows with `scale` image pixels per widget pixel."""
        return rendered(self, scale)

    def event(self, event: QEvent) -> bool:
        """Claim the Copy shortcut before the panel does."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.matches(QKeySequence.StandardKey.Copy)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the names of the selected operations, one per line."""
        if not event.matches(QKeySequence.StandardKey.Copy):
            super().keyPressEvent(event)
            return
        rows = self.selectionModel().selectedRows(0)
        QGuiApplication.clipboard().setText("\n".join(index.data() for index in rows))

    def leaveEvent(self, event: QEvent) -> None:
        """Clear the hover text."""
        super().leaveEvent(event)
        self._tell_nothing()

    @Slot()
    def _tell_nothing(self) -> None:
        send_hover_text(self, "")

    @Slot(QModelIndex)
    def _emit_row(self, index: QModelIndex) -> None:
        send_hover_text(self, " · ".join(index.siblingAtColumn(i).data() for i in range(len(_COLUMNS))))


class _OperationsModel(QAbstractTableModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._operations: Sequence[Operation] = ()

    def set_operations(self, operations: Sequence[Operation]) -> None:
        self.beginResetModel()
        self._operations = operations
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._operations)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt)
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        text = self._operations[index.row()][index.column()]
        return plain_tip(text) if role == Qt.ItemDataRole.ToolTipRole else text

    def headerData(  # noqa: N802 (Qt)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section]
        return None
