"""Bars for the probabilities that a classifier gives to the classes."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QToolTip, QWidget

from cadl_gui.domain.class_names import MOST_SHOWN, class_name, numbered, ranked, shown_labels
from cadl_gui.domain.formatting import count_text, percent_text
from cadl_gui.system.words import _
from cadl_gui.ui.controls.choice_group import ChoiceGroup
from cadl_gui.ui.controls.parts import named
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.ink import ink_on
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.stylesheet import small_control
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, REGULAR, SEMIBOLD, UNIT_PX

_WIDEST_NAME = 0.4
"""Largest width of the column of names, as a share of the widget's."""

_LEAST_BAR = 0.16
"""Least width that names leave for the bars, as a share of the widget's."""

_EDGE = "#828283"
"""Edge around label colours on a light background, where yellow would not stand out from white."""

_LEAST_ROW_PX = 12
"""Height of a row, and of its type, where there is little room."""

_LARGEST_ROW = 1.3
"""Largest height of a row, as a multiple of a control's."""

_N_DECADES = 12
"""The logarithmic scale begins at 10 to the power of minus this; what is less probable has no bar."""

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_SCALES = (
    ("linearButton", _("Linear"), _("Bars as long as the probabilities")),
    (
        "logarithmicButton",
        _("Log"),
        _("Bars by powers of ten, from 10⁻¹² to 1: how improbable are the others?"),
    ),
)
"""objectName, text and tooltip of the button for each scale of the bars."""

_ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_HEADINGS = ("p", _("loss"))
_ABOUT = _("p: how probable the network finds a class. loss: −log p, the cross-entropy if it is right.")


class _Columns(NamedTuple):
    """Positions of a row's parts, in pixels from the left."""

    badge: float
    name: QRectF
    bar: QRectF
    percent_right: int
    loss_right: int


