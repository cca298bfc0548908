"""A panel for the labelled examples: how many there are, and buttons to train with, save and remove them."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from cadl_gui.domain.formatting import count_text
from cadl_gui.ui.file_dialogs import ask_where_to_save
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_EMPTY = "Drawings are saved automatically."


class LabellingPanel(QWidget):
    """Explains how to correct an answer; examples can be removed, saved and used for training.

    Signals:
        taken_back: remove the last example.
        save_requested: save all examples.
        training_requested: train the next run with all examples, too.
    """

    taken_back = Signal()
    save_requested = Signal()
    training_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._text.setObjectName("labelledLabel")
        self._text.setTextFormat(Qt.TextFormat.PlainText)  # it names classes and files
        set_style_property(self._text, "secondary", value=True)
        self._take_back = QPushButton("Remove")
        self._take_back.setObjectName("takeBackButton")
        self._take_back.setToolTip("Remove the last corrected image")
        self._take_back.clicked.connect(self.taken_back)
        self._save = QPushButton("Save…")
        self._save.setObjectName("saveExamplesButton")
        self._save.setToolTip("Save the corrected images with their labels to a file, as .npz or .h5")
        self._save.clicked.connect(self.save_requested)
        self._train = QPushButton()
        self._train.setObjectName("trainWithExamplesButton")
        self._train.setToolTip("Open Train with a classifier that learns from the corrected images, too")
        self._train.clicked.connect(self.training_requested)
        self._ask = ""
        self._is_drawn = self._is_asking = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL_PX)
        row.addWidget(self._text, stretch=1)
        for button in (self._train, self._save, self._take_back):
            set_style_property(button, "flat", value=True)
            row.addWidget(button)
        # The text is cut rather than the buttons at its sides.
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.show_labelled(0, None)

    def set_keys(self, n: int, n_keys: int, *, are_corrections: bool) -> None:
        """Set how many labels there are; without any, the panel is hidden.

        Args:
            n: number of labels.
            n_keys: number of labels that can have number keys.
            are_corrections: whether there is an answer that they correct.
        """
        keys = {1: "0", 2: "0 or 1"}.get(n, f"0–{min(n, n_keys) - 1}")
        if n > n_keys:
            keys += ", or L for another"
        ask = "Is the answer wrong? Type the right class:" if are_corrections else "Type the image's class:"
        self._ask = f"{ask} {keys}."
        self.setVisible(n > 0)

    def set_drawn(self, is_drawn: bool) -> None:
        """Set whether there is a drawing, which could be labelled."""
        if is_drawn != self._is_drawn:
            self._is_drawn = is_drawn
            if self._is_asking:
                self._ask_for_label()

    def _ask_for_label(self) -> None:
        self._set_text(self._ask if self._is_drawn else _EMPTY)

    def show_labelled(self, n: int, last: str | None) -> None:
        """Show how many drawings are labelled, and what can be done with them.

        Args:
            n: number of labelled drawings.
            last: class of the last one; None if there are none.
        """
        which, it = (f"({last})", "it") if n == 1 else (f"(last: {last})", "them")
        self._is_asking = last is None
        if self._is_asking:
            self._ask_for_label()
        else:
            self._set_text(f"{count_text(n, 'corrected image')} {which}.")
        self._train.setText(f"Train with {it}…")
        for button in (self._train, self._save, self._take_back):
            button.setVisible(n > 0)

    def _set_text(self, text: str) -> None:
        self._text.setText(text)
        self._text.setToolTip(plain_tip(text))

    def choose_file(self) -> Path | None:
        """Return where the user wants to save all examples; None if that is cancelled."""
        kinds = "NumPy (*.npz);;HDF5 (*.h5)"
        return ask_where_to_save(self, FileKind.EXAMPLES, "Save examples", "drawings.npz", kinds)
