"""A combo box for scrolling forms."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QPaintEvent, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStyle, QStyleOptionComboBox, QStylePainter

from cadl_gui.ui.controls.parts import named

_FIELD_MARGIN_PX = 1
"""What Qt's styles leave free at both sides of the text."""


class NoScrollComboBox(QComboBox):
    """Ignores the wheel, so that the page scrolls, and takes the width of its layout."""

    def __init__(self) -> None:
        super().__init__()
        self._offered: Sequence[tuple[Any, ...]] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: scrolling past should not change the choice."""
        event.ignore()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Shorten the text to its field, at whose edge Qt cuts through a letter."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        metrics, width = self.fontMetrics(), field.width() - 2 * _FIELD_MARGIN_PX
        option.currentText = metrics.elidedText(option.currentText, Qt.TextElideMode.ElideRight, width)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def offer_entries(self, entries: Sequence[tuple[str, Any] | tuple[str, Any, str]]) -> None:
        """Offer texts with their data, and tooltips if there are any, without a signal.

        The chosen data stays chosen if it is among them, and an open list of the same stays open.
        """
        if entries != self._offered:
            self._offered, chosen = entries, self.currentData()
            with QSignalBlocker(self):
                self.clear()
                for index, (text, data, *tip) in enumerate(entries):
                    self.addItem(text, data)
                    self.setItemData(index, "".join(tip) or None, Qt.ItemDataRole.ToolTipRole)
                self.setCurrentIndex(max(0, self.findData(chosen)))

    def withhold(self, reasons: Mapping[str, str]) -> None:
        """Disable the items with these data, each with the reason as its tooltip, and enable all others."""
        model = self.model()
        assert isinstance(model, QStandardItemModel), "the model that Qt makes for a combo box"
        for index in range(self.count()):
            reason = reasons.get(self.itemData(index))
            self.setItemData(index, reason, Qt.ItemDataRole.ToolTipRole)
            model.item(index).setEnabled(reason is None)


def named_combo(name: str, accessible_name: str, tip: str) -> NoScrollComboBox:
    """Return a combo box with an objectName, a name for screen readers and a tooltip."""
    return named(NoScrollComboBox(), name, tip, says=accessible_name)
