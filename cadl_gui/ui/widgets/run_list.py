"""The list of the window's runs, each with its letter and colour."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cadl_gui.engine.engine import Engine
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.run import Run
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.run_text import kind_text
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, SEMIBOLD, UNIT_PX, TextRole
from cadl_gui.ui.widgets.run_list_model import PROGRESS_ROLE, RUN_ROLE, RunListModel

COLLAPSED_WIDTH_PX, FULL_WIDTH_PX = 56, 232
_BADGE_PX, _ROW_PX, _MARK_PX = 24, 52, 20
_LONGEST_NAME = 80
_LEAST_LETTERS = 4
_Index = QModelIndex | QPersistentModelIndex


class RunList(QListView):
    """Lists the runs: the current row is the run shown, and a mark at the right selects runs to compare.

    Signals:
        status_message: (str) A sentence saying why a clicked run is not shown.
    """

    status_message = Signal(str)

    def __init__(self, engine: Engine, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runList")
        self.setAccessibleName("Runs")
        self._engine = engine
        self._model = RunListModel(engine, self)
        self.setModel(self._model)
        self.setItemDelegate(_RunDelegate(theme, self))
        self.setEditTriggers(QListView.EditTrigger.DoubleClicked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.clicked.connect(self._on_clicked)
        engine.view.run_changed.connect(self._follow_view)

    @property
    def is_collapsed(self) -> bool:
        """Whether there is room for the badges only."""
        return self.width() < FULL_WIDTH_PX // 2

    @property
    def is_renaming(self) -> bool:
        """Whether a name is being edited."""
        return self.state() is QListView.State.EditingState

    @Slot()
    def rename_current(self) -> None:
        """Start editing the name of the run shown."""
        index = self.currentIndex()
        if index.isValid():
            self.scrollTo(index)
            self.edit(index)

    @Slot()
    def _follow_view(self) -> None:
        row = self._model.row_of(self._engine.view.run)
        self.selectionModel().setCurrentIndex(
            self._model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

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
            self.status_message.emit(self._why_not_shown(run))

    def _why_not_shown(self, run: ExpectedRun) -> str:
        match self._engine.training.state:
            case TrainingState.LOADING:
                return f"{run.letter} {run.name} can be shown as soon as TensorFlow is there."
            case TrainingState.UNAVAILABLE:
                return f"{run.letter} {run.name} cannot be shown: TensorFlow could not be loaded."
        return f"{run.letter} {run.name} is being read."


class _RunDelegate(QStyledItemDelegate):
    """Paints the badge, name, progress and comparison mark of a run."""

    def __init__(self, theme: Theme, parent: RunList) -> None:
        super().__init__(parent)
        self._theme = theme
        self._list = parent
        self._mark = icon("chart-line", theme, "secondary")
        self._mark_on = icon("chart-line", theme, "accent")

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 (Qt)
        return QSize(COLLAPSED_WIDTH_PX, _ROW_PX)

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,  # noqa: ARG002 (Qt)
        index: _Index,  # noqa: ARG002 (Qt)
    ) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("runNameEdit")
        editor.setAccessibleName("Name of the run")
        editor.setMaxLength(_LONGEST_NAME)
        return editor

    def updateEditorGeometry(
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: _Index,  # noqa: ARG002 (Qt)
    ) -> None:
        row = _row(option.rect)
        left = row.left() + _BADGE_PX + 2 * GAP_SMALL_PX - UNIT_PX
        height = editor.sizeHint().height()
        editor.setGeometry(left, row.center().y() - height // 2, row.right() - left - UNIT_PX, height)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Toggle the comparison on a click on the mark; clicks elsewhere select."""
        on_mark = (
            isinstance(event, QMouseEvent)
            and not self._list.is_collapsed
            and _mark(_row(option.rect)).adjusted(-4, -6, 4, 6).contains(event.position().toPoint())
        )
        if not on_mark or event.type() is QEvent.Type.MouseMove:
            return False
        if event.type() is QEvent.Type.MouseButtonRelease:
            is_on = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
            state = Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked
            model.setData(index, state, Qt.ItemDataRole.CheckStateRole)
        return True

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        run: Run | ExpectedRun = index.data(RUN_ROLE)
        row = _row(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_background(painter, row, option.state)
        is_compared = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
        is_offered = bool(option.state & QStyle.StateFlag.State_MouseOver) and isinstance(run, Run)
        badge = QRect(row.left() + GAP_SMALL_PX, row.center().y() - _BADGE_PX // 2, _BADGE_PX, _BADGE_PX)
        self._paint_badge(painter, badge, run, ringed=is_compared and self._list.is_collapsed)
        if not self._list.is_collapsed:
            text = row.adjusted(_BADGE_PX + 2 * GAP_SMALL_PX + 4, 6, -4, -6)
            self._paint_text(painter, text, run, index.data(PROGRESS_ROLE))
            if is_compared or is_offered:
                (self._mark_on if is_compared else self._mark).paint(painter, _mark(row))
        painter.restore()

    def _paint_background(self, painter: QPainter, row: QRect, state: QStyle.StateFlag) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            colours = self._theme.colours
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if selected else colours.line))
            painter.drawRoundedRect(row, 6, 6)

    def _paint_badge(self, painter: QPainter, badge: QRect, run: Run | ExpectedRun, *, ringed: bool) -> None:
        is_expected = isinstance(run, ExpectedRun)
        colour = self._theme.colours.field_edge if is_expected else self._theme.run_colour(run.letter)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(badge, 5, 5)
        if ringed:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.colours.accent), 2))
            painter.drawRoundedRect(badge.adjusted(-4, -4, 4, 4), 8, 8)
        painter.setPen(QColor("#FFFFFF" if not self._theme.is_dark else "#121315"))
        painter.setFont(self._theme.font("caption", SEMIBOLD))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, run.letter)

    def _paint_text(self, painter: QPainter, text: QRect, run: Run | ExpectedRun, progress: str) -> None:
        colours = self._theme.colours
        upper = QRect(text.left(), text.top(), text.width(), text.height() // 2)
        lower = upper.translated(0, upper.height())
        upper = upper.adjusted(0, 0, -_MARK_PX - GAP_SMALL_PX, 0)
        if isinstance(run, ExpectedRun):
            self._paint_line(painter, upper, run.name, "body", colours.secondary)
            self._paint_line(painter, lower, progress, "caption", colours.secondary)
            return
        width = self._paint_line(painter, upper, run.description.name, "body", colours.text)
        beside, kind = upper.adjusted(width + GAP_SMALL_PX, 0, 0, 0), kind_text(run)
        # Of a long name, a few letters at least: an ellipsis alone would say nothing.
        least = QFontMetrics(self._theme.font("caption")).horizontalAdvance(f"{kind[:_LEAST_LETTERS]}…")
        if beside.width() >= least:
            self._paint_line(painter, beside, kind, "caption", colours.secondary)
        self._paint_line(painter, lower, progress, "caption", colours.secondary)

    def _paint_line(self, painter: QPainter, place: QRect, text: str, role: TextRole, colour: str) -> int:
        """Paint as much of a line as fits, and return its width in pixels."""
        painter.setFont(self._theme.font(role))
        painter.setPen(QColor(colour))
        # Elided in the middle: the end distinguishes “lecture-autoencoder 2” from the first.
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, elided)
        return painter.fontMetrics().horizontalAdvance(elided)


def _row(rect: QRect) -> QRect:
    return rect.adjusted(GAP_SMALL_PX, 2, -GAP_SMALL_PX, -2)


def _mark(row: QRect) -> QRect:
    """Return the rectangle of the comparison mark."""
    return QRect(row.right() - _MARK_PX - GAP_SMALL_PX, row.top() + 6, _MARK_PX, _MARK_PX)
