"""A row for each network with its answers at the epochs that are kept."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen

from cadl_gui.domain.class_names import class_name, ranked
from cadl_gui.domain.formatting import percent_text
from cadl_gui.domain.images import to_uint8
from cadl_gui.domain.position import Position
from cadl_gui.domain.run import RunDescription
from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.words import _
from cadl_gui.ui.controls.run_badge import paint_badge
from cadl_gui.ui.controls.spotlight import FILLS_PAGE
from cadl_gui.ui.draw.drawing_history import RunHistory
from cadl_gui.ui.figures.figure_item import Item, Pen
from cadl_gui.ui.figures.figure_pixels import in_proportion
from cadl_gui.ui.figures.scrolled_figure import ScrolledFigure
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import FOCUS_RING_PX, GAP_SMALL_PX, UNIT_PX

_LEAST_SIDE_PX, _PREFERRED_SIDE_PX = 24, 84
_LEAST_TYPE = 2 / 3
"""Least size of the type of a caption, as a share of the usual one."""

_ROW_LINES = 5.5
"""Usual height of a row, in lines of its captions; as many rows as fit have the height of the view."""

_HEAD_LETTERS = 13
"""Width of the column of names, as a multiple of the size of the type.

It is left out, and the names are above the answers, where these are larger then."""

_TINT = 0.45
"""Opacity of the colour of a label, whose height says how sure a classifier is."""

_ANSWER_SHARE = 0.62


class HistoryView(ScrolledFigure):
    """Shows answers from left to right, a classifier's as the class and how sure it is, above their epochs.

    Args:
        theme: for colours and fonts.
        view: the positions shown, which are marked.
        empty_text: shown while there is nothing to show.

    Signals:
        chosen: (`Run`, `Position`) an answer was clicked.
    """

    _plain_message = "body"
    chosen = Signal(object, object)

    def __init__(self, theme: Theme, view: ViewState, *, empty_text: str) -> None:
        super().__init__(theme, empty_text=empty_text)
        self._view = view
        self._rows: Sequence[RunHistory] = ()
        self._n_columns, self._longest_caption = 1, ""

    def set_rows(self, rows: Sequence[RunHistory]) -> None:
        """Show these histories."""
        self._rows = rows
        captions = [[brief(position) for position in history.positions] for history in rows]
        self._n_columns = max(map(len, captions), default=1)
        self._longest_caption = max((each for row in captions for each in row), key=len, default="")
        self._refresh()

    def place_of(self, row: int, column: int) -> QRectF:
        """Return the rectangle of an answer, as it is scrolled now."""
        return self._cell(row, column).translated(-self._scrolled)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that answers can be clicked."""
        super().mouseMoveEvent(event)
        hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
        self.setCursor(arrow if self._item_at(event.position()) is None else hand)

    def sizeHint(self) -> QSize:
        """Prefer two rows."""
        across = self._column_of_names() + 15 * (_PREFERRED_SIDE_PX + GAP_SMALL_PX)
        return QSize(across, 2 * self._row_height())

    def minimumSizeHint(self) -> QSize:
        """Let the answers shrink."""
        across = self._column_of_names() + 15 * (_LEAST_SIDE_PX + UNIT_PX)
        return QSize(across, _LEAST_SIDE_PX + 2 * UNIT_PX)

    def _fit(self) -> None:
        self._set_height(len(self._rows) * self._row_height(), self._row_height() // 2)

    def _items(self, ratio: float) -> Iterator[Item]:  # noqa: ARG002 (the same at every resolution)
        if self._rows:
            yield Item(QRectF(0, 0, self.width(), max(self.height(), len(self._rows) * self._row_height())))
        for row, history in enumerate(self._rows):
            about, letter = history.run.description, history.run.letter
            words = " · ".join(filter(None, (letter, about.name, since_text(history))))
            yield Item(
                self._cell(row, 0), partial(self._paint_head, history, self._cell(row, 0)), words=words
            )
            for column, (answer, at) in enumerate(zip(history.answers, history.positions, strict=True)):
                said = "" if answer is None or answer.ndim > 1 else f" · {_answer_text(about, answer)}"
                cell = self._cell(row, column)
                yield Item(
                    cell.adjusted(0, 0, UNIT_PX, self._theme.line_px),
                    partial(self._paint_cell, history, column, cell),
                    f"{letter} {about.name} · {about.position_text(at)}{said}",
                    click=partial(self.chosen.emit, history.run, at),
                    beside=in_full(at),
                )

    def _paint_head(self, history: RunHistory, first: QRectF, pen: Pen) -> None:
        """Paint the badge and the name of a run, and since when it has given its last answer.

        Args:
            first: the place of the first one.
        """
        painter, colours, line = pen.painter, self._theme.colours, self._theme.line_px
        about, letter = history.run.description, history.run.letter
        width, height = self._head()
        place = QRectF(first.x() - width, first.y() - height - FOCUS_RING_PX, width - GAP_SMALL_PX, 3 * line)
        if height:
            place.setSize(QSizeF(self._room() - place.x(), line))
        paint_badge(painter, QRectF(place.topLeft(), QSizeF(line, line)), letter, self._theme)
        painter.setFont(self._theme.font("caption"))
        beside = QRectF(place.x() + line + UNIT_PX, place.y(), place.width() - line - UNIT_PX, line)
        painter.setPen(QColor(colours.text))
        metrics = painter.fontMetrics()
        since = since_text(history)
        for_name = beside.width() - (metrics.horizontalAdvance(since) + GAP_SMALL_PX if height else 0)
        name = metrics.elidedText(about.name, Qt.TextElideMode.ElideMiddle, int(for_name))
        painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(QColor(colours.secondary))
        if height:
            beside.setLeft(beside.x() + metrics.horizontalAdvance(name) + GAP_SMALL_PX)
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, since)
        else:
            place.setTop(place.top() + line)
            top_left = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(place, top_left, since)

    def _paint_cell(self, history: RunHistory, column: int, cell: QRectF, pen: Pen) -> None:
        answer = history.answers[column]
        if answer is not None:
            self._paint_answer(history.run.description, answer, cell, pen)
        has_caption = (len(history.answers) - 1 - column) % self._each() == 0
        caption = brief(history.positions[column]) if has_caption else ""
        self._paint_epoch(pen.painter, caption, cell, is_shown=column == self._shown_column(history))

    def _paint_answer(
        self, about: RunDescription, answer: NDArray[np.float32], cell: QRectF, pen: Pen
    ) -> None:
        if answer.ndim > 1:
            image = self._grey_or_rgb_image(to_uint8(answer))
            pen.pixels(in_proportion(cell, image), image)
            return
        painter = pen.painter
        label = int(ranked(answer)[0])
        painter.fillRect(cell, QColor(self._theme.colours.plot))
        label_colours = self._theme.label_colours(self._theme.background)
        tint = QColor(label_colours[label] if label < len(label_colours) else self._theme.colours.secondary)
        tint.setAlphaF(_TINT)
        sure = float(answer[label]) * cell.height()
        painter.fillRect(QRectF(cell.x(), cell.bottom() - sure, cell.width(), sure), tint)
        name = class_name(about.class_names, label)
        is_brief = len(name) <= len("10")
        size = round(_ANSWER_SHARE * cell.height()) if is_brief else self._theme.sizes.caption
        painter.setFont(self._theme.font(size))
        pen.text(cell, name, self._theme.colours.text, Qt.AlignmentFlag.AlignCenter)

    def _paint_epoch(self, painter: QPainter, caption: str, cell: QRectF, *, is_shown: bool) -> None:
        colours = self._theme.colours
        if is_shown:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent), FOCUS_RING_PX, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(cell.adjusted(-1, -1, 1, 1))
        column = self._each() * self._pitch()
        below = QRectF(cell.center().x() - column / 2, cell.bottom() + 2, column, self._theme.line_px)
        painter.setPen(QColor(colours.accent if is_shown else colours.secondary))
        painter.setFont(self._font_within(column - UNIT_PX))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, caption)

    def _shown_column(self, history: RunHistory) -> int:
        """Return the number of the last answer up to the position that is shown."""
        position = self._view.position_of(history.run)
        if position is None:
            return len(history.positions) - 1
        return max((i for i, each in enumerate(history.positions) if each <= position), default=0)

    def _cell(self, row: int, column: int) -> QRectF:
        side, (width, height) = self._side(), self._head()
        left, top = width, height
        if self.property(FILLS_PAGE):
            left += max(0, self._room() - width - self._n_columns * self._pitch()) // 2
            top += max(0, self.height() - len(self._rows) * self._row_height()) // 2
        left, top = left + column * self._pitch(), top + row * self._row_height() + FOCUS_RING_PX
        return QRectF(left, top, side, side)

    def _side(self) -> int:
        """Return the side of an answer."""
        return max(_LEAST_SIDE_PX, self._side_with(self._head()))

    def _side_with(self, head: tuple[int, int]) -> int:
        """Return the side of an answer beside or below a head of this size: no row is cut off below."""
        width, height = head
        down = self.height() // self._n_fitting() - height - self._theme.line_px - GAP_SMALL_PX
        return min(down, (self._room() - width) // self._n_columns - GAP_SMALL_PX)

    def _head(self) -> tuple[int, int]:
        """Return the width that names take beside the answers, or the height above them; the other is 0."""
        return max((self._column_of_names(), 0), (0, self._theme.line_px), key=self._side_with)

    def _column_of_names(self) -> int:
        return _HEAD_LETTERS * self._theme.sizes.caption

    def _room(self) -> int:
        return self.width() - self._bar_width

    def _pitch(self) -> int:
        """Return the width of a column; all rows have the same, and the longest one ends in the view."""
        widest = QFontMetrics(self._theme.font("caption")).horizontalAdvance(self._longest_caption)
        side, room = self._side(), self._room() - self._head()[0]
        return max(side + UNIT_PX, min(max(side, widest) + GAP_SMALL_PX, room // self._n_columns))

    def _font_within(self, width: int) -> QFont:
        """Return the font in which every caption fits its column: a part of a number is another number."""
        font = self._theme.font("caption")
        widest = QFontMetrics(font).horizontalAdvance(self._longest_caption)
        if widest > width:
            return self._theme.font(max(self._least_type, font.pixelSize() * width // widest))
        return font

    @property
    def _least_type(self) -> int:
        return round(_LEAST_TYPE * self._theme.sizes.caption)

    def _each(self) -> int:
        """Return of how many columns one has a caption, the last one included: all would be too small."""
        widest = QFontMetrics(self._theme.font(self._least_type)).horizontalAdvance(self._longest_caption)
        return -(-(widest + UNIT_PX) // self._pitch())

    def _n_fitting(self) -> int:
        return max(1, min(len(self._rows), round(self.height() / (_ROW_LINES * self._theme.sizes.caption))))

    def _row_height(self) -> int:
        needed = self._head()[1] + self._side() + self._theme.line_px + GAP_SMALL_PX
        is_scrolled = len(self._rows) > self._n_fitting()
        # Nothing of a row that is out of sight is seen at the lower edge.
        return max(needed, -(-self.height() // self._n_fitting())) if is_scrolled else needed


def since_text(history: RunHistory) -> str:
    """Say since when a classifier has given its last answer, such as “7 since epoch 3”; "" if not known."""
    since, last = history.since(), history.answers[-1]
    if since is None or last is None:
        return ""
    about = history.run.description
    name = class_name(about.class_names, int(ranked(last)[0]))
    if since == history.positions[0]:
        return _("{name} from the start").format(name=name)
    return _("{name} since {position}").format(name=name, position=about.position_text(since))


def brief(position: Position) -> str:
    """Return the epoch; where batches of the next one were trained, their number: “3” and “+10”."""
    return f"+{position.step}" if position.step else str(position.epoch)


def in_full(position: Position) -> str:
    """Return what the brief position means: “epoch 3”, or “batch 10 of epoch 4”."""
    return (
        _("batch {step} of epoch {epoch}").format(step=position.step, epoch=position.epoch + 1)
        if position.step
        else str(position)
    )


def _answer_text(about: RunDescription, probabilities: NDArray[np.float32]) -> str:
    label = int(ranked(probabilities)[0])
    return f"{class_name(about.class_names, label)}, {percent_text(float(probabilities[label]))}"
