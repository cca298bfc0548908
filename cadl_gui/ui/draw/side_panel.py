"""The column at the right of a section: what its images show, and its controls."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QBoxLayout, QPushButton, QWidget

from cadl_gui.ui.controls.parts import column_in, label
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, UNIT_PX

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
        self._column, self._is_across = column_in(self, UNIT_PX), False
        for control in controls:
            at = Qt.AlignmentFlag.AlignLeft if isinstance(control, QPushButton) else Qt.AlignmentFlag(0)
            self._column.addWidget(control, alignment=at)
        self._column.addWidget(self.text)
        self._column.addStretch(1)
        self.setMinimumWidth(_WIDTH_PX)
        theme.changed.connect(self._fit)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        width = max(_WIDTH_PX, self._ems * self._theme.sizes.body)
        self.setMaximumWidth(3 * width if self._is_across else width)

    def sizeHint(self) -> QSize:
        """Prefer the full width."""
        return super().sizeHint().expandedTo(QSize(0 if self._is_across else self.maximumWidth(), 0))

    def set_across(self, across: bool) -> None:
        """Set whether the controls are side by side, beneath the images of a section that is not wide."""
        self._is_across = across
        direction = QBoxLayout.Direction
        self._column.setDirection(direction.LeftToRight if across else direction.TopToBottom)
        self._column.setSpacing(GAP_PX if across else UNIT_PX)
        self._fit()

    def set_text(self, text: str) -> None:
        """Replace the text."""
        if text != self.text.text():
            self.text.setText(text)
            self.text.setToolTip(plain_tip(text))
