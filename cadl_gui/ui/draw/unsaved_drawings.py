"""Asks about unsaved labelled drawings before the window closes.

Closing asks about nothing else: a training is stopped and kept.
"""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from cadl_gui.ui.draw.labelling import Labelling


class CloseGuard(QObject):
    """Keeps the window open while it asks whether to save or discard unsaved labelled drawings.

    Args:
        page: the parent; its window is closed again once the drawings are saved or discarded.
        labelling: the labelled drawings.
    """

    def __init__(self, page: QWidget, labelling: Labelling) -> None:
        super().__init__(page)
        self._labelling = labelling
        self._question: QMessageBox | None = None
        self._are_discarded = False
        self._closes_once_saved = False
        labelling.save_ended.connect(self._on_save_ended)

    def confirm_close(self) -> bool:
        """Return whether the window may close; if not, ask the user."""
        if self._are_discarded or not self._labelling.n_unsaved:
            return True
        if self._question is None:
            self._question = self._build_question()
            self._question.open()
        return False

    @property
    def _window(self) -> QWidget:
        page = self.parent()
        assert isinstance(page, QWidget), "it was made with a page"
        return page.window()

    def _build_question(self) -> QMessageBox:
        n = self._labelling.n_unsaved
        question = QMessageBox(self._window)
        question.setObjectName("unsavedQuestion")
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setText(
            "A corrected image is not saved." if n == 1 else f"{n} corrected images are not saved."
        )
        question.setInformativeText("Unsaved images are lost when the window closes.")
        save = question.addButton("Save…", QMessageBox.ButtonRole.AcceptRole)
        discard = question.addButton("Discard", QMessageBox.ButtonRole.DestructiveRole)
        question.setEscapeButton(question.addButton("Cancel", QMessageBox.ButtonRole.RejectRole))
        question.setDefaultButton(save)
        question.finished.connect(self._on_answered)
        save.clicked.connect(self._save)
        discard.clicked.connect(self._discard)
        return question

    @Slot()
    def _on_answered(self) -> None:
        self._question = None

    @Slot()
    def _save(self) -> None:
        self._closes_once_saved = self._labelling.ask_where_to_save()

    @Slot()
    def _discard(self) -> None:
        self._are_discarded = True
        self._window.close()
        self._are_discarded = False  # another part may have kept the window open

    @Slot(bool)
    def _on_save_ended(self, is_saved: bool) -> None:
        closes, self._closes_once_saved = self._closes_once_saved and is_saved, False
        if closes:
            self._window.close()
