"""A dialog for exporting a run, with a choice of format and a progress report."""

from pathlib import Path
from textwrap import shorten

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFormLayout, QLayout, QProgressBar, QWidget

from cadl_gui.domain.exports import (
    EXPORTS,
    TENSORBOARD,
    WEB_PAGE,
    Exported,
    ExportedLog,
    ExportStage,
    Format,
)
from cadl_gui.domain.formatting import capitalised
from cadl_gui.domain.page_lesson import PageLesson
from cadl_gui.domain.position import Position
from cadl_gui.domain.training_requests import page_refusal
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox
from cadl_gui.ui.controls.parts import label, named, push_button, row_of
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.file_dialogs import ask_where_to_save
from cadl_gui.ui.file_manager import open_outside
from cadl_gui.ui.run_text import display_name
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX
from cadl_gui.ui.window.page_networks import PageNetworks

_N_LETTERS_WIDE = 60
_ALL = _("All of them")
_ALL_EPOCHS = _("All recorded epochs")


class ExportDialog(Dialog):
    """Exports a run; stays open beside the usable window, and closing it cancels a running export.

    It closes when the run is removed.

    Args:
        window: parent window.
        engine: does the export.
        theme: provides the width.
        run: run to export.
        position: position of the weights; None for the newest when the export starts.
        lesson: the open lesson, whose steps a web page can have; None if none is open.
    """

    def __init__(
        self,
        window: QWidget,
        engine: Engine,
        theme: Theme,
        run: Run,
        position: Position | None,
        lesson: PageLesson | None,
    ) -> None:
        super().__init__(window, "exportDialog", _("Export {name}").format(name=run.description.name))
        self._exporting = engine.exporting
        self._runs = engine.runs
        self._theme = theme
        self._run = run
        self._position = position
        self._lesson = lesson
        self._exported_to = Path()
        self._build()
        self._connect()
        self._show_format()
        if self.is_busy:  # the one of a dialog that was closed has not ended yet
            self._begin(_("Cancelling the previous export…"))

    def _build(self) -> None:
        self._what = label(textRole="section")
        self._format = named(NoScrollComboBox(), "exportFormatCombo")
        self._format.offer_entries([(made.label, made) for made in EXPORTS.values() if self._suits(made)])
        self._function = named(NoScrollComboBox(), "exportFunctionCombo")
        self._epochs = named(NoScrollComboBox(), "exportEpochsCombo")
        self._networks = PageNetworks("exportNetworksCombo", self._runs, self._run, self._position)
        self._steps = named(NoScrollComboBox(), "exportLessonCombo")
        self._steps.addItem(_("None"), None)
        if self._lesson is not None:
            self._steps.addItem(shorten(self._lesson.lesson.title, _N_LETTERS_WIDE), self._lesson)
        self._about = label("", "exportDescription", wraps=True, secondary=True)
        bar = QProgressBar(textVisible=False)
        self._bar = named(bar, "exportDialogProgress", says=_("Progress of the export"))
        self._reported = label("", "exportMessage", wraps=True)
        self._reported.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        tip = _("Open the folder of the exported file")
        self._show = push_button(_("Show"), "exportShowButton", tip, self._show_folder)
        self._show.hide()
        self._close = push_button(_("Close"), "exportCloseButton", slot=self._cancel_or_close)
        self._start = push_button(_("Export…"), "exportStartButton", slot=self._ask_where, primary=True)
        self._start.setDefault(True)
        self._lay_out()

    def _lay_out(self) -> None:
        form = self._form = QFormLayout()
        form.setSpacing(GAP_SMALL_PX)
        form.addRow(_("Format"), self._format)
        form.addRow(_("Function"), self._function)
        form.addRow(_("Epochs"), self._epochs)
        form.addRow(_("Networks"), self._networks)
        form.addRow(_("Lesson"), self._steps)
        buttons = row_of(GAP_SMALL_PX, self._show, None, self._close, self._start)
        column = self.lay_out(GAP_PX, self._what, form, self._about, self._bar, self._reported, buttons)
        column.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # as high as its contents
        self._bar.hide()
        self._reported.hide()
        self._restyle()

    def _connect(self) -> None:
        self._format.currentIndexChanged.connect(self._show_format)
        self._exporting.progressed.connect(self._on_progressed)
        self._exporting.finished.connect(self._on_exported)
        self._exporting.failed.connect(self._on_failed)
        self._exporting.cancelled.connect(self._on_cancelled)
        self._runs.changed.connect(self._on_changed)
        self._runs.removed.connect(self._on_removed)
        self._theme.changed.connect(self._restyle)

    @property
    def is_busy(self) -> bool:
        """Whether an export is under way."""
        return self._exporting.is_busy

    def is_about(self, run: Run | None, position: Position | None, lesson: PageLesson | None) -> bool:
        """Return whether the dialog exports this run at this position, with this lesson or none.

        As a position, None stands for its newest weights.
        """
        return run is self._run and position == self._position and lesson == self._lesson

    @property
    def _made(self) -> Format:
        made: Format = self._format.currentData()
        return made

    def reject(self) -> None:
        """Close the dialog and cancel a running export, whose result could no longer be seen."""
        self._exporting.cancel()
        super().reject()

    @Slot()
    def _show_format(self) -> None:
        made = self._made
        self._name_run()
        self._form.setRowVisible(self._function, made not in {TENSORBOARD, WEB_PAGE})
        self._form.setRowVisible(self._epochs, made == TENSORBOARD)
        self._form.setRowVisible(self._networks, made == WEB_PAGE)
        self._form.setRowVisible(self._steps, made == WEB_PAGE and self._lesson is not None)
        if made == WEB_PAGE:
            self._about.setText(
                _("{help} It is verified on 100 images before saving.").format(help=made.help)
            )
            return
        if made == TENSORBOARD:
            self._about.setText(
                _("{help} TensorBoard is a program of its own: pip install tensorboard.").format(
                    help=made.help
                )
            )
            epochs = ((str(position), position.epoch) for position in self._ends_of_epochs())
            self._epochs.offer_entries([(_ALL_EPOCHS, None), *epochs])
            self._epochs.setCurrentIndex(0)
            return
        self._about.setText(
            _(
                "{help} Takes images in [0, 1]: preprocessing is inside. "
                "It is verified on 100 images before saving."
            ).format(help=made.help)
        )
        functions = self._run.description.config.model.kind.functions
        words = ((f"{each.name}: {each.takes} → {each.gives}", each.name) for each in functions)
        self._function.offer_entries([*([(_ALL, "")] if made.holds_all else []), *words])
        self._function.setCurrentIndex(0)

    def _name_run(self) -> None:
        name, position = display_name(self._run), self._position or self._run.newest
        self._what.setText(name if self._made == TENSORBOARD else f"{name} · {position}")

    @Slot(object)
    def _on_changed(self, run: Run) -> None:
        """Name what would be exported now: the newest weights of a training are later ones each time."""
        if run is self._run and not self.is_busy:
            self._name_run()

    @Slot(object)
    def _on_removed(self, run: Run) -> None:
        if run is self._run and not self.is_busy:
            self.reject()

    @Slot()
    def _ask_where(self) -> None:
        made = self._made
        name = f"{self._run.description.name}{made.suffix}"
        kinds = f"{made.label} (*{made.suffix})" if made.suffix else ""
        path = ask_where_to_save(
            self, FileKind.EXPORT, _("Export as {label}").format(label=made.label), name, kinds
        )
        if path is None:
            return
        self._begin(_("Fetching the weights…"))
        if made == TENSORBOARD:
            epoch: int | None = self._epochs.currentData()
            positions = self._ends_of_epochs() if epoch is None else [Position(epoch)]
            self._exporting.start_log(self._run, positions, path)
        elif made == WEB_PAGE:
            self._exporting.start_page(self._networks.chosen, path, self._steps.currentData())
        else:
            self._exporting.start(self._run, self._position, made.name, self._function.currentData(), path)

    def _suits(self, made: Format) -> bool:
        """Whether the run can be exported so."""
        if made == WEB_PAGE:
            return not page_refusal(self._run.description)
        return made != TENSORBOARD or bool(self._ends_of_epochs())

    def _ends_of_epochs(self) -> list[Position]:
        """The recorded positions that a log can have."""
        return [position for position in self._run.recorded if position.step == 0]

    def _begin(self, message: str) -> None:
        self._set_busy(busy=True)
        self._bar.setRange(0, 0)
        self._report(message)

    @Slot(object)
    def _on_progressed(self, stage: ExportStage) -> None:
        self._bar.setRange(0, stage.n_stages)
        self._bar.setValue(stage.n_done)
        self._report(f"{stage.text}…")

    @Slot(object)
    def _on_exported(self, exported: Exported | ExportedLog) -> None:
        self._set_busy(busy=False)
        message = str(exported)
        self._exported_to = exported.path.parent
        self._report(
            _("Saved {name}. {message}.").format(name=exported.path.name, message=capitalised(message))
        )
        self._show.show()

    @Slot()
    def _show_folder(self) -> None:
        if not open_outside(self._exported_to):
            self._report(
                _("No file manager was found. The file is in {exported_to}.").format(
                    exported_to=self._exported_to
                )
            )

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self._set_busy(busy=False)
        self._report(message, is_error=True)

    @Slot()
    def _on_cancelled(self) -> None:
        self._set_busy(busy=False)
        self._report(_("Cancelled. Nothing was exported."))

    @Slot()
    def _cancel_or_close(self) -> None:
        if self.is_busy:
            self._exporting.cancel()
        else:
            self.accept()

    def _set_busy(self, *, busy: bool) -> None:
        for widget in (self._format, self._function, self._epochs, self._networks, self._steps, self._start):
            widget.setEnabled(not busy)
        self._close.setText(_("Cancel") if busy else _("Close"))
        self._show.hide()
        self._bar.setVisible(busy)

    def _report(self, message: str, *, is_error: bool = False) -> None:
        set_style_property(self._reported, "invalid", is_error)
        self._reported.setText(message)
        self._reported.setVisible(bool(message))

    @Slot()
    def _restyle(self) -> None:
        width = self.fontMetrics().horizontalAdvance("x") * _N_LETTERS_WIDE
        for text in (self._about, self._reported):
            text.setFixedWidth(min(width, self.screen().availableSize().width() - 4 * GAP_PX))