class ProbabilityBars(QWidget):
    """Up to ten rows with a class, a bar, its probability in percent and, with Details, its logarithm.

    The negative logarithm is the classifier's cross-entropy if that class is the right one. Of more than
    ten classes, the most probable are shown, the first at the top; fewer are all there, in their own order,
    in smaller type where there is less room: a class would wonder where one has gone. On the logarithmic
    scale, bars show the power of ten, and a fourth of their room is three of them.

    Args:
        theme: colours and type.
        choose: called with the scale that the user chose: 1 if it is logarithmic.
    """

    def __init__(self, theme: Theme, choose: Callable[[int], object]) -> None:
        super().__init__()
        self._theme = theme
        self._probabilities: NDArray[np.float64] | None = None
        self._names: Sequence[str] = numbered(MOST_SHOWN)
        self._ranking: NDArray[Any] = np.arange(MOST_SHOWN)
        self._guesses: tuple[int, ...] = ()
        self._covers = False
        self._scales = ChoiceGroup(self)
        for logarithmic, (name, text, about) in enumerate(_SCALES):
            button = named(QToolButton(self), name, about, small=True, textRole="caption")
            button.setText(text)
            button.setCheckable(True)
            button.setChecked(not logarithmic)
            theme.stage.put(When.DETAILS, button)
            self._scales.addButton(button, logarithmic)
        self._scales.idClicked.connect(choose)
        self.setAccessibleName(_("Probability of each class"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._on_theme)
        self._describe()

    @property
    def answer(self) -> int | None:
        """The label of the most probable class; None without probabilities."""
        return None if self._probabilities is None else int(self._ranking[0])

    @property
    def is_logarithmic(self) -> bool:
        """Whether the bars show powers of ten."""
        return self._scales.checkedId() == 1 and self._has_details

    @property
    def _has_details(self) -> bool:
        return self._theme.stage.has(When.DETAILS)

    def set_logarithmic(self, on: bool) -> None:
        """Set the scale of the bars."""
        self._scales.button(int(on)).setChecked(True)
        self.update()

    def set_classes(self, names: Sequence[str]) -> None:
        """Show no probabilities, and from now on those of these classes."""
        self._names = names
        self.set_probabilities(None)

    @Slot(object)
    def set_probabilities(self, probabilities: NDArray[Any] | None) -> None:
        """Set the probabilities to show.

        Args:
            probabilities: (n_classes,) in [0, 1], summing to 1; None while there is nothing to classify.
        """
        if probabilities is not None and np.shape(probabilities) != (len(self._names),):
            raise ValueError(f"Expected ({len(self._names)},). Received: shape={np.shape(probabilities)}")
        self._probabilities = None if probabilities is None else np.asarray(probabilities, np.float64)
        if self._probabilities is not None:
            self._ranking = ranked(self._probabilities)
        self._describe()
        self.update()

    def set_guesses(self, guesses: tuple[int, ...], *, covers: bool) -> None:
        """Set the labels that the class has guessed.

        Args:
            guesses: a label for each guess.
            covers: whether their shares are shown in place of the probabilities; otherwise, as hollow bars.
        """
        self._guesses, self._covers = guesses, covers
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """Prefer rows as high as other controls."""
        control = self._theme.sizes.control
        return QSize(11 * control, self._header_height() + MOST_SHOWN * control)

    def minimumSizeHint(self) -> QSize:
        """Let bars, the space between rows and the type shrink."""
        height = self._header_height() + MOST_SHOWN * _LEAST_ROW_PX
        return QSize(8 * self._theme.sizes.control, height)

    def event(self, event: QEvent) -> bool:
        """Show a tooltip for each row, with more decimals."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.text_at(event.pos().y())
            if text:
                QToolTip.showText(event.globalPos(), plain_tip(text), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def text_at(self, y: int) -> str:
        """Return the full text of the row at this height, or what the headings mean; "" beneath the rows."""
        row, labels = (y - self._header_height()) // self._row_height(), self._labels()
        if row < 0:
            return _ABOUT
        if self._probabilities is None or self._covers or row >= len(labels):
            return ""
        p, name = float(self._probabilities[labels[row]]), self._name(labels[row])
        loss = (
            _(" Cross-entropy for label {name}: −log p = {loss}.").format(name=name, loss=_loss_text(p))
            if self._has_details
            else ""
        )
        return f"{name}: p = {p:.6f}.{loss}"

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the headings and the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns = self._columns()
        painter.setPen(QColor(self._theme.colours.secondary))
        painter.setFont(self._theme.font("caption"))
        header = self._header_height()
        if self._has_details and not self._guesses:
            for text, right in zip(_HEADINGS, (columns.percent_right, columns.loss_right), strict=True):
                painter.drawText(QRect(0, 0, right, header), _ALIGN_RIGHT, text)
        self._paint_ticks(painter, columns.bar)
        for row, label in enumerate(self._labels()):
            self._paint_row(painter, label, header + row * self._row_height(), columns)

    def _paint_row(self, painter: QPainter, label: int, top: int, columns: _Columns) -> None:
        colour, height = self._colour(label), self._row_height()
        if columns.badge:
            self._paint_badge(painter, label, colour, QRectF(0, top, columns.badge, height))
        if not columns.name.isEmpty():
            self._paint_name(painter, label, columns.name.translated(0, top))
        bar = columns.bar.translated(0, top + (height - columns.bar.height()) / 2)
        if self._guesses:
            self._paint_guesses(painter, label, QRectF(bar), QRect(0, top, columns.loss_right, height))
        if self._probabilities is None or self._covers:
            return
        p = float(self._probabilities[label])
        self._set_colour(painter, colour)
        filled = QRectF(bar.x(), bar.y(), self._share(p) * bar.width(), bar.height())
        if filled.width() >= 1:
            painter.drawRect(filled.adjusted(0.5, 0.5, -0.5, -0.5))
        stands_out = label in self._ranking[:2]
        painter.setPen(QColor(self._theme.colours.text if stands_out else self._theme.colours.secondary))
        painter.setFont(self._font(SEMIBOLD if label == self.answer else REGULAR))
        painter.drawText(QRect(0, top, columns.percent_right, height), _ALIGN_RIGHT, self._text(p))
        if self._has_details and not self._guesses:
            painter.drawText(QRect(0, top, columns.loss_right, height), _ALIGN_RIGHT, _loss_text(p))

    def _paint_guesses(self, painter: QPainter, label: int, bar: QRectF, row: QRect) -> None:
        """Paint how many have guessed a label: a number at the right, and their share as a hollow bar."""
        n, text = self._guesses.count(label), QColor(self._theme.colours.text)
        if n:
            bar.setWidth(n / len(self._guesses) * bar.width())
            painter.setPen(text)
            painter.setFont(self._font())
            painter.drawText(row, _ALIGN_RIGHT, _("{n} of {total}").format(n=n, total=len(self._guesses)))
            painter.setPen(QPen(text, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(bar.adjusted(0, -2, 0, 2))

    def _paint_ticks(self, painter: QPainter, bar: QRectF) -> None:
        """Paint where bars begin, and the quarters of the scale."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QColor(self._theme.colours.line))
        top, bottom = self._header_height(), self._header_height() + len(self._labels()) * self._row_height()
        for quarter in range(5 if self._probabilities is not None or self._guesses else 1):
            x = round(bar.x() + quarter / 4 * bar.width())
            painter.drawLine(x, top, x, bottom)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _share(self, p: float) -> float:
        """Return the length of a bar as a share of its room."""
        if not self.is_logarithmic:
            return p
        return max(0.0, 1 + math.log10(p) / _N_DECADES) if p > 0 else 0.0

    def _text(self, p: float) -> str:
        """Return a probability in percent, or a small one as a power of ten on the logarithmic scale."""
        if not self.is_logarithmic or not 0 < p < 0.001:
            return percent_text(p)
        digit, _, power = f"{p:.0e}".partition("e")
        return f"{digit}·10{_power(int(power))}"

    def _paint_badge(self, painter: QPainter, label: int, colour: QColor, room: QRectF) -> None:
        side = room.width()
        badge = QRectF(0, 0, side, side)
        badge.moveCenter(room.center())
        self._set_colour(painter, colour)
        painter.drawRoundedRect(badge.adjusted(0.5, 0.5, -0.5, -0.5), UNIT_PX, UNIT_PX)
        painter.setPen(ink_on(colour))
        painter.setFont(self._font(SEMIBOLD))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(label))

    def _paint_name(self, painter: QPainter, label: int, room: QRectF) -> None:
        stands_out = self._probabilities is not None and not self._covers and label in self._ranking[:2]
        painter.setPen(QColor(self._theme.colours.text if stands_out else self._theme.colours.secondary))
        painter.setFont(self._font())
        name = painter.fontMetrics().elidedText(
            self._name(label), Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)

    def _colour(self, label: int) -> QColor:
        """Return a label's colour; grey where there are more labels than colours."""
        colours = self._theme.label_colours(self._theme.background)
        return QColor(colours[label] if self._has_badges else self._theme.colours.secondary)

    @property
    def _has_badges(self) -> bool:
        """Whether labels have badges: numbers of several digits do not fit, and have no colours."""
        return len(self._names) <= len(self._theme.label_colours(self._theme.background))

    def _name(self, label: int) -> str:
        return class_name(self._names, label)

    def _set_colour(self, painter: QPainter, colour: QColor) -> None:
        painter.setPen(QPen(QColor(_EDGE) if self._theme.background == "light" else colour, 1))
        painter.setBrush(colour)

    def _columns(self) -> _Columns:
        body, caption = QFontMetrics(self._font()), QFontMetrics(self._theme.font("caption"))
        gap = 2 * GAP_SMALL_PX
        loss = max(body.horizontalAdvance("88.88"), caption.horizontalAdvance(_HEADINGS[1]))
        if n := len(self._guesses):
            loss = body.horizontalAdvance(_("{n} of {n}").format(n=n))
        percent = QFontMetrics(self._font(SEMIBOLD)).horizontalAdvance("100.0 %")
        badge = max(self._font().pixelSize() + UNIT_PX / 2, self._row_height() - GAP_SMALL_PX)
        badge = min(badge, self._row_height()) if self._has_badges else 0
        percent_right = self.width() - (loss + gap if self._has_details or self._guesses else 0)
        right = percent_right - percent - GAP_SMALL_PX
        start = badge + GAP_SMALL_PX if badge else 0
        for_names = max(0, right - start - GAP_SMALL_PX - _LEAST_BAR * self.width())
        name = QRectF(start, 0, min(self._name_width(body), for_names), self._row_height())
        left = name.right() + (0 if name.isEmpty() else GAP_SMALL_PX)
        bar = QRectF(left, 0, max(0, right - left), self._row_height() // 2)
        return _Columns(badge, name, bar, percent_right, self.width())

    def _name_width(self, metrics: QFontMetrics) -> int:
        """Return the width of the column of names; numbers on badges have none."""
        if self._has_badges and tuple(self._names) == numbered(len(self._names)):
            return 0
        widest = max(metrics.horizontalAdvance(self._name(label)) for label in self._labels())
        return min(1 + widest, int(_WIDEST_NAME * self.width()))

    def _labels(self) -> list[int]:
        """Return the label of each row."""
        if self._probabilities is None or self._covers:
            return list(range(min(len(self._names), MOST_SHOWN)))
        return shown_labels(self._probabilities)

    def _row_height(self) -> int:
        fitting = (self.height() - self._header_height()) // MOST_SHOWN
        return max(1, min(round(_LARGEST_ROW * self._theme.sizes.control), fitting))

    def _font(self, weight: int = REGULAR) -> QFont:
        font = self._theme.font("body", weight)
        font.setPixelSize(max(1, min(font.pixelSize(), self._row_height())))
        return font

    def _header_height(self) -> int:
        return small_control(self._theme.sizes) + UNIT_PX if self._has_details else 0

    def _describe(self) -> None:
        """Update the accessible description."""
        if self._covers:
            self.setAccessibleDescription(f"{count_text(len(self._guesses), 'guess', 'guesses')}.")
            return
        if self._probabilities is None:
            self.setAccessibleDescription(_("There is nothing to classify yet."))
            return
        likeliest = [
            f"{self._name(i)}, {percent_text(float(self._probabilities[i]))}" for i in self._ranking[:2]
        ]
        self.setAccessibleDescription(
            _("Answer {likeliest}.").format(likeliest=_("; runner-up ").join(likeliest))
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the choice of the scale at the left of the headings."""
        super().resizeEvent(event)
        self._place_scale()

    def _place_scale(self) -> None:
        x = 0
        for button in self._scales.buttons():
            width = button.sizeHint().width() + GAP_SMALL_PX
            button.setGeometry(x, 0, width, small_control(self._theme.sizes))
            x += width

    @Slot()
    def _on_theme(self) -> None:
        self._place_scale()
        self.updateGeometry()
        self.update()


def _power(exponent: int) -> str:
    return str(exponent).translate(_SUPERSCRIPT)


def _loss_text(p: float) -> str:
    return f"{abs(math.log(p)):.2f}" if p > 0 else "∞"
