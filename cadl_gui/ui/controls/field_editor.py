"""One field of a configuration: its label, its control and an error message."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QSizePolicy, QWidget

from cadl_gui.domain.configuration import FIELDS
from cadl_gui.domain.fields import Field
from cadl_gui.domain.precision import withheld_choices
from cadl_gui.system.glossary import explained
from cadl_gui.system.words import _
from cadl_gui.ui.chosen import shown_by
from cadl_gui.ui.controls.dataset_combo import DatasetCombo
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox
from cadl_gui.ui.controls.number_spin import IntegerSpin, NumberSpin
from cadl_gui.ui.controls.parts import column_in, label, named
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import UNIT_PX

if TYPE_CHECKING:
    from collections.abc import Mapping

Control = IntegerSpin | NumberSpin | QCheckBox | NoScrollComboBox | QLineEdit


class FieldEditor(QWidget):
    """Edits one field of any kind as text, which `Field.parse` interprets.

    Args:
        name: Name of the field.
        control: Replaces the default control for the field's kind.
        about: The field; by default the field of `RunConfig` with this name.

    Signals:
        edited: The user changed the text.
    """

    edited = Signal()

    def __init__(self, name: str, control: Control | None = None, *, about: Field | None = None) -> None:
        super().__init__()
        self._name = name
        self.setObjectName(f"{name}Field")
        self._about = about or FIELDS[name]
        self._explanation, key = _explanation(self._about), _camel_case(name)
        self._control = control or _control(self._about)
        named(self._control, key + _suffix(self._control), self._explanation, says=_(self._about.label))
        self._message = wrapped_label("", f"{key}Error")
        self._locked = wrapped_label("", f"{key}Locked")
        self._locked.hide()
        self._device: str | None = None
        self._withheld: Mapping[str, str] = {}
        self._lay_out()
        self._connect()
        self.set_device("")
        self.show_message("")

    def set_device(self, device: str) -> bool:
        """Offer the choices that a training has on this device, "CPU", "GPU" or "", not yet known.

        Returns:
            Whether they are others than before.
        """
        if device == self._device:
            return False
        self._device, before = device, self._withheld
        self._withheld = withheld_choices(self._name, device)
        if self._withheld == before:
            return False
        assert isinstance(self._control, NoScrollComboBox), "a field of choices"
        self._control.withhold(self._withheld)
        return True

    @property
    def name(self) -> str:
        """Name of the field."""
        return self._name

    @property
    def control(self) -> Control:
        """The control, which takes the focus."""
        return self._control

    @property
    def text(self) -> str:
        """The typed or chosen value, as text for `Field.parse`."""
        match self._control:
            case IntegerSpin() | NumberSpin():
                return self._control.lineEdit().text()
            case QCheckBox():
                return "on" if self._control.isChecked() else "off"
            case DatasetCombo():
                return self._control.dataset
            case NoScrollComboBox():
                return str(self._control.currentData())
            case QLineEdit():
                return self._control.text()

    def show_text(self, text: str) -> None:
        """Show a text, which may be half-typed, without emitting `edited`."""
        if text == self.text:
            return
        with QSignalBlocker(self):
            match self._control:
                case IntegerSpin() | NumberSpin():
                    self._control.lineEdit().setText(text)
                case QCheckBox():
                    self._control.setChecked(text == "on")
                case DatasetCombo():
                    self._control.show_dataset(text)
                case NoScrollComboBox():
                    if self._control.findData(text) < 0:
                        self._control.addItem(text, text)
                    self._control.setCurrentIndex(self._control.findData(text))
                case QLineEdit():
                    self._control.setText(text)

    def show_message(self, message: str) -> None:
        """Show an error message below the control.

        Without one, "", a caution on an unusual value is shown, or why a choice is not offered, or nothing.
        """
        caution = "" if message else self._about.caution(self.text)
        reasons = " ".join(self._withheld.values())
        said = message or caution or reasons
        self._message.setText(said)
        self._message.setVisible(bool(said))
        set_style_property(self._message, "invalid", value=bool(message))
        set_style_property(self._message, "secondary", value=not (message or caution))
        set_style_property(self._message, "noticeText", "caution" if caution else "")
        set_style_property(self._control, "invalid", bool(message))
        explanation = self._explanation.replace("\n", " ")
        self._control.setAccessibleDescription(f"{said} {explanation}".strip())

    def lock(self, reason: str) -> None:
        """Show the value as text in place of the control, which is of no use; the reason is its help."""
        self._explanation = reason
        for widget in (self._control, self._locked):
            widget.setToolTip(reason)
        self._control.setEnabled(False)
        self._control.hide()
        is_check = isinstance(self._control, QCheckBox)
        self._locked.setText(f"{_(self._about.label)}: {self.text}" if is_check else self.text or _("none"))
        self._locked.show()
        self.show_message("")

    def _lay_out(self) -> None:
        if isinstance(self._control, QCheckBox):
            self._control.setText(_(self._about.label))
            column_in(self, UNIT_PX, self._control, self._locked, self._message)
            return
        caption = wrapped_label(self._about.caption, secondary=True)
        caption.setBuddy(self._control)
        # With a stretch, or the name would be far above its control beside a field with a message.
        column_in(self, UNIT_PX, caption, self._control, self._locked, self._message, None)

    def _connect(self) -> None:
        if isinstance(self._control, IntegerSpin | NumberSpin):
            self._control.text_edited.connect(self.edited)
        elif not isinstance(self._control, DatasetCombo):  # `chosen`: it is opened first
            getattr(self._control, shown_by(self._control)[1]).connect(self.edited)


def wrapped_label(text: str = "", name: str = "", **styles: bool | str) -> QLabel:
    """Return a caption that wraps to the width it is given; it may name files, which are no rich text."""
    caption = label(text, name, wraps=True, textRole="caption", **styles)
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    caption.setSizePolicy(policy)
    return caption


def _control(about: Field) -> Control:
    match about.kind:
        case "int":
            whole = IntegerSpin()
            whole.setRange(round(max(about.minimum, -(2**31))), round(min(about.maximum, 2**31 - 1)))
            return whole
        case "float":
            number = NumberSpin()
            number.setRange(about.minimum, about.maximum)
            return number
        case "bool":
            return QCheckBox()
        case "choice":
            combo = NoScrollComboBox()
            combo.offer_entries([(choice, choice) for choice in about.choices])
            return combo
        case "sizes" | "text":
            line = QLineEdit()
            line.setPlaceholderText(_("none"))
            return line


def _suffix(control: Control) -> str:
    match control:
        case IntegerSpin() | NumberSpin():
            return "Spin"
        case QCheckBox():
            return "Check"
        case NoScrollComboBox():
            return "Combo"
        case QLineEdit():
            return "Edit"


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def _explanation(about: Field) -> str:
    """Return what a field does, then its range and unit, and what the words of its label mean."""
    has_range = about.kind not in {"bool", "choice", "text"} and math.isfinite(about.maximum - about.minimum)
    bounds = (
        _("\n{minimum:,.10g} to {maximum:,.10g} {unit}").format(
            minimum=about.minimum, maximum=about.maximum, unit=_(about.unit)
        )
        if has_range
        else ""
    )
    return explained(f"{_(about.help)}{bounds}".strip(), about.label)
