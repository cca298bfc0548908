"""Number fields that accept any text, so that a mistake can be explained instead of swallowed."""

import math
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox

from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

if TYPE_CHECKING:
    _Base = QAbstractSpinBox
else:
    _Base = object  # Qt classes cannot be inherited from twice

_WINDOWS_OWN = Qt.KeyboardModifier.ControlModifier | Qt.Key.Key_E
_DECIMALS = 24
_DIGITS = 10
_FROM_ZERO = 0.1
"""Where a number goes from zero. Most of those that can be zero are shares, of which 1 would be all."""


class _AnyText(_Base):
    """Base of both fields. Text that is not a valid number stays, and does not change the value."""

    text_edited = Signal(str)

    _bad_text: str | None = None

    def has_error(self) -> bool:
        """Return whether the text is not a number, or is out of range."""
        return self._read(self.lineEdit().text()) is None

    def _read(self, text: str) -> float | None:
        raise NotImplementedError

    def _set_up(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The style sheet's padding of a spin box does not reach the line edit inside.
        self.lineEdit().setTextMargins(GAP_SMALL_PX - 1, 0, 0, 0)
        # Qt blocks this signal while it writes a value itself; `setValue` compensates.
        self.lineEdit().textChanged.connect(self._on_text_changed)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._bad_text = text if self.has_error() else None
        self.text_edited.emit(text)

    def setValue(self, value: Any) -> None:  # noqa: N802 (Qt)
        """Set the value, replacing any text."""
        before = self.lineEdit().text()
        self._bad_text = None
        super().setValue(value)  # type: ignore[misc]  # both kinds have it
        if self.lineEdit().text() != before:
            self.text_edited.emit(self.lineEdit().text())

    def valueFromText(self, text: str) -> Any:
        """Parse a text; returns the current value if it is invalid."""
        number = self._read(text)
        return self.property("value") if number is None else number

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept everything, since Qt would block typing invalid text; see `has_error`."""
        return QValidator.State.Acceptable, text, position

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+E to the window, as on other systems: on Linux it is a line edit's key for its end."""
        asks = isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride
        if asks and cast("QKeyEvent", event).keyCombination() == _WINDOWS_OWN:
            event.ignore()
            return False
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, not the number, unless the field has the focus."""
        if not self.hasFocus():
            event.ignore()
            return
        super().wheelEvent(event)


class IntegerSpin(_AnyText, QSpinBox):
    """A spin box for integers that accepts any text.

    Signals:
        text_edited: (str) The text changed: it was typed, stepped or set.
    """

    def __init__(self) -> None:
        super().__init__()
        self._set_up()

    def stepBy(self, steps: int) -> None:
        """Step from the last valid value."""
        wanted = self.value() + steps * self.singleStep()
        self.setValue(min(max(wanted, self.minimum()), self.maximum()))

    def textFromValue(self, value: int) -> str:
        """Format the value; returns invalid text unchanged, since Qt would otherwise overwrite it."""
        return str(value) if self._bad_text is None else self._bad_text

    def _read(self, text: str) -> int | None:
        try:
            number = int(text)
        except ValueError:
            return None
        return number if self.minimum() <= number <= self.maximum() else None


class NumberSpin(_AnyText, QDoubleSpinBox):
    """A spin box for numbers of any magnitude, such as 0.001 or 1e-9, in steps of 1, 2, 5, 10 and so on.

    Signals:
        text_edited: (str) The text changed: it was typed, stepped or set.
    """

    def __init__(self) -> None:
        super().__init__()
        # Qt rounds to this many decimals, enough for ten digits of 1e-9.
        self.setDecimals(_DECIMALS)
        self.setSingleStep(_FROM_ZERO)
        self._set_up()

    def stepBy(self, steps: int) -> None:
        """Step along 1, 2, 5, 10, … from the last valid value; up to zero, by `singleStep`."""
        value = self.value()
        for _ in range(abs(steps)):
            if value > 0:
                value = _next_in_series(value, up=steps > 0)
            else:
                value += math.copysign(self.singleStep(), steps)
        self.setValue(value)

    def textFromValue(self, value: float) -> str:
        """Format the value briefly; returns invalid text unchanged, since Qt would otherwise overwrite it."""
        return f"{value:.{_DIGITS}g}" if self._bad_text is None else self._bad_text

    def _read(self, text: str) -> float | None:
        try:
            number = float(text)
        except ValueError:
            return None
        return number if self.minimum() <= number <= self.maximum() else None


def _next_in_series(value: float, *, up: bool) -> float:
    """Return the neighbour of a positive number in the series 0.1, 0.2, 0.5, 1, 2, 5, 10 and so on."""
    exponent = math.floor(math.log10(value))
    series = [float(f"{digit}e{exponent + shift}") for shift in (-1, 0, 1) for digit in (1, 2, 5)]
    if up:
        return next(number for number in series if number > value)
    return next(number for number in reversed(series) if number < value)
