"""The flat list of a graph's operations, as the lecture prints it, searchable."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Slot,
)
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cadl_gui.core.operations import Operation
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_NARROW_COLUMN_PX = 150
_COLUMNS = ("Operation", "Kind", "Gives")
_Index = QModelIndex | QPersistentModelIndex


class OperationsView(QWidget):
    """`[op.name for op in g.get_operations()]`, with kinds and shapes; a search narrows it as one types."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _OperationsModel(self)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self._model)
        self._found.setFilterKeyColumn(-1)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._search = QLineEdit()
        self._search.setObjectName("operationSearch")
        self._search.setPlaceholderText("Search, such as Conv2D or encoder_1")
        self._search.setAccessibleName("Search operations")
        self._search.setClearButtonEnabled(True)
        self._count = QLabel()
        self._count.setObjectName("operationCount")
        set_style_property(self._count, "textRole", "caption")
        set_style_property(self._count, "secondary", value=True)
        self._table = QTableView()
        self._set_up_table()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_SMALL_PX)
        for widget in (self._search, self._count, self._table):
            column.addWidget(widget)
        self._search.textChanged.connect(self._on_search)
        copy = QShortcut(QKeySequence.StandardKey.Copy, self._table, self._copy)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._tell()

    def set_operations(self, operations: Sequence[Operation]) -> None:
        """List these, in the graph's order."""
        self._model.set_operations(operations)
        self._tell()

    def _set_up_table(self) -> None:
        table = self._table
        table.setObjectName("operationList")
        table.setAccessibleName("Operations of the graph")
        table.setModel(self._found)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, _NARROW_COLUMN_PX)
        header.setHighlightSections(False)

    @Slot(str)
    def _on_search(self, words: str) -> None:
        self._found.setFilterFixedString(words.strip())
        self._tell()

    @Slot()
    def _copy(self) -> None:
        """Put the names of the selected operations on the clipboard, a line each."""
        rows = self._table.selectionModel().selectedRows(0)
        QGuiApplication.clipboard().setText("\n".join(index.data() for index in rows))

    def _tell(self) -> None:
        n, found = self._model.rowCount(), self._found.rowCount()
        if n == 0:
            self._count.setText("The graph is traced when it is first asked for.")
        elif found == n:
            self._count.setText(f"{n:,} operations, in the order of the graph")
        else:
            self._count.setText(f"{found:,} of {n:,} operations")


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
        return self._operations[index.row()][index.column()]

    def headerData(  # noqa: N802 (Qt)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section]
        return None
