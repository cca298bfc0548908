"""A panel for the labelled examples: how many there are, and buttons to train with, save and remove them."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.formatting import count_text
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import keep_room, label, push_button, row_in
from cadl_gui.ui.file_dialogs import ask_where_to_save
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_EMPTY = _("Drawings are saved automatically.")
LABELLED = "labelledLabel"
"""objectName of the words that say which key labels a drawing; where they are left out, none does."""


class LabellingPanel(QWidget):
    """Explains how to correct an answer; examples can be removed, saved and used for training.

    Present mode says in fewer words what concerns the drawing shown: no key may keep an image unseen.

    Args:
        theme: tells whether present mode is on.

    Attributes:
        taken_back: signal, remove the last example.
        save_requested: signal, save all examples.
        training_requested: signal, train the next run with all examples, too.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._text = label(name=LABELLED, secondary=True)
        tip = _("Remove the last corrected image")
        self._take_back = push_button(_("Remove"), "takeBackButton", tip, flat=True)
        self.taken_back = self._take_back.clicked
        tip = _("Save the corrected images with their labels to a file, as .npz or .h5")
        self._save = push_button(_("Save…"), "saveExamplesButton", tip, flat=True)
        self.save_requested = self._save.clicked
        tip = _("Open Train with a classifier that learns from the corrected images, too")
        self._train = push_button("", "trainWithExamplesButton", tip, flat=True)
        self.training_requested = self._train.clicked
        self._ask = self._brief = ""
        self._n, self._last, self._is_drawn, self._is_kept = 0, "", False, False
        self._has_keys = True
        row_in(self, GAP_SMALL_PX, (self._text, 1), self._train, self._save, self._take_back)
        # A stroke, which brings the text, moves nothing in present mode.
        keep_room(self._text)
        # The text is cut rather than the buttons at its sides.
        self._text.setMinimumWidth(1)
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        theme.stage.put(When.AT_A_DESK, self._save)
        theme.changed.connect(self._refresh)
        self._refresh()

    def set_keys(self, n: int, n_keys: int, *, are_corrections: bool) -> None:
        """Set how many labels there are; without any, the panel is hidden.

        Args:
            n_keys: number of labels that can have number keys.
            are_corrections: whether there is an answer that they correct.
        """
        keys = {1: "0", 2: _("0 or 1")}.get(n, f"0–{min(n, n_keys) - 1}")
        if n > n_keys:
            keys += _(", or L for another")
        ask = (
            _("Is the answer wrong? Type the right class:")
            if are_corrections
            else _("Type the image's class:")
        )
        self._ask, self._brief = (
            f"{ask} {keys}.",
            _("Network wrong? Press {keys}.").format(keys=keys) if are_corrections else "",
        )
        self._has_keys = n > 0
        self._refresh()

    def set_drawn(self, is_drawn: bool, *, is_kept: bool = False) -> None:
        """Set whether there is a drawing, which could be labelled, and whether it was labelled last."""
        if (is_drawn, is_kept) != (self._is_drawn, self._is_kept):
            self._is_drawn, self._is_kept = is_drawn, is_kept
            self._refresh()

    def show_labelled(self, n: int, last: str | None) -> None:
        """Show how many drawings are labelled, and what can be done with them.

        Args:
            last: class of the last one; None if there are none.
        """
        self._n, self._last = n, last or ""
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        n, stage = self._n, self._theme.stage
        if presents := stage.presents:
            text = _("Kept as {last}").format(last=self._last) if self._is_kept else self._brief
        elif not n:
            text = self._ask if self._is_drawn else _EMPTY
        else:
            which = f"({self._last})" if n == 1 else _("(last: {last})").format(last=self._last)
            text = f"{count_text(n, 'corrected image')} {which}."
        self._text.setText(text)
        self._text.setToolTip(plain_tip(text))
        self._train.setText(_("Train with it…") if n == 1 else _("Train with them…"))
        for button in (self._train, self._save, self._take_back):
            stage.show(button, self._is_kept if presents else n > 0)
        stage.show(self._text, self._is_drawn or not presents)
        self._text.setMinimumHeight(self._take_back.sizeHint().height())
        stage.show(self, self._has_keys)

    def choose_file(self) -> Path | None:
        """Return where the user wants to save all examples; None if that is cancelled."""
        kinds = "NumPy (*.npz);;HDF5 (*.h5)"
        return ask_where_to_save(self, FileKind.EXAMPLES, _("Save examples"), "drawings.npz", kinds)
