"""Base class of the parts of a window."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QMainWindow, QProgressDialog

from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.system.words import _

_Dialog = TypeVar("_Dialog", bound=QDialog)

_PATIENCE_MS = 500


class WindowPart(QObject):
    """A child object of a window that carries out part of its work.

    Args:
        window: parent, also of the dialogs.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)

    @property
    def window(self) -> QMainWindow:
        """The parent window; a reference stored here would keep the closed window alive."""
        window = self.parent()
        assert isinstance(window, QMainWindow), "it was made with a window"
        return window

    def show_progress(self, job: BackgroundJob, what: str) -> None:
        """Show that a job runs if it takes long, and let it be cancelled; to be called before it is started.

        Args:
            what: a sentence that ends in “…”.
        """
        progress = QProgressDialog(what, _("Cancel"), 0, 0, self.window)
        progress.setMinimumDuration(_PATIENCE_MS)
        progress.setValue(0)
        progress.canceled.connect(job.cancel)
        job.over.connect(progress.deleteLater)

    def show_one(
        self,
        kind: type[_Dialog],
        make: Callable[[], _Dialog],
        suits: Callable[[_Dialog], bool] = lambda _: True,
    ) -> None:
        """Bring the dialog of this kind that suits to the front, or show one that is made if none is open."""
        found = self.window.findChildren(kind)
        opened = [dialog for dialog in found if dialog.isVisible() and suits(dialog)]
        dialog = opened[0] if opened else make()
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
