"""A list of which one row is always current."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QListView

_Flag = QItemSelectionModel.SelectionFlag


class CurrentList(QListView):
    """Its current row is the one that is selected, also where a click with Ctrl held would select none."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)

    def go_to(self, row: int) -> None:
        """Make a row current."""
        self.selectionModel().setCurrentIndex(self.model().index(row, 0), _Flag.ClearAndSelect)

    def selectionCommand(  # noqa: N802 (Qt)
        self,
        index: QModelIndex | QPersistentModelIndex,
        event: QEvent | None = None,  # noqa: ARG002 (Qt)
    ) -> _Flag:
        """Select whatever is clicked or gone to."""
        return _Flag.ClearAndSelect if index.isValid() else _Flag.NoUpdate
