"""The fields for the options with which a dataset is prepared."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget

from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.fields import fields_of
from cadl_gui.domain.preparing_options import PreparingOptions, parse_options
from cadl_gui.ui.controls.field_editor import FieldEditor
from cadl_gui.ui.controls.parts import grid_in
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX

_COLUMNS = 2


class PrepareFields(QWidget):
    """Edits the options that have an effect on a dataset. A bad value is explained under its field.

    Args:
        names: names of the options.
        options: the options to begin with.

    Signals:
        edited: the user changed an option, perhaps to a bad value.
    """

    edited = Signal()

    def __init__(self, names: Sequence[str], options: PreparingOptions) -> None:
        super().__init__()
        self._options = options
        fields = fields_of(PreparingOptions)
        self._editors = {name: FieldEditor(name, about=fields[name]) for name in names}
        grid = grid_in(self, GAP_PX, GAP_SMALL_PX)
        for number, (name, editor) in enumerate(self._editors.items()):
            editor.show_text(fields[name].as_text(getattr(options, name)))
            editor.edited.connect(self._on_edited)
            is_check = fields[name].kind == "bool"  # has no caption, so that its middle is the row's
            grid.addWidget(editor, *divmod(number, _COLUMNS))
            if not is_check:
                grid.setAlignment(editor, Qt.AlignmentFlag.AlignTop)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)

    @property
    def options(self) -> PreparingOptions | None:
        """The options; None if any value is bad."""
        try:
            return parse_options(
                self._options.changed | {name: editor.text for name, editor in self._editors.items()}
            )
        except ConfigurationError:
            return None

    def select_first(self) -> None:
        """Put the cursor into the first field, if any, and select its text, so that typing replaces it."""
        control = next((editor.control for editor in self._editors.values()), None)
        if control is not None:
            control.setFocus()
        if isinstance(control, QAbstractSpinBox | QLineEdit):
            control.selectAll()

    @Slot()
    def _on_edited(self) -> None:
        for name, editor in self._editors.items():
            editor.show_message(_complaint(name, editor.text))
        self.edited.emit()


def _complaint(name: str, text: str) -> str:
    try:
        parse_options({name: text})
    except ConfigurationError as error:
        return str(error)
    return ""
