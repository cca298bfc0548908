"""The runs of the window, each with its letter and colour."""

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run, RunState
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, SEMIBOLD

FOLDED_WIDTH_PX, FULL_WIDTH_PX = 56, 232
_BADGE_PX, _ROW_PX = 24, 52
_RUN_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


class RunListModel(QAbstractListModel):
    """The engine's runs as rows; `DisplayRole` is what a screen reader says."""

    def __init__(self, engine: Engine, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine = engine
        self._runs: list[Run] = list(engine.runs)
        engine.run_added.connect(self._on_added)
        engine.run_changed.connect(self._on_changed)
        engine.run_removed.connect(self._on_removed)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """One row a run."""
        return 0 if parent.isValid() else len(self._runs)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text for people, and the run itself."""
        run = self._runs[index.row()]
        if role == _RUN_ROLE:
            return run
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{run.letter} {run.description.name}, {describe(run)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            source = run.description.source
            return f"{run.description.name} · {describe(run)}" + (
                f"\n{source}" if source else "\nIn memory only"
            )
        return None

    def row_of(self, run: Run | None) -> int:
        """Its row, or -1."""
        return self._runs.index(run) if run in self._runs else -1

    @Slot(object)
    def _on_added(self, run: Run) -> None:
        self.beginInsertRows(QModelIndex(), len(self._runs), len(self._runs))
        self._runs.append(run)
        self.endInsertRows()

    @Slot(object)
    def _on_changed(self, run: Run) -> None:
        index = self.index(self.row_of(run))
        self.dataChanged.emit(index, index)

    @Slot(object)
    def _on_removed(self, run: Run) -> None:
        row = self.row_of(run)
        self.beginRemoveRows(QModelIndex(), row, row)
        self._runs.remove(run)
        self.endRemoveRows()


class RunList(QListView):
    """The current row is the run that the window shows."""

    def __init__(self, engine: Engine, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runList")
        self.setAccessibleName("Runs")
        self._engine = engine
        self._model = RunListModel(engine, self)
        self.setModel(self._model)
        self.setItemDelegate(_RunDelegate(theme, self))
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        engine.view.run_changed.connect(self._follow_view)

    @property
    def is_folded(self) -> bool:
        """Whether only the badges have room."""
        return self.width() < FULL_WIDTH_PX // 2

    @Slot()
    def _follow_view(self) -> None:
        row = self._model.row_of(self._engine.view.run)
        self.selectionModel().setCurrentIndex(
            self._model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    @Slot(QModelIndex)
    def _on_current_changed(self, index: QModelIndex) -> None:
        run = index.data(_RUN_ROLE)
        if run is not None and run is not self._engine.view.run:
            self._engine.view.show_run(run)


class _RunDelegate(QStyledItemDelegate):
    """Badge, name, and one line on how far it came."""

    def __init__(self, theme: Theme, parent: RunList) -> None:
        super().__init__(parent)
        self._theme = theme
        self._list = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 (Qt)
        return QSize(FOLDED_WIDTH_PX, _ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        run: Run = index.data(_RUN_ROLE)
        colours = self._theme.colours
        row: QRect = option.rect.adjusted(GAP_SMALL_PX, 2, -GAP_SMALL_PX, -2)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected or state & QStyle.StateFlag.State_MouseOver:
            selected = bool(state & QStyle.StateFlag.State_Selected)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if selected else colours.line))
            painter.drawRoundedRect(row, 6, 6)
        badge = QRect(row.left() + GAP_SMALL_PX, row.center().y() - _BADGE_PX // 2, _BADGE_PX, _BADGE_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.run_colour(run.letter)))
        painter.drawRoundedRect(badge, 5, 5)
        painter.setPen(QColor("#FFFFFF" if not self._theme.is_dark else "#121315"))
        painter.setFont(self._theme.font("caption", SEMIBOLD))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, run.letter)
        if not self._list.is_folded:
            self._paint_text(painter, row.adjusted(_BADGE_PX + 2 * GAP_SMALL_PX + 4, 6, -4, -6), run)
        painter.restore()

    def _paint_text(self, painter: QPainter, text: QRect, run: Run) -> None:
        half = text.height() // 2
        for line, role, colour, top in (
            (run.description.name, "body", self._theme.colours.text, text.top()),
            (describe(run), "caption", self._theme.colours.secondary, text.top() + half),
        ):
            painter.setFont(self._theme.font(role))  # type: ignore[arg-type] # a literal of the tuple above
            painter.setPen(QColor(colour))
            elided = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, text.width())
            painter.drawText(
                QRect(text.left(), top, text.width(), half), Qt.AlignmentFlag.AlignVCenter, elided
            )


def describe(run: Run) -> str:
    """How far a run came, in a few words."""
    epochs = run.description.configuration.epochs
    progress = f"epoch {run.newest.epoch} of {epochs}"
    if run.state is RunState.FAILED:
        progress = f"failed after epoch {run.newest.epoch}"
    return f"{run.best_text} · {progress}" if run.best_text else progress
