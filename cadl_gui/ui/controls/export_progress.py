"""The progress of an export, with a button to cancel it."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_of, label, named, push_button, row_in
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX


class ExportProgress(QWidget):
    """Shows the progress of an export; hidden otherwise.

    Args:
        cancel: Cancels the export.
        name: What is exported, in objectNames: `{name}Progress`.
    """

    def __init__(self, cancel: Callable[[], object], name: str = "export") -> None:
        super().__init__()
        self._label = label(textRole="caption")
        self._bar = named(QProgressBar(), f"{name}Progress", says=_("Progress of the export"))
        self._bar.setTextVisible(False)
        button = push_button(_("Cancel"), f"cancel{name.capitalize()}Button", slot=cancel)
        row_in(self, GAP_SMALL_PX, (column_of(UNIT_PX, self._label, self._bar), 1), button)
        self.hide()

    @Slot(str, int, int)
    def show_progress(self, what: str, n: int, total: int) -> None:
        """Show the number of images rendered."""
        self._label.setText(_("{what} · image {n:,} of {total:,}").format(what=what, n=n, total=total))
        self._bar.setRange(0, total)
        self._bar.setValue(n)
        self.show()

    @Slot(str)
    def show_writing(self, what: str) -> None:
        """Show that the file is being written."""
        self._label.setText(_("{what} · writing the file").format(what=what))
