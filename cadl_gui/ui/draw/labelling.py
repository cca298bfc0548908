"""Labels drawings of ink: a number key records what the drawing really is."""

from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from cadl_gui.domain.dataset_source import WriteExamples
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.engine import Engine
from cadl_gui.imaging.drawing.labelled_examples import LabelledExamples
from cadl_gui.ui.actions import ActionRow
from cadl_gui.ui.draw.labelling_panel import LabellingPanel
from cadl_gui.ui.draw.preprocessed_drawing import PreprocessedDrawing


class _Saved(NamedTuple):
    """A file with labelled examples, and their number."""

    path: Path
    n: int


class Labelling(QObject):
    """Records the current drawing under the label whose key is pressed, until it is saved.

    Args:
        engine: knows how examples are written, and runs the job.
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
        self._engine = engine
        self._image = image
        self._panel = panel
        self._examples = LabelledExamples()
        self._is_saved = True
        (row,) = ROWS
        self.menu = QMenu(row.text, panel)
        for label, key in enumerate(row.shortcuts):
            action = self.menu.addAction(f"Label as {label}", key)
            action.setStatusTip(row.help)
            action.setData(label)
            action.triggered.connect(self._on_label)
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
    def _on_label(self) -> None:
        action = self.sender()
        if self._image.form.is_ink and self._image.clean is not None and isinstance(action, QAction):
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
        write = next(source.write for source in self._engine.dataset_sources if source.write is not None)
        work = partial(_saved, write, path, self._examples.images, self._examples.labels)
        saving = BackgroundJob(work, f"“{path}” could not be saved")
        saving.finished.connect(self._on_saved)
        saving.failed.connect(self._on_failed)
        self._engine.jobs.start(saving)

    @Slot(object)
    def _on_saved(self, saved: _Saved) -> None:
        self._is_saved = saved.n == len(self._examples)
        self._panel.show_saved(saved.n, saved.path)
        self.save_ended.emit(True)

    @Slot(str, str)
    def _on_failed(self, message: str, _: str) -> None:
        self.failed.emit(message)
        self.save_ended.emit(False)


def _saved(write: WriteExamples, path: Path, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> _Saved:
    write(path, images, labels)
    return _Saved(path, len(labels))


ROWS: tuple[ActionRow[Labelling], ...] = (
    ActionRow(key="teach", menu="Draw", text="Correct the answer", shortcuts=tuple("0123456789"),
              help="Keep the drawing with this label, to save it and to train with it; ink only."),
)  # fmt: skip
"""One row for ten actions, which have their own menu."""
