"""The base class of dialogs in which a teacher writes into a lesson."""

from abc import abstractmethod
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from cadl_gui.system.words import _
from cadl_gui.ui.confirmation import confirm
from cadl_gui.ui.controls.field_editor import wrapped_label
from cadl_gui.ui.controls.parts import column_in, label, named, push_button, row_of
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, UNIT_PX

_N_LETTERS_WIDE = 64


class LessonForm(Dialog):
    """Asks for words; it stays open until they are written, or what was typed is given up.

    Args:
        window: parent window.
        theme: provides the size.
        name: begins the names of its parts.
        title: its title.
        path: the lesson.
        tip: what *Save* does.
        lines: its height, in lines.

    Attributes:
        path: the lesson.

    Signals:
        given: (object) these words should be written.
    """

    given = Signal(object)

    def __init__(
        self, window: QWidget, theme: Theme, name: str, title: str, path: Path, tip: str, lines: int
    ) -> None:
        super().__init__(window, f"{name}Dialog", title)
        self._theme = theme
        self.path = path
        self._message = named(wrapped_label(), f"{name}Message")
        self._cancel = push_button(_("Cancel"), f"{name}CancelButton", slot=self._give_up)
        self._save = push_button(_("Save"), f"{name}SaveButton", tip, self._give, primary=True)
        self._save.setDefault(True)
        self._before: list[str | bool] = []
        self._lines = lines
        theme.changed.connect(self._restyle)

    @property
    def buttons(self) -> QHBoxLayout:
        """The row with the buttons, and what is said about what was typed."""
        return row_of(GAP_SMALL_PX, (self._message, 1), self._cancel, self._save)

    def begin(self) -> None:
        """Take what stands in all fields now as what was there before."""
        self._before = self._typed

    @Slot()
    def _restyle(self) -> None:
        self.resize_to_type(_N_LETTERS_WIDE, self._lines)

    @abstractmethod
    def words(self) -> object:
        """Return what was typed; None if something is wrong with it, which has been said."""

    @Slot()
    def _give(self) -> None:
        """Ask to write what was typed; wait for that."""
        if (words := self.words()) is not None:
            self.say("")
            self._save.setEnabled(False)
            self.given.emit(words)

    @Slot(str, str)
    def refuse(self, message: str, details: str = "") -> None:  # noqa: ARG002 (the sentence says enough)
        """Say why nothing was written, and keep what was typed."""
        self._save.setEnabled(True)
        self.say(message)

    def say(self, message: str, field: QWidget | None = None) -> None:
        """Say what is wrong, and mark the field in which it is."""
        self._message.setText(message)
        set_style_property(self._message, "invalid", value=bool(message))
        for each in self.findChildren(QLineEdit):
            set_style_property(each, "invalid", value=each is field)
        if field is not None:
            field.setFocus()

    def reject(self) -> None:
        """Close the dialog, but ask first if something was typed."""
        if self._typed == self._before:
            super().reject()
            return
        texts = (
            _("Discard what you typed?"),
            _("It has not been written into “{name}”.").format(name=self.path.name),
        )
        confirm(self, "discardQuestion", texts, _("Discard"), self._discard)

    @Slot()
    def _discard(self) -> None:
        super().reject()

    @Slot()
    def _give_up(self) -> None:
        self.reject()

    @property
    def _typed(self) -> list[str | bool]:
        typed: list[str | bool] = [edit.text() for edit in self.findChildren(QLineEdit)]
        typed += [edit.toPlainText() for edit in self.findChildren(QPlainTextEdit)]
        typed += [box.currentText() for box in self.findChildren(QComboBox)]
        return typed + [box.isChecked() for box in self.findChildren(QCheckBox)]


def field_row(name: str, words: str, edit: QWidget) -> QWidget:
    """Return a field below what it is for."""
    row = QWidget()
    above = label(words, secondary=True)
    above.setBuddy(named(edit, name, says=words))
    column_in(row, UNIT_PX, above, (edit, 1))
    return row
