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
    "reencode": "Where it leads, again and again",
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
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP_SMALL_PX)
        grid.setColumnStretch(1, 1)
        title = QLabel("Experiments")
        set_style_property(title, "textRole", "caption")
        set_style_property(title, "secondary", value=True)
        grid.addWidget(title, 0, 0, 1, 2)
        for row, (key, shows) in enumerate(_SHOWS.items(), 1):
            label = QLabel(shows)
            label.setWordWrap(True)
            set_style_property(label, "textRole", "caption")
            set_style_property(label, "secondary", value=True)
            grid.addWidget(ActionButton(actions[key]), row, 0)
            grid.addWidget(label, row, 1)
