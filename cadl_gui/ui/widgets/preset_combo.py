"""The list of presets, which offers those of one family."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.families import Family
from cadl_gui.ui.widgets.no_scroll_combo_box import NoScrollComboBox


class PresetCombo(NoScrollComboBox):
    """Offers the presets of the family that is chosen, since all twenty would be a long list to read.

    A chosen preset that is of no family, or was edited until it is of another one, is offered first.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_family(Family.RECONSTRUCT)

    def show_family(self, family: Family) -> None:
        """Offer the presets of a family; the chosen one stays, and no signal is emitted."""
        chosen = self.currentData()
        names = list(family.presets)
        if chosen is not None and chosen not in names:
            names.insert(0, chosen)
        if names == [self.itemData(i) for i in range(self.count())]:
            return
        with QSignalBlocker(self):
            self.clear()
            for name in names:
                self.addItem(name, name)
            self.setCurrentIndex(0 if chosen is None else names.index(chosen))
