"""The list of presets, which offers those of one family."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from cadl_gui.domain.families import Family
from cadl_gui.domain.presets import PRESETS
from cadl_gui.system.words import _
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox
from cadl_gui.ui.theme.tokens import GAP_PX


class PresetCombo(NoScrollComboBox):
    """Offers the presets of the family that is chosen, since all twenty would be a long list to read.

    The open list has the line of each beside its name. A chosen preset that is of no family, or was edited
    until it is of another one, is offered first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setItemDelegate(_Described(self))
        self.show_family(Family.RECONSTRUCT)

    def showPopup(self) -> None:  # noqa: N802 (Qt)
        """Open the list, as wide as its lines."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + GAP_PX)
        super().showPopup()

    def show_family(self, family: Family) -> None:
        """Offer the presets of a family; the chosen one stays, and no signal is emitted."""
        chosen = self.currentData()
        names = list(family.presets)
        if chosen is not None and chosen not in names:
            names.insert(0, chosen)
        self.offer_entries([(name, name) for name in names])


class _Described(QStyledItemDelegate):
    """Paints a preset's name, and what it is."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Add the line to the name."""
        super().initStyleOption(option, index)
        name = index.data(Qt.ItemDataRole.UserRole)
        if name in PRESETS:
            option.text = f"{name} – {_(PRESETS[name].line)}"
