"""A combo box for choosing a dataset: one that ships, or files from disk."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStyleOptionComboBox

from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.dataset_source import DatasetSource
from cadl_gui.domain.preparing_options import path_of
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox
from cadl_gui.ui.dataset_openers import dataset_openers
from cadl_gui.ui.plain_tip import plain_tip

_MOVING_KEYS = {
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End,
}  # fmt: skip
_TOOL_TIP = Qt.ItemDataRole.ToolTipRole


class DatasetCombo(NoScrollComboBox):
    """Offers the datasets that ship and those of one's own; the last items open a dialog for each kind.

    The data of an item is the dataset's value in a configuration.

    Args:
        sources: Kinds of datasets.

    Signals:
        chosen: (str) A dataset of the list was chosen; it is shown once `show_dataset` is called.
        path_chosen: (str) A dataset was chosen from disk, which may have to be prepared before it is shown.
    """

    chosen = Signal(str)
    path_chosen = Signal(str)

    def __init__(self, sources: Sequence[DatasetSource] = ()) -> None:
        super().__init__()
        self._openers = tuple(dataset_openers(sources))
        self._shipped = [source.name for source in sources if source.name]
        shipped = ((source.title, source.name, source.help) for source in sources if source.name)
        self.offer_entries([*shipped, *((opener.text, None, opener.help) for opener in self._openers)])
        self._dataset = ""
        self.show_dataset(DataConfig().dataset)
        self.currentIndexChanged.connect(self._on_index_changed)

    @property
    def dataset(self) -> str:
        """The chosen dataset, as a configuration names it."""
        return self._dataset

    def offer(self, dataset: str) -> str:
        """Add a dataset to the list if it is new; return its value in a configuration."""
        name = dataset.lower() if dataset.lower() in self._shipped else dataset
        if self.findData(name) < 0:
            with QSignalBlocker(self):
                self.insertItem(self._n_datasets, Path(name).name, name)
                self.setItemData(self._n_datasets - 1, plain_tip(name), _TOOL_TIP)
        return name

    def show_dataset(self, dataset: str) -> None:
        """Select a dataset, adding it to the list if it is new."""
        name = self.offer(dataset)
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(name))
        self._dataset = name

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Show the name without options, for which the box has no room; the list has them."""
        super().initStyleOption(option)
        option.currentText = path_of(option.currentText)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list on a key that moves to an item, and move there: choosing one opens a dialog."""
        letter = event.text().strip()
        if event.key() in _MOVING_KEYS or (letter and letter.isprintable()):
            self.showPopup()
            QCoreApplication.sendEvent(self.view(), event)
            return
        super().keyPressEvent(event)

    @property
    def _n_datasets(self) -> int:
        return self.count() - len(self._openers)

    @Slot(int)
    def _on_index_changed(self, index: int) -> None:
        dataset = self.itemData(index)
        self.show_dataset(self._dataset)
        if dataset:
            self.chosen.emit(dataset)
            return
        path = self._openers[index - self._n_datasets].ask(self)
        if path is not None:
            self.path_chosen.emit(str(path))
