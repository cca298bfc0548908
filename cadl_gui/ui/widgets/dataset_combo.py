"""The choice of a dataset: the one that ships, or IDX files from disk."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from cadl_gui.ui.settings import documents_folder
from cadl_gui.ui.widgets.combo import Combo

_MNIST = "mnist"
_TOOL_TIP = Qt.ItemDataRole.ToolTipRole


class DatasetCombo(Combo):
    """Offers MNIST and every path chosen so far; its last two items ask for another.

    The data of an item is what a configuration calls the dataset.

    Signals:
        dataset_changed: (str) another dataset was chosen.
    """

    dataset_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItem("MNIST", _MNIST)
        self.addItem("Open IDX files…")
        self.setItemData(1, "A file of pictures; its labels are looked for beside it", _TOOL_TIP)
        self.addItem("Open IDX folder…")
        self.setItemData(2, "A folder with the files of MNIST, under their usual names", _TOOL_TIP)
        self._dataset = _MNIST
        self.currentIndexChanged.connect(self._on_index_changed)

    @property
    def dataset(self) -> str:
        """The dataset that is chosen, `mnist` or a path."""
        return self._dataset

    @Slot(str)
    def show_dataset(self, dataset: str) -> None:
        """Choose a dataset, offering it from now on if it is a new one."""
        name = _MNIST if dataset.lower() == _MNIST else dataset
        with QSignalBlocker(self):
            if self.findData(name) < 0:
                self.insertItem(self._n_datasets, Path(name).name, name)
                self.setItemData(self._n_datasets - 1, name, _TOOL_TIP)
            self.setCurrentIndex(self.findData(name))
        if name != self._dataset:
            self._dataset = name
            self.dataset_changed.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list on an arrow key, where walking along it would open dialogs."""
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.showPopup()
            return
        super().keyPressEvent(event)

    @property
    def _n_datasets(self) -> int:
        return self.count() - 2

    @Slot(int)
    def _on_index_changed(self, index: int) -> None:
        dataset = self.itemData(index) or self._ask_for_path(folder=index > self._n_datasets)
        self.show_dataset(dataset or self._dataset)

    def _ask_for_path(self, *, folder: bool) -> str:
        if folder:
            return QFileDialog.getExistingDirectory(self, "Open folder with IDX files", documents_folder())
        return QFileDialog.getOpenFileName(self, "Open IDX files", documents_folder())[0]
