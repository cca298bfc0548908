"""Labels drawings: a number key records what the drawing really is."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton

from cadl_gui.domain.class_names import class_name, numbered
from cadl_gui.domain.dataset_source import WriteExamples
from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.domain.families import Family
from cadl_gui.domain.images import to_uint8
from cadl_gui.domain.labelled import Labelled
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.presets import PRESETS
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.system.home import data_folder
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet, literal
from cadl_gui.ui.draw.labelling_panel import LABELLED, LabellingPanel
from cadl_gui.ui.file_dialogs import free_path
from cadl_gui.ui.theme.theme import Theme

_MOST_GUESSES = 999

Sheet = tuple[DrawingForm, tuple[str, ...]]
"""Form and classes of drawings that are saved in one file."""


class _Saved(NamedTuple):
    path: Path
    drawings: tuple[Labelled, ...]
    trains: bool


class Labelling(QObject):
    """Records the current drawing under the label whose key is pressed, to save it or to train with it.

    While the answer is covered, the keys count what the class guesses.

    Drawings of different forms, or for different classes, are saved in files of their own.

    Args:
        engine: knows how examples are written, and runs the job; its view has the drawing, which is recorded
            without noise.
        panel: shows the examples; the parent.
        theme: colours and type.

    Attributes:
        menu: the first ten labels.
        action_set: the action for all others.
    """

    def __init__(self, engine: Engine, panel: LabellingPanel, theme: Theme) -> None:
        super().__init__(panel)
        self._engine = engine
        self._panel = panel
        self._theme = theme
        self._view = engine.view
        self._sheet: Sheet = INK, ()
        self._run: Run | None = None
        row, *others = ROWS
        self.action_set = ActionSet(others, self, theme, panel)
        self.menu = QMenu(_(row.text), panel)
        for label, key in enumerate(row.shortcuts):
            action = self.menu.addAction("", key)
            action.setStatusTip(_(row.help))
            action.setData(label)
            action.triggered.connect(self._on_label)
        panel.taken_back.connect(self._take_back)
        panel.save_requested.connect(self._ask_and_save)
        panel.training_requested.connect(self._train)
        engine.view.bind(self, lambda: engine.view.value.draw.labelled, self._show)
        engine.view.bind(panel, self._drawn, self._show_drawn)

    @property
    def examples(self) -> tuple[Labelled, ...]:
        """The labelled drawings of the current form and classes."""
        return self._examples_of(self._sheet)

    def _examples_of(self, sheet: Sheet) -> tuple[Labelled, ...]:
        return tuple(each for each in self._view.value.draw.labelled if each.sheet == sheet)

    def set_run(self, form: DrawingForm, run: Run | None) -> None:
        """Label drawings of a form from now on, with the classes of a run; without one, with the digits.

        If the run has no classes, drawings cannot be labelled.
        """
        self._run = run
        names = numbered(len(self.menu.actions())) if run is None else run.description.class_names
        self._sheet = form, tuple(names)
        for label, action in enumerate(self.menu.actions()):
            action.setText(_("Label as {label}").format(label=literal(class_name(names, label))))
            action.setVisible(label < len(names))
        self.menu.menuAction().setEnabled(bool(names))
        self.action_set.refresh()
        is_answered = run is None or run.description.config.model.is_classifier
        self._panel.set_keys(len(names), len(self.menu.actions()), are_corrections=is_answered)
        self._show()

    @property
    def has_more_classes(self) -> bool:
        """Whether there are classes without a number key."""
        return len(self._sheet[1]) > len(self.menu.actions())

    def ask_for_class(self) -> None:
        """Let the user choose among all classes, and label the drawing."""
        sheet, names, image = self._sheet, list(self._sheet[1]), self._clean
        if image is None:
            return
        dialog = QInputDialog(self._panel)
        dialog.setObjectName("classDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(_("Correct the answer"))
        dialog.setLabelText(_("Class"))
        dialog.setOption(QInputDialog.InputDialogOption.UseListViewForComboBoxItems)
        dialog.setComboBoxItems(names)
        dialog.setTextValue(names[len(self.menu.actions())])
        # The style's own icons are made for light windows.
        for button in dialog.findChildren(QPushButton):
            button.setIcon(QIcon())
        dialog.resize(12 * self._theme.sizes.control, 12 * self._theme.sizes.control)
        dialog.textValueSelected.connect(lambda name: self._add(sheet, image, names.index(name)))
        dialog.open()

    @Slot()
    def _ask_and_save(self) -> None:
        """Save this sheet where the user says, whatever is labelled by then: runs may change meanwhile."""
        sheet, path = self._sheet, self._panel.choose_file()
        if path is not None:
            self._save(self._examples_of(sheet), path)

    @Slot()
    def _train(self) -> None:
        """Have the next run learn from this sheet, too, which is written to a file unless one has it."""
        examples = self.examples
        if all(each.saved for each in examples):
            self._train_with(examples[-1].saved)
        else:
            self._save(examples, free_path(data_folder() / "corrected", "corrected.npz", ".npz"), trains=True)

    def _train_with(self, path: str) -> None:
        self._view.show_next(self._corrected.replace(labelled_examples=path))

    @property
    def _corrected(self) -> NextRun:
        """The settings of the network that was wrong, with the edits to them, if they are chosen already."""
        chosen, about = self._view.value.next, None if self._run is None else self._run.description
        if about is None or about.is_graph or not about.config.model.is_classifier:
            return chosen.of_family(Family.CLASSIFY, self._engine.opened_datasets.preview_of)
        config, own = chosen.read.config, about.config
        if config and (config.model, config.data.dataset) == (own.model, own.data.dataset):
            return chosen
        # Those that ship were trained for longer than a class can wait.
        usual = PRESETS[own.preset].config if own.preset in PRESETS else own
        return NextRun.of(own.replace(epochs=min(own.training.epochs, usual.training.epochs)))

    @property
    def _clean(self) -> NDArray[np.float32] | None:
        return self._engine.view.drawing.clean

    def _drawn(self) -> tuple[bool, bool]:
        """Return whether something is drawn, and whether it is the last example."""
        last, clean = self.examples[-1:], self._clean
        is_kept = clean is not None and any(np.array_equal(each.image, to_uint8(clean)) for each in last)
        return clean is not None, is_kept

    def _show_drawn(self) -> None:
        is_drawn, is_kept = self._drawn()
        self._panel.set_drawn(is_drawn, is_kept=is_kept)

    @Slot()
    def _on_label(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self._label(action.data())

    def _label(self, label: int) -> None:
        view = self._view.value
        if self._clean is not None and view.is_guessing:
            self._view.change(draw=replace(view.draw, guesses=(*view.draw.guesses, label)[-_MOST_GUESSES:]))
        elif self._clean is not None and not self._theme.stage.leaves_out(LABELLED):
            self._add(self._sheet, self._clean, label)

    def _add(self, sheet: Sheet, image: NDArray[np.float32], label: int) -> None:
        """Add a drawing to the sheet whose classes were offered, which may be shown no longer."""
        others = self._view.value.draw.labelled
        self._put((*others, Labelled(*sheet, to_uint8(image), label)), "label")

    @Slot()
    def _take_back(self) -> None:
        last = self.examples[-1]
        rest = [each for each in self._view.value.draw.labelled if each is not last]
        unsaved = (replace(each, saved="") if each.sheet == self._sheet else each for each in rest)
        self._put(tuple(unsaved), _("removal of a label"))

    def _put(self, labelled: tuple[Labelled, ...], what: str = "") -> None:
        self._view.change(draw=replace(self._view.value.draw, labelled=labelled), undo=what)

    def _show(self) -> None:
        examples = self.examples
        last = class_name(self._sheet[1], examples[-1].label) if examples else None
        self._panel.show_labelled(len(examples), last)
        self._show_drawn()

    def _save(self, drawings: tuple[Labelled, ...], path: Path, *, trains: bool = False) -> None:
        write = next(source.write for source in self._engine.dataset_sources if source.write is not None)
        work = partial(_saved, write, _Saved(path, drawings, trains))
        saving = BackgroundJob(work, _("“{path}” could not be saved").format(path=path))
        self._engine.jobs.start(saving, self._on_saved, self._engine.notifications.unanswered)

    @Slot(object)
    def _on_saved(self, saved: _Saved) -> None:
        in_file, path = {id(each) for each in saved.drawings}, str(saved.path)
        labelled = self._view.value.draw.labelled
        self._put(tuple(replace(each, saved=path) if id(each) in in_file else each for each in labelled))
        if saved.trains:
            self._train_with(path)
        else:
            self._engine.notifications.report_saved(saved.path)


def _saved(write: WriteExamples, saved: _Saved) -> _Saved:
    if saved.trains:
        saved.path.parent.mkdir(parents=True, exist_ok=True)
    images = np.stack([each.image for each in saved.drawings])
    write(saved.path, images, np.array([each.label for each in saved.drawings], np.int64))
    return saved


ROWS: tuple[ActionRow[Labelling], ...] = (
    ActionRow(key="teach", menu="Draw", text="Correct the answer", shortcuts=tuple("0123456789"),
              help="Keep the drawing with this label, to train with it."),
    ActionRow(key="chooseClass", menu="Draw", text="Correct with another class…", shortcuts=("L",),
              help="Choose among all classes, where there are more than number keys.",
              callback=Labelling.ask_for_class, enabled=lambda host: host.has_more_classes,
              why_not=lambda _host: _("Each class of the run shown has a number key.")),
)  # fmt: skip
"""The first row stands for ten actions, which have their own menu."""
