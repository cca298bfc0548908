"""The placeholder shown when there is no latent plane."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_PX


class Placeholder(QWidget):
    """Shows a sentence and a button.

    Args:
        can_show_vae: Whether a trained VAE is available; if not, the button is hidden.

    Signals:
        vae_requested: The button was pressed.
    """

    vae_requested = Signal()

    def __init__(self, *, can_show_vae: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message = QLabel()
        self._message.setObjectName("noPlaneSentence")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        set_style_property(self._message, "textRole", "section")
        self._button = QPushButton("Show vae", self)
        self._button.setObjectName("showVaeButton")
        self._button.setToolTip("Open the trained vae that ships with the program")
        set_style_property(self._button, "primary", value=True)
        self._button.setVisible(can_show_vae)
        self._button.clicked.connect(self.vae_requested)
        column = QVBoxLayout(self)
        column.setSpacing(GAP_PX)
        column.addStretch(1)
        column.addWidget(self._message)
        column.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def set_message(self, message: str) -> None:
        """Show why there is no plane."""
        self._message.setText(message)
