"""The toolbar for bending the chosen unit."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QVBoxLayout, QWidget

from cadl_gui.domain.bends import LARGEST_FACTOR, Bend, Part
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX
from cadl_gui.ui.widgets.action_button import tool_button
from cadl_gui.ui.widgets.no_scroll_combo_box import NoScrollComboBox

_FACTOR_STEP = 0.1


class BendToolbar(QWidget):
    """Mute, factor and swap, applied to the unit or to one of its kernels.

    Args:
        theme: Icons.

    Attributes:
        action_set: The actions of `ROWS`, in order.

    Signals:
        part_changed: The target changed from the unit to its kernel, or vice versa.
        scaled: (float) The user changed the factor; 0 mutes.
    """

    part_changed = Signal()
    scaled = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bendBar")
        self.action_set = ActionSet(ROWS, self, theme, self)
        self._parts = NoScrollComboBox()
        self._parts.setObjectName("bentPartCombo")
        self._parts.setAccessibleName("What is modified")
        self._parts.setToolTip("The unit with all that it sees, or its kernel for one input channel")
        self._factor = QDoubleSpinBox()
        self._factor.setObjectName("bendFactorSpin")
        self._factor.setAccessibleName("Factor")
        self._factor.setToolTip("What the unit gives is multiplied by this; 1 leaves it unchanged ([ and ])")
        self._factor.setRange(-LARGEST_FACTOR, LARGEST_FACTOR)
        self._factor.setSingleStep(_FACTOR_STEP)
        self._factor.setDecimals(2)
        self._factor.setPrefix("× ")
        self._factor.setValue(1)
        self._lay_out()
        self._parts.currentIndexChanged.connect(self.part_changed)
        self._factor.valueChanged.connect(self.scaled)
        self.show_parts(())

    @property
    def part(self) -> Part | None:
        """The part to bend, or None."""
        part: Part | None = self._parts.currentData()
        return part

    @property
    def swaps(self) -> bool:
        """Whether the part is to be swapped with the one chosen next."""
        return self.action_set["swapUnit"].isChecked()

    @property
    def is_muted(self) -> bool:
        """Whether the factor is 0."""
        return self._factor.value() == 0

    def mute_or_restore(self) -> None:
        """Mute the part, or reset its factor to 1."""
        self.scaled.emit(1.0 if self.is_muted else 0.0)

    def change_factor(self, by: int) -> None:
        """Change the factor by a number of steps of 0.1."""
        self._factor.stepBy(by)

    def end_swap(self) -> None:
        """Uncheck *Swap*, after a swap or to cancel it."""
        self.action_set["swapUnit"].setChecked(False)

    def show_parts(self, parts: tuple[Part, ...], input_names: tuple[str, ...] = ()) -> None:
        """Offer parts to bend, shown as not bent.

        The selection stays on the unit or on the kernel, if the new parts include that kind.

        Args:
            parts: The parts.
            input_names: Names of the input channels, if they are colours.
        """
        was_unit = self.part is None or self.part.is_unit
        with QSignalBlocker(self._parts):
            self._parts.clear()
            for part in parts:
                source = input_names[part.source] if input_names and not part.is_unit else part.source
                words = f"Unit {part.unit}" if part.is_unit else f"Kernel {source} → {part.unit}"
                self._parts.addItem(words, part)
            retained = [i for i, part in enumerate(parts) if part.is_unit is was_unit]
            self._parts.setCurrentIndex(retained[0] if retained else 0)
        self._parts.setEnabled(len(parts) > 1)
        self._factor.setEnabled(bool(parts))
        self.show_bend(None)

    def show_bend(self, bend: Bend | None) -> None:
        """Show the bend of the selected part; None if it is not bent."""
        with QSignalBlocker(self._factor):
            self._factor.setValue(1.0 if bend is None else bend.factor)
        self.action_set.refresh()

    def _lay_out(self) -> None:
        upper, lower = QHBoxLayout(), QHBoxLayout()
        for row in (upper, lower):
            row.setSpacing(UNIT_PX)
        upper.addWidget(self._parts, stretch=1)
        for key in ("muteUnit", "swapUnit"):
            lower.addWidget(tool_button(self.action_set[key]))
        lower.addWidget(self._factor, stretch=1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT_PX)
        column.addLayout(upper)
        column.addLayout(lower)


ROWS: tuple[ActionRow[BendToolbar], ...] = (
    ActionRow(key="muteUnit", menu="Inspect", text="Mute", shortcuts=("M",), checkable=True,
              help="Set this unit's (or kernel's) output to zero; every tab follows.",
              callback=BendToolbar.mute_or_restore, enabled=lambda host: host.part is not None,
              checked=lambda host: host.is_muted),
    ActionRow(key="swapUnit", menu="Inspect", text="Swap…", shortcuts=("S",), checkable=True,
              help="Swap it with the one of its layer that is chosen next.",
              enabled=lambda host: host.part is not None),
    ActionRow(key="quieter", menu="Inspect", text="Smaller factor", shortcuts=("[",),
              help="Decrease the factor by 0.1.", callback=lambda host: host.change_factor(-1),
              enabled=lambda host: host.part is not None),
    ActionRow(key="louder", menu="Inspect", text="Larger factor", shortcuts=("]",),
              help="Increase the factor by 0.1.", callback=lambda host: host.change_factor(1),
              enabled=lambda host: host.part is not None),
)  # fmt: skip
