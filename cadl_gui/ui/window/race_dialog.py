"""A dialog for a race: what is trained, the field that differs, and two or three values of it."""

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from cadl_gui.domain.configuration import FIELDS, RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.racing import MOST, race, race_fields, usual_values
from cadl_gui.system.words import _
from cadl_gui.ui.controls.field_editor import wrapped_label
from cadl_gui.ui.controls.no_scroll_combo_box import named_combo
from cadl_gui.ui.controls.parts import label, named, push_button, row_of
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX

_N_LETTERS_WIDE = 48
_ABOUT = _(
    "Two or three runs: without a third value there are two. They begin with the same weights and images, "
    "train by turns, and are drawn together."
)


class RaceDialog(Dialog):
    """Asks for the field in which the runs of a race differ, and for its values.

    Args:
        window: parent window.
        theme: provides the size.
        configs: what the runs can have in common, by the name shown; the first one is proposed.

    Signals:
        begun: (str, tuple of `RunConfig`) The race should begin: its field, and the configurations.
    """

    begun = Signal(str, object)

    def __init__(self, window: QWidget, theme: Theme, configs: Mapping[str, RunConfig]) -> None:
        super().__init__(window, "raceDialog", _("Race values"))
        self._theme = theme
        self._configs_by_name = dict(configs)
        self._what = named_combo("raceWhatCombo", _("What is trained"), _("The settings that the runs share"))
        self._what.addItems(list(configs))
        self._field = named_combo(
            "raceFieldCombo", _("What differs"), _("The field in which the runs differ")
        )
        self._values = [QLineEdit() for _i in range(MOST)]
        for i, edit in enumerate(self._values, start=1):
            named(edit, f"raceValue{i}Edit", says=_("Value {i}").format(i=i)).textChanged.connect(
                self._refresh
            )
        self._values[-1].setPlaceholderText(_("none"))
        self._message = named(wrapped_label(_ABOUT), "raceMessage")
        self._cancel = push_button(_("Cancel"), "raceCancelButton", slot=self.reject)
        tip = _("Train a run for each value, by turns")
        self._begin = push_button(_("Race"), "raceBeginButton", tip, self._race, primary=True)
        self._begin.setDefault(True)
        self._lay_out()
        self._what.currentIndexChanged.connect(self._list_fields)
        self._field.currentIndexChanged.connect(self._propose)
        self._list_fields()

    @property
    def _config(self) -> RunConfig:
        return self._configs_by_name[self._what.currentText()]

    def _lay_out(self) -> None:
        values = row_of(GAP_SMALL_PX, *self._values)
        what, field = (label(text, secondary=True) for text in (_("What is trained"), _("What differs")))
        choices = what, self._what, field, self._field
        column = self.lay_out(GAP_SMALL_PX, *choices, values, self._message, None)
        column.addSpacing(GAP_SMALL_PX)
        column.addLayout(row_of(GAP_SMALL_PX, None, self._cancel, self._begin))
        width = self.fontMetrics().horizontalAdvance("x") * _N_LETTERS_WIDE
        self.resize(min(width, self.screen().availableSize().width()), self.sizeHint().height())
        self._message.setFixedHeight(self._message.heightForWidth(self.width() - 2 * GAP_PX))

    def _configs(self) -> tuple[RunConfig, ...]:
        return race(self._config, self._field.currentData(), [edit.text() for edit in self._values])

    @Slot()
    def _list_fields(self) -> None:
        """Offer the fields in which such runs can differ; the chosen one stays if it is among them."""
        self._field.offer_entries([(_(FIELDS[name].label), name) for name in race_fields(self._config)])
        self._propose()

    @Slot()
    def _propose(self) -> None:
        """Fill in values around the configuration's own."""
        proposed = usual_values(self._config, self._field.currentData())
        for i, edit in enumerate(self._values):
            edit.setText(proposed[i] if i < len(proposed) else "")
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        message = ""
        try:
            self._configs()
        except ConfigurationError as error:
            message = str(error)
        self._message.setText(message or _ABOUT)
        set_style_property(self._message, "invalid", value=bool(message))
        set_style_property(self._message, "secondary", value=not message)
        self._begin.setEnabled(not message)

    @Slot()
    def _race(self) -> None:
        self.begun.emit(self._field.currentData(), self._configs())
        self.accept()
