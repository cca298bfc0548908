"""Labels drawings: a number key records what the drawing really is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton

from cadl_gui.domain.class_names import class_name, numbered
from cadl_gui.domain.dataset_source import WriteExamples
from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.imaging.drawing.labelled_examples import LabelledExamples
from cadl_gui.ui.actions import ActionRow, ActionSet, literal
from cadl_gui.ui.draw.labelling_panel import LabellingPanel
from cadl_gui.ui.draw.preprocessed_drawing import PreprocessedDrawing
from cadl_gui.ui.theme.theme import Theme


class _Saved(NamedTuple):
    """A file with labelled examples, their number, and where they are from."""

    path: Path
    n: int
    sheet: "_Sheet"


@dataclass
class _Sheet:
    """The labelled drawings of one form and one list of classes.

    Attributes:
        class_names: names by label.
        examples: the drawings.
        saved: where all of them are saved; None if they are not.
    """

    class_names: Sequence[str]
    examples: LabelledExamples = field(default_factory=LabelledExamples)
    saved: Path | None = None


class Labelling(QObject):
    """Records the current drawing under the label whose key is pressed, until it is saved.

    Drawings of different forms, or for different classes, are saved in files of their own.

    Args:
        engine: knows how examples are written, and runs the job.
        image: the drawing; recorded without noise.
        panel: shows the examples; the parent.
        theme: colours and type.

    Attributes:
        menu: the first ten labels.
        action_set: the action for all others.

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
        theme: Theme,
    ) -> None:
        super().__init__(panel)
        self._engine = engine
        self._image = image
        self._panel = panel
        self._theme = theme
        self._sheet = _Sheet(())
        self._sheets: dict[tuple[DrawingForm, tuple[str, ...]], _Sheet] = {}
        row, *others = ROWS
        self.action_set = ActionSet(others, self, theme, panel)
        self.menu = QMenu(row.text, panel)
        for label, key in enumerate(row.shortcuts):
            action = self.menu.addAction("", key)
            action.setStatusTip(row.help)
            action.setData(label)
            action.triggered.connect(self._on_label)
        panel.taken_back.connect(self._take_back)
        panel.save_requested.connect(self._save_shown)
        image.changed.connect(self._on_drawn)

    @property
    def examples(self) -> LabelledExamples:
        """The labelled drawings of the current form and classes."""
        return self._sheet.examples

    @property
    def n_unsaved(self) -> int:
        """Number of drawings that would be lost on closing."""
        return sum(len(sheet.examples) for sheet in self._unsaved)

    def set_run(self, form: DrawingForm, run: Run | None) -> None:
        """Label drawings of a form from now on, with the classes of a run; without one, with the digits.

        If the run has no classes, drawings cannot be labelled.
        """
        names = numbered(len(self.menu.actions())) if run is None else run.description.class_names
        self._sheet = self._sheets.setdefault((form, tuple(names)), _Sheet(names))
        for label, action in enumerate(self.menu.actions()):
            action.setText(f"Label as {literal(class_name(names, label))}")
            action.setVisible(label < len(names))
        self.menu.menuAction().setEnabled(bool(names))
        self.action_set.refresh()
        is_answered = run is None or run.description.config.model.is_classifier
        self._panel.set_keys(len(names), len(self.menu.actions()), are_corrections=is_answered)
        self._show()

    @property
    def has_more_classes(self) -> bool:
        """Whether there are classes without a number key."""
        return len(self._sheet.class_names) > len(self.menu.actions())

    def ask_for_class(self) -> None:
        """Let the user choose among all classes, and label the drawing."""
        if self._image.clean is None:
            return
        sheet, names, image = self._sheet, list(self._sheet.class_names), self._image.clean
        dialog = QInputDialog(self._panel)
        dialog.setObjectName("classDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("Correct the answer")
        dialog.setLabelText("Class")
        dialog.setOption(QInputDialog.InputDialogOption.UseListViewForComboBoxItems)
        dialog.setComboBoxItems(names)
        dialog.setTextValue(names[len(self.menu.actions())])
        # The style's own icons are made for light windows.
        for button in dialog.findChildren(QPushButton):
            button.setIcon(QIcon())
        dialog.resize(12 * self._theme.sizes.control, 12 * self._theme.sizes.control)
        dialog.textValueSelected.connect(lambda name: self._add(sheet, image, names.index(name)))
        dialog.open()

    def ask_where_to_save(self) -> bool:
        """Ask where to save examples that are not saved; return False if that is cancelled."""
        return self._ask_and_save(self._unsaved[0])

    def _ask_and_save(self, sheet: _Sheet) -> bool:
        """Save this sheet where the user says, whatever is labelled by then: runs may change meanwhile."""
        path = self._panel.choose_file()
        if path is not None:
            self._save(sheet, path)
        return path is not None

    @property
    def _unsaved(self) -> list[_Sheet]:
        return [sheet for sheet in self._sheets.values() if len(sheet.examples) and sheet.saved is None]

    @Slot()
    def _on_drawn(self) -> None:
        self._panel.set_drawn(self._image.clean is not None)

    @Slot()
    def _on_label(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._label(action.data())

    def _label(self, label: int) -> None:
        if self._image.clean is not None:
            self._add(self._sheet, self._image.clean, label)

    def _add(self, sheet: _Sheet, image: NDArray[np.float32], label: int) -> None:
        """Add a drawing to the sheet whose classes were offered, which may be shown no longer."""
        sheet.examples.add(image, label)
        sheet.saved = None
        self._show()

    @Slot()
    def _take_back(self) -> None:
        self.examples.take_back()
        self._sheet.saved = None
        self._show()

    def _show(self) -> None:
        labels, saved = self.examples.labels.tolist(), self._sheet.saved
        self._panel.show_labelled(
            len(labels), class_name(self._sheet.class_names, labels[-1]) if labels else None
        )
        if saved is not None:
            self._panel.show_saved(len(labels), saved)

    @Slot()
    def _save_shown(self) -> None:
        self._ask_and_save(self._sheet)

    def _save(self, sheet: _Sheet, path: Path) -> None:
        write = next(source.write for source in self._engine.dataset_sources if source.write is not None)
        work = partial(_saved, write, path, sheet, sheet.examples.images, sheet.examples.labels)
        saving = BackgroundJob(work, f"“{path}” could not be saved")
        saving.finished.connect(self._on_saved)
        saving.failed.connect(self._on_failed)
        self._engine.jobs.start(saving)

    @Slot(object)
    def _on_saved(self, saved: _Saved) -> None:
        if saved.n == len(saved.sheet.examples):
            saved.sheet.saved = saved.path
        if saved.sheet is self._sheet:
            self._panel.show_saved(saved.n, saved.path)
        self._engine.notifications.report_saved(saved.path)
        self.save_ended.emit(True)

    @Slot(str, str)
    def _on_failed(self, message: str, _: str) -> None:
        self.failed.emit(message)
        self.save_ended.emit(False)


def _saved(
    write: WriteExamples, path: Path, sheet: _Sheet, images: NDArray[np.uint8], labels: NDArray[np.int64]
) -> _Saved:
    write(path, images, labels)
    return _Saved(path, len(labels), sheet)


ROWS: tuple[ActionRow[Labelling], ...] = (
    ActionRow(key="teach", menu="Draw", text="Correct the answer", shortcuts=tuple("0123456789"),
              help="Keep the drawing with this label, to save it and to train with it."),
    ActionRow(key="chooseClass", menu="Draw", text="Correct with another class…", shortcuts=("L",),
              help="Choose among all classes, where there are more than number keys.",
              callback=Labelling.ask_for_class, enabled=lambda host: host.has_more_classes,
              why_not=lambda _: "Each class of the run shown has a number key."),
)  # fmt: skip
"""The first row stands for ten actions, which have their own menu."""
