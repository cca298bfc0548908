"""Number fields that let anything be typed, so that a mistake can be explained instead of swallowed."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget

from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

if TYPE_CHECKING:
    _Base = QAbstractSpinBox
else:
    _Base = object  # Qt classes cannot be inherited from twice

_DECIMALS = 24
_DIGITS = 10


class _AnyText(_Base):
    """What both fields share. A text that is no number stays, and leaves the value as it was."""

    text_edited = Signal(str)

    _bad_text: str | None = None

    def has_error(self) -> bool:
        """Whether the text is no number, or one out of range."""
        return self._read(self.lineEdit().text()) is None

    def _read(self, text: str) -> float | None:
        raise NotImplementedError

    def _set_up(self) -> None:
        self.setLocale(QLocale.c())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The style sheet's padding of a spin box does not reach the line edit inside.
        self.lineEdit().setTextMargins(GAP_SMALL_PX - 1, 0, 0, 0)
        # Qt blocks this signal while it writes a value itself; `setValue` makes up for that.
        self.lineEdit().textChanged.connect(self._on_text_changed)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._bad_text = text if self.has_error() else None
        self.text_edited.emit(text)

    def _report_if_not(self, text: str) -> None:
        if self.lineEdit().text() != text:
            self.text_edited.emit(self.lineEdit().text())

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept everything; `has_error` tells. What Qt finds wanting, it would not let one type."""
        return QValidator.State.Acceptable, text, position

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, not the number, unless the field was chosen."""
        if not self.hasFocus():
            event.ignore()
            return
        super().wheelEvent(event)


class IntegerSpin(_AnyText, QSpinBox):
    """A whole number.

    Signals:
        text_edited: (str) the text is another one: typed, stepped or set.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._set_up()

    def setValue(self, value: int) -> None:  # noqa: N802 (Qt)
        """Show a value in place of any text."""
        before = self.lineEdit().text()
        self._bad_text = None
        super().setValue(value)
        self._report_if_not(before)

    def stepBy(self, steps: int) -> None:
        """Count on from the last good value."""
        wanted = self.value() + steps * self.singleStep()
        self.setValue(min(max(wanted, self.minimum()), self.maximum()))

    def textFromValue(self, value: int) -> str:
        """Write the value; Qt asks at every occasion, so a bad text answers for itself."""
        return str(value) if self._bad_text is None else self._bad_text

    def valueFromText(self, text: str) -> int:
        """Read a text; a bad one leaves the value as it was."""
        number = self._read(text)
        return self.value() if number is None else number

    def _read(self, text: str) -> int | None:
        try:
            number = int(text)
        except ValueError:
            return None
        return number if self.minimum() <= number <= self.maximum() else None


class NumberSpin(_AnyText, QDoubleSpinBox):
    """A number of any magnitude, such as 0.001 or 1e-9, in steps of 1, 2, 5, 10 and so on.

    Signals:
        text_edited: (str) the text is another one: typed, stepped or set.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Qt rounds to so many decimals; these keep ten digits of 1e-9.
        self.setDecimals(_DECIMALS)
        self._set_up()

    def setValue(self, value: float) -> None:  # noqa: N802 (Qt)
        """Show a value in place of any text."""
        before = self.lineEdit().text()
        self._bad_text = None
        super().setValue(value)
        self._report_if_not(before)

    def stepBy(self, steps: int) -> None:
        """Go on along 1, 2, 5, 10, … from the last good value; up to zero, by `singleStep`."""
        value = self.value()
        for _ in range(abs(steps)):
            if value > 0:
                value = _next_in_series(value, up=steps > 0)
            else:
                value += math.copysign(self.singleStep(), steps)
        self.setValue(value)

    def textFromValue(self, value: float) -> str:
        """Write the value briefly; Qt asks at every occasion, so a bad text answers for itself."""
        return f"{value:.{_DIGITS}g}" if self._bad_text is None else self._bad_text

    def valueFromText(self, text: str) -> float:
        """Read a text; a bad one leaves the value as it was."""
        number = self._read(text)
        return self.value() if number is None else number

    def _read(self, text: str) -> float | None:
        try:
            number = float(text)
        except ValueError:
            return None
        return number if self.minimum() <= number <= self.maximum() else None


def _next_in_series(value: float, *, up: bool) -> float:
    """The neighbour of a positive number in the series 0.1, 0.2, 0.5, 1, 2, 5, 10 and so on."""
    exponent = math.floor(math.log10(value))
    series = [float(f"{digit}e{exponent + shift}") for shift in (-1, 0, 1) for digit in (1, 2, 5)]
    if up:
        return next(number for number in series if number > value)
    return next(number for number in reversed(series) if number < value)
