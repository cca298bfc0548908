"""Labels drawings: a digit key records what the drawing really is."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import SaveExamples
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.imaging.drawing.labelled_examples import LabelledExamples
from cadl_gui.ui.actions import ActionRow
from cadl_gui.ui.draw.labelling_panel import LabellingPanel
from cadl_gui.ui.draw.preprocessed_drawing import PreprocessedDrawing


class Labelling(QObject):
    """Records the current drawing under the digit whose key is pressed, until it is saved.

    Args:
        engine: its inference thread writes the file.
        image: the drawing; recorded without noise.
        panel: shows the examples; the parent.

    Attributes:
        menu: the ten labels.

    Signals:
        failed: (str) why nothing could be saved.
        save_ended: (bool) whether the examples were saved.
    """

    failed = Signal(str)
    save_ended = Signal(bool)

    def __init__(
        self,
        engine: Engine,
        image: PreprocessedDrawing,
        panel: LabellingPanel,
    ) -> None:
        super().__init__(panel)
        self._client = InferenceClient(engine.inference, self)
        self._image = image
        self._panel = panel
        self._examples = LabelledExamples()
        self._is_saved = True
        (row,) = ROWS
        self.menu = QMenu(row.text, panel)
        for digit, key in enumerate(row.shortcuts):
            action = self.menu.addAction(f"Label as {digit}", key)
            action.setStatusTip(row.help)
            action.setData(digit)
            action.triggered.connect(self._on_digit)
        panel.taken_back.connect(self._take_back)
        panel.save_requested.connect(self._save)

    @property
    def examples(self) -> LabelledExamples:
        """The labelled drawings."""
        return self._examples

    @property
    def n_unsaved(self) -> int:
        """Number of drawings that would be lost on closing: all, unless all are saved."""
        return 0 if self._is_saved else len(self._examples)

    def ask_where_to_save(self) -> bool:
        """Ask where to save all examples; return False if that is cancelled."""
        return self._panel.choose_file()

    @Slot()
    def _on_digit(self) -> None:
        action = self.sender()
        if self._image.clean is not None and isinstance(action, QAction):
            self._examples.add(self._image.clean, action.data())
            self._show()

    @Slot()
    def _take_back(self) -> None:
        self._examples.take_back()
        self._show()

    def _show(self) -> None:
        self._is_saved = False
        labels = self._examples.labels.tolist()
        self._panel.show_labelled(len(labels), labels[-1] if labels else None)

    @Slot(object)
    def _save(self, path: Path) -> None:
        images, labels = self._examples.images, self._examples.labels

        def on_saved(saved: Path, _: Position | None) -> None:
            self._is_saved = len(labels) == len(self._examples)
            self._panel.show_saved(len(labels), saved)
            self.save_ended.emit(True)

        self._client.ask(SaveExamples(path, images, labels), on_saved, self._on_failure)

    def _on_failure(self, message: str) -> None:
        self.failed.emit(message)
        self.save_ended.emit(False)


ROWS: tuple[ActionRow[Labelling], ...] = (
    ActionRow(key="teach", menu="Draw", text="Correct the answer", shortcuts=tuple("0123456789"),
              help="Keep the drawing as this digit, to save it and to train with it."),
)  # fmt: skip
"""One row for ten actions, which have their own menu."""
