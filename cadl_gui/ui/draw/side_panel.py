"""The column at the right of a section: what its images show, and its controls."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from cadl_gui.ui.controls.parts import column_in, label
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX

_WIDTH_PX = 240


class SidePanel(QWidget):
    """Shows the controls of a section, and beneath them a text, whose length moves none of them.

    Args:
        theme: size of the type.
        text: the text.
        controls: the controls, from the top.
        ems: width in sizes of the type; less where there is no room for it, as beside a lesson.

    Attributes:
        text: shows the text.
    """

    def __init__(self, theme: Theme, text: str, *controls: QWidget, ems: int = 15) -> None:
        super().__init__()
        self._theme, self._ems = theme, ems
        self.text = label(text, "sectionText", wraps=True, secondary=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)  # if it is too long, its beginning is seen
        column = column_in(self, UNIT_PX)
        for control in controls:
            at = Qt.AlignmentFlag.AlignLeft if isinstance(control, QPushButton) else Qt.AlignmentFlag(0)
            column.addWidget(control, alignment=at)
        column.addWidget(self.text)
        column.addStretch(1)
        self.setMinimumWidth(_WIDTH_PX)
        theme.changed.connect(self._fit)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        self.setMaximumWidth(max(_WIDTH_PX, self._ems * self._theme.sizes.body))

    def sizeHint(self) -> QSize:
        """Prefer the full width."""
        return QSize(self.maximumWidth(), super().sizeHint().height())

    def set_text(self, text: str) -> None:
        """Replace the text."""
        if text != self.text.text():
            self.text.setText(text)
            self.text.setToolTip(plain_tip(text))
