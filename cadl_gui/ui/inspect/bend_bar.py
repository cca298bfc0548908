"""What can be bent in the chosen unit, as buttons."""

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from cadl_gui.domain.bends import LARGEST_FACTOR, Bend, Part
from cadl_gui.ui.tab_actions import TAB_ACTIONS, build_tab_action
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX
from cadl_gui.ui.widgets.combo import Combo

_BENDING = ("muteUnit", "swapUnit", "quieter", "louder", "undoBend", "redoBend", "straighten")
_FACTOR_STEP = 0.1


class BendBar(QWidget):
    """Mute, factor, swap, undo and redo; whether the unit is meant, or one of its kernels.

    Signals:
        part_changed: the unit is meant instead of its kernel, or the other way round.
        scaled: (float) the factor was changed by hand; 0 mutes.
        swap_toggled: (bool) whether the part is to be swapped with the one that is chosen next.
        straightened: all is to be as it was learned.
    """

    part_changed = Signal()
    scaled = Signal(float)
    swap_toggled = Signal(bool)
    straightened = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bendBar")
        self._actions = {
            row.key: build_tab_action(row, self, theme) for row in TAB_ACTIONS if row.key in _BENDING
        }
        self._parts = Combo()
        self._parts.setObjectName("bentPartCombo")
        self._parts.setAccessibleName("What is bent")
        self._parts.setToolTip("The unit with all that it sees, or its kernel for one input channel")
        self._factor = QDoubleSpinBox()
        self._factor.setObjectName("bendFactorSpin")
        self._factor.setAccessibleName("Factor")
        self._factor.setToolTip("What the unit gives is multiplied by this; 1 is as it learned ([ and ])")
        self._factor.setRange(-LARGEST_FACTOR, LARGEST_FACTOR)
        self._factor.setSingleStep(_FACTOR_STEP)
        self._factor.setDecimals(2)
        self._factor.setPrefix("× ")
        self._factor.setValue(1)
        self._lay_out()
        self._connect()
        self.show_parts((), is_bent=False)

    @property
    def menu_actions(self) -> list[QAction]:
        """All that can be done, in the order of the table."""
        return list(self._actions.values())

    @property
    def undo_actions(self) -> tuple[QAction, QAction]:
        """Undo and redo."""
        return self._actions["undoBend"], self._actions["redoBend"]

    @property
    def part(self) -> Part | None:
        """What is meant."""
        part: Part | None = self._parts.currentData()
        return part

    @property
    def swaps(self) -> bool:
        """Whether the part is to be swapped with the one that is chosen next."""
        return self._actions["swapUnit"].isChecked()

    def end_swap(self) -> None:
        """It is done, or no longer meant."""
        self._actions["swapUnit"].setChecked(False)

    def show_parts(self, parts: tuple[Part, ...], *, is_bent: bool) -> None:
        """Offer these parts, all of them as they were learned, and what can be done about all bends.

        The same kind of part as before stays meant, where there is one.
        """
        was_unit = self.part is None or self.part.is_unit
        with QSignalBlocker(self._parts):
            self._parts.clear()
            for part in parts:
                words = f"Unit {part.unit}" if part.is_unit else f"Kernel {part.source} → {part.unit}"
                self._parts.addItem(words, part)
            kept = [i for i, part in enumerate(parts) if part.is_unit is was_unit]
            self._parts.setCurrentIndex(kept[0] if kept else 0)
        self._parts.setEnabled(len(parts) > 1)
        for key in ("muteUnit", "swapUnit", "quieter", "louder"):
            self._actions[key].setEnabled(bool(parts))
        self._factor.setEnabled(bool(parts))
        self._actions["straighten"].setEnabled(is_bent)
        self.show_bend(None)

    def show_bend(self, bend: Bend | None) -> None:
        """Show what stands in the place of the part that is meant."""
        factor = 1.0 if bend is None else bend.factor
        with QSignalBlocker(self._factor), QSignalBlocker(self._actions["muteUnit"]):
            self._factor.setValue(factor)
            self._actions["muteUnit"].setChecked(factor == 0)

    def _lay_out(self) -> None:
        upper, lower = QHBoxLayout(), QHBoxLayout()
        for row in (upper, lower):
            row.setSpacing(UNIT_PX)
        upper.addWidget(self._parts, stretch=1)
        for key in ("undoBend", "redoBend"):
            upper.addWidget(self._button(key))
        for key in ("muteUnit", "swapUnit"):
            lower.addWidget(self._button(key))
        lower.addWidget(self._factor, stretch=1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT_PX)
        column.addLayout(upper)
        column.addLayout(lower)

    def _button(self, key: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"{key}Button")
        button.setDefaultAction(self._actions[key])
        button.setAccessibleName(self._actions[key].text().removesuffix("…"))
        return button

    def _connect(self) -> None:
        actions = self._actions
        self._parts.currentIndexChanged.connect(self.part_changed)
        self._factor.valueChanged.connect(self.scaled)
        actions["muteUnit"].toggled.connect(self._on_muted)
        actions["swapUnit"].toggled.connect(self.swap_toggled)
        actions["quieter"].triggered.connect(self._factor.stepDown)
        actions["louder"].triggered.connect(self._factor.stepUp)
        actions["straighten"].triggered.connect(self.straightened)

    @Slot(bool)
    def _on_muted(self, muted: bool) -> None:
        self.scaled.emit(0.0 if muted else 1.0)
