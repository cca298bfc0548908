"""A line of text that takes no room from its neighbours."""

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from cadl_gui.ui.controls.parts import named

_BETWEEN = re.compile("( · |, )")


class ElidedLabel(QLabel):
    """Shows the first parts of a text that have room, each whole: half a number would be another number.

    The text is its accessible name: Qt would lay out the whole window for each text of a label whose size may
    change, and in a drag there is another one at each event.

    Args:
        name: object name.
        keeps_end: dots stand for the beginning, as that of a path is less telling than its end.
        least_px: width that it has whatever its text is.
        properties: of the style sheet.
    """

    def __init__(
        self, name: str, *, keeps_end: bool = False, least_px: int = 0, **properties: bool | str
    ) -> None:
        super().__init__()
        named(self, name, "", says="", **properties)
        self.setTextFormat(Qt.TextFormat.PlainText)  # names of files, runs and classes
        self._keeps_end, self._least_px = keeps_end, least_px
        if not least_px:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least_px, super().minimumSizeHint().height())

    def text(self) -> str:
        """Return the whole text."""
        return self.accessibleName()

    def setText(self, text: str) -> None:
        if text != self.accessibleName():
            self.setAccessibleName(text)
            self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, room = QPainter(self), self.contentsRect()
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, self.alignment(), self.fitting(room.width()))

    def fitting(self, width: int) -> str:
        """Return what of the text is shown in this width, in pixels."""
        text, metrics = self.accessibleName(), self.fontMetrics()
        if self._keeps_end:
            return metrics.elidedText(text, Qt.TextElideMode.ElideLeft, width)
        parts = _BETWEEN.split(text)  # with what is between them
        for n in range(len(parts), 0, -2):
            shorter = "".join(parts[:n]) + ("…" if n < len(parts) else "")
            if metrics.horizontalAdvance(shorter) <= width:
                return shorter
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
