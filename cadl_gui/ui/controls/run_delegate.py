"""Paints the rows of the run list: badge, miniature, name, what differs, progress, and a box to compare."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from cadl_gui.domain.families import family_of
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.controls.miniatures import Miniatures
from cadl_gui.ui.controls.parts import named
from cadl_gui.ui.controls.run_badge import paint_badge
from cadl_gui.ui.controls.run_list_model import DIFFERENCE_ROLE, HEADING_ROLE, OWN, PROGRESS_ROLE, RUN_ROLE
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.icon import icon
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX, TextRole

COLLAPSED_WIDTH_PX, FULL_WIDTH_PX = 56, 256
_ROW_PX, _HEADING_PX, _RULE_PX = 60, 28, 9
_MINIATURE_PX, _BADGE_PX, _OVERHANG_PX = 40, 20, 3
_BOX_PX, _REACH_PX = 16, 6
_LONGEST_NAME = 80
_MENU_TIP = _("Rename, branch, save and more")
_KEPT_TIP = _(
    "Every run is written to disk while it trains, and is here again at the next start. "
    "Show files, in its menu, opens its folder."
)
_BOX_TIP = _("Compare: keep its curve in the plot (Space)")
_Index = QModelIndex | QPersistentModelIndex


class RunDelegate(QStyledItemDelegate):
    """Paints a row of the run list, and toggles the comparison on a click on its box.

    The first row of a group is higher by the group's heading.

    Args:
        theme: colours, fonts and icons.
        miniatures: pictures of the runs.
        parent: the list.

    Signals:
        menu_requested: (QModelIndex, QPoint) a click on the button of a run's menu, and where to open it.
    """

    menu_requested = Signal(QModelIndex, QPoint)

    def __init__(self, theme: Theme, miniatures: Miniatures, parent: QListView) -> None:
        super().__init__(parent)
        self._theme = theme
        self._miniatures = miniatures
        self._check = icon("check", theme, "on_accent")
        self._dots = icon("dots", theme, "secondary")

    @property
    def is_collapsed(self) -> bool:
        """Whether there is room for the badges only."""
        return self._list.width() < FULL_WIDTH_PX // 2

    @property
    def _list(self) -> QListView:
        """The list, which is not kept: the two would be a cycle that outlives its window."""
        view = self.parent()
        assert isinstance(view, QListView), "made with one"
        return view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: ARG002 (Qt)
        """Return the height of a row; its width is the list's."""
        return QSize(_MINIATURE_PX, _ROW_PX + self._heading_height(index))

    def check_rect(self, rect: QRect, index: _Index) -> QRect:
        """Return the box to compare a run, inside the rectangle of its row."""
        row = self._row(rect, index)
        return QRect(row.right() - _BOX_PX - GAP_SMALL_PX, row.top() + 9, _BOX_PX, _BOX_PX)

    def menu_rect(self, rect: QRect, index: _Index) -> QRect:
        """Return the button that opens a run's menu, inside the rectangle of its row."""
        row = self._row(rect, index)
        side = _BOX_PX + UNIT_PX
        return QRect(row.right() - side - GAP_SMALL_PX + 2, row.bottom() - side - 6, side, side)

    def is_on_heading(self, view: QListView, place: QPoint) -> bool:
        """Return whether a place in the viewport is on the heading of a group."""
        index = view.indexAt(place)
        return index.isValid() and place.y() < view.visualRect(index).top() + self._heading_height(index)

    def toggle(self, model: QAbstractItemModel, index: _Index) -> None:
        """Compare a run, or no longer."""
        state = Qt.CheckState.Unchecked if _is_checked(index) else Qt.CheckState.Checked
        model.setData(model.index(index.row(), 0), state, Qt.ItemDataRole.CheckStateRole)

    def createEditor(  # type: ignore[override] # to Qt, None is no field
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,  # noqa: ARG002 (Qt)
        index: _Index,
    ) -> QWidget | None:
        """Return the field in which a run is renamed, with its name; None where only badges are."""
        if self.is_collapsed:
            return None
        editor = named(QLineEdit(parent), "runNameEdit", says=_("Name of the run"))
        editor.setMaxLength(_LONGEST_NAME)
        editor.setText(index.data(Qt.ItemDataRole.EditRole))
        return editor

    def setEditorData(self, editor: QWidget, index: _Index) -> None:  # noqa: N802 (Qt)
        """Leave what was typed alone: Qt calls this when the row changes, as it does while a run trains."""

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        """Place the field where the name is."""
        row = self._row(option.rect, index)
        left = self._text(row).left() - UNIT_PX
        height = editor.sizeHint().height()
        editor.setGeometry(left, row.center().y() - height // 2, row.right() - left - UNIT_PX, height)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Toggle the comparison on a click on its box, open the menu on its button; other clicks select."""
        if not isinstance(event, QMouseEvent) or self.is_collapsed:
            return False
        if not isinstance(index.data(RUN_ROLE), Run) or event.button() != Qt.MouseButton.LeftButton:
            return False
        place = event.position().toPoint()
        is_release = event.type() is QEvent.Type.MouseButtonRelease
        if _around(self.check_rect(option.rect, index)).contains(place):
            if is_release:
                self.toggle(model, index)
            return True
        menu = self.menu_rect(option.rect, index)
        if _around(menu).contains(place):
            if is_release:
                self.menu_requested.emit(model.index(index.row(), 0), menu.bottomLeft())
            return True
        return False

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        """Explain the box and the button under the pointer; elsewhere, the run; of a badge, in one line."""
        run = index.data(RUN_ROLE)
        if self.is_collapsed and isinstance(run, Run):
            text = f"{run.description.name} · {family_of(run.description.config).value.does}"
            QToolTip.showText(event.globalPos(), plain_tip(text), view)
            return True
        if index.isValid() and not self.is_collapsed:
            if index.data(HEADING_ROLE) == OWN and self.is_on_heading(self._list, event.pos()):
                QToolTip.showText(event.globalPos(), _KEPT_TIP, view)
                return True
            rows = {
                _BOX_TIP: self.check_rect(option.rect, index),
                _MENU_TIP: self.menu_rect(option.rect, index),
            }
            for tip, rect in rows.items():
                if _around(rect).contains(event.pos()):
                    QToolTip.showText(event.globalPos(), tip, view)
                    return True
        return super().helpEvent(event, view, option, index)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a row, and the heading above it if it is the first of its group."""
        run: Run | ExpectedRun = index.data(RUN_ROLE)
        row = self._row(option.rect, index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_heading(painter, option.rect, index)
        self._paint_background(painter, row, option.state)
        is_open = isinstance(run, Run)
        picture = self._picture(row)
        if self.is_collapsed and _is_checked(index):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._theme.colours.accent), 2))
            painter.drawRect(picture.adjusted(-2, -2, 2, 2))
        badge = picture  # on a rail, a letter that a class can read
        if not self._theme.sizes.rail:
            self._paint_miniature(painter, picture, run)
            corner = picture.topLeft() - QPoint(_OVERHANG_PX, _OVERHANG_PX)
            badge = QRect(corner.x(), corner.y(), _BADGE_PX, _BADGE_PX)
        paint_badge(painter, badge.toRectF(), run.letter, self._theme, known=is_open)
        if not self.is_collapsed:
            self._paint_texts(painter, self._text(row), run, index)
            if is_open:
                self._paint_box(painter, self.check_rect(option.rect, index), _is_checked(index))
                if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
                    self._dots.paint(painter, self.menu_rect(option.rect, index))
        painter.restore()

    def _heading_height(self, index: _Index) -> int:
        if not index.data(HEADING_ROLE):
            return 0
        if self._theme.sizes.rail:
            return _RULE_PX if index.row() else 0
        return _HEADING_PX  # also collapsed: no row may move when the list opens under the pointer

    def _row(self, rect: QRect, index: _Index) -> QRect:
        beside = UNIT_PX if self.is_collapsed else GAP_SMALL_PX
        # A scroll bar takes the margin, and no name is cut.
        after = 0 if self._list.verticalScrollBar().isVisible() and not self.is_collapsed else beside
        return rect.adjusted(beside, self._heading_height(index) + 2, -after, -2)

    def _picture(self, row: QRect) -> QRect:
        """Return the square of the miniature; a scroll bar leaves less room for it in the collapsed list."""
        side = min(_MINIATURE_PX, row.width() - 2 * _OVERHANG_PX)
        left = row.left() + ((row.width() - side) // 2 if self.is_collapsed else GAP_SMALL_PX)
        return QRect(left, row.center().y() - side // 2 + 1, side, side)

    def _text(self, row: QRect) -> QRect:
        return row.adjusted(_MINIATURE_PX + 2 * GAP_SMALL_PX, 3, -_BOX_PX - GAP_SMALL_PX - UNIT_PX, -3)

    def _paint_heading(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        height = self._heading_height(index)
        if not height:
            return
        colours = self._theme.colours
        place = QRect(rect.left() + 2 * GAP_SMALL_PX, rect.top(), rect.width() - 3 * GAP_SMALL_PX, height)
        if self.is_collapsed:
            if index.row():
                painter.fillRect(
                    place.left(), place.center().y(), place.width() - GAP_SMALL_PX, 1, colours.line
                )
            return
        self._paint_line(painter, place, index.data(HEADING_ROLE), "caption", colours.secondary)

    def _paint_background(self, painter: QPainter, row: QRect, state: QStyle.StateFlag) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            colours = self._theme.colours
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected if selected else colours.line))
            painter.drawRoundedRect(row, 6, 6)
            if selected and self._theme.sizes.rail:
                painter.fillRect(
                    row.left(), row.top() + 6, UNIT_PX, row.height() - 12, QColor(colours.accent)
                )

    def _paint_miniature(self, painter: QPainter, picture: QRect, run: Run | ExpectedRun) -> None:
        image = self._miniatures.of(run) if isinstance(run, Run) else None
        if image is None:
            painter.fillRect(picture, QColor(self._theme.colours.line))
            return
        side = min(image.width(), image.height())
        middle = QRect((image.width() - side) // 2, (image.height() - side) // 2, side, side)
        # Smooth where the picture is reduced, pixels with sharp edges where a few are enlarged.
        ratio = painter.device().devicePixelRatioF() if painter.device() is not None else 1.0
        is_reduced = picture.width() * ratio < 3 * side
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_reduced)
        painter.drawImage(picture, image, middle)

    def _paint_box(self, painter: QPainter, box: QRect, is_checked: bool) -> None:
        colours = self._theme.colours
        painter.setPen(QPen(QColor(colours.accent if is_checked else colours.field_edge), 1))
        painter.setBrush(QColor(colours.accent if is_checked else colours.raised))
        painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if is_checked:
            self._check.paint(painter, box.adjusted(1, 1, -1, -1))

    def _paint_texts(self, painter: QPainter, text: QRect, run: Run | ExpectedRun, index: _Index) -> None:
        """Paint name, what differs if anything does, and quality and progress, below each other."""
        colours = self._theme.colours
        painter.setFont(self._theme.font("caption"))
        metrics = painter.fontMetrics()  # whose widths are those of the device
        is_open = isinstance(run, Run)
        name = run.description.name if isinstance(run, Run) else run.name
        progress = fitting_progress(index.data(PROGRESS_ROLE), metrics, text.width())
        colour = colours.text if is_open else colours.secondary
        lines: list[tuple[str, TextRole, str]] = [(name, "body", colour)]
        below = filter(None, (index.data(DIFFERENCE_ROLE), progress))
        lines += [(line, "caption", colours.secondary) for line in below]
        height = min(text.height() // len(lines), metrics.height() + 3)
        top = text.center().y() - height * len(lines) // 2 + 1
        for i, (line, role, colour) in enumerate(lines):
            place = QRect(text.left(), top + i * height, text.width(), height)
            self._paint_line(painter, place, line, role, colour)

    def _paint_line(self, painter: QPainter, place: QRect, text: str, role: TextRole, colour: str) -> None:
        painter.setFont(self._theme.font(role))
        painter.setPen(QColor(colour))
        # Elided in the middle: the end distinguishes “lecture-autoencoder 2” from the first.
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, elided)


def fitting_progress(progress: str, metrics: QFontMetrics, width: int) -> str:
    """Return quality and progress of a run, or where both do not fit the quality alone, or its number.

    A text that is exactly as wide as its place is elided, since widths are rounded.
    """
    quality = progress.partition(" · ")[0]
    number = quality.removesuffix(" correct").removeprefix("loss ")
    return next((text for text in (progress, quality) if metrics.horizontalAdvance(text) < width), number)


def _is_checked(index: _Index) -> bool:
    return Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked


def _around(rect: QRect) -> QRect:
    """Return a rectangle that a finger or an unsteady pointer hits, too."""
    return rect.adjusted(-_REACH_PX, -_REACH_PX, _REACH_PX, _REACH_PX)
