"""The experiments with the latent plane, each with what it shows."""

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.action_button import ActionButton

_SHOWS = {
    "borderWalk": "Where one class becomes another",
    "placeDrawing": "Your drawing in the plane",
    "mixPins": "A weighted mean of the pins",
    "reencode": "Decode and encode repeatedly",
    "drift": "A slow walk through the data",
    "grid": "Each image in a cell of its own",
}
"""What each experiment shows, by the key of its action."""


class Experiments(QWidget):
    """Lists the experiments: a button for each, and beside it a few words on what it shows.

    Args:
        actions: The actions of the Latent tab, by key.
    """

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP_SMALL_PX)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(_caption("Experiments"), 0, 0, 1, 2)
        self._rows = [(ActionButton(actions[key]), _caption(shows)) for key, shows in _SHOWS.items()]
        self.set_compact(compact=False)

    def set_compact(self, *, compact: bool) -> None:
        """Leave out the words, and have two buttons in a row, or not."""
        for i, (button, words) in enumerate(self._rows):
            self._grid.addWidget(button, 1 + (i // 2 if compact else i), i % 2 if compact else 0)
            self._grid.addWidget(words, 1 + i, 1)
            words.setVisible(not compact)


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    set_style_property(label, "textRole", "caption")
    set_style_property(label, "secondary", value=True)
    return label
