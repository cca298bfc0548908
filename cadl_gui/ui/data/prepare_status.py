"""The progress of a preparation, as a button."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton

from cadl_gui.engine.preparing import Preparing
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import named
from cadl_gui.ui.data.prepare_text import progress_text
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme


class PrepareStatus(QPushButton):
    """Shows how far a dataset is prepared, and is hidden otherwise; pressing it shows the dialog again.

    Args:
        preparing: the preparation.
        theme: tells whether present mode is on.
        present: whether to show it in present mode only, or otherwise only.
    """

    def __init__(self, preparing: Preparing, theme: Theme, *, present: bool) -> None:
        super().__init__()
        name = "prepareTimelineButton" if present else "prepareStatusButton"
        named(self, name, _("Show the dialog of the dataset that is being prepared"), flat=True)
        self._preparing, self._stage = preparing, theme.stage
        theme.stage.put(When.PRESENTING if present else When.AT_A_DESK, self)
        preparing.changed.connect(self._refresh)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        done, n = self._preparing.progress
        self._stage.show(self, self._preparing.scan is not None)
        text = _("Preparing: {percent} %").format(percent=100 * done // n if n else 0)
        if self.text() != text:
            self.setText(text)
            self.setAccessibleDescription(progress_text(self._preparing))
