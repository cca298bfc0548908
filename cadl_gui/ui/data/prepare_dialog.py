"""The dialog that shows what was found in a dataset, and prepares it."""

from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QScrollArea, QWidget

from cadl_gui.domain.dataset_library import DatasetLibrary, PreparedDataset
from cadl_gui.domain.dataset_source import DatasetScan, DatasetSource
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.preparing_options import PreparingOptions, dataset_text
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.engine import Engine
from cadl_gui.system.words import _
from cadl_gui.ui.controls.field_editor import wrapped_label
from cadl_gui.ui.controls.parts import column_in, keep_room, named, push_button, row_of
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.data.prepare_fields import PrepareFields
from cadl_gui.ui.data.prepare_text import found_text, prepared_text, progress_text, space_text
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX

_N_LETTERS_WIDE = 64
_TYPED_MS = 300
"""Images are looked for so long after the last change of an option."""


class _Found(NamedTuple):
    """What was found, and the same dataset prepared with the same options, if it is."""

    scan: DatasetScan
    prepared: PreparedDataset | None


class PrepareDialog(Dialog):
    """Shows a preview of a dataset, offers options, and prepares it; stays open beside the usable window.

    One scan is done at a time; of the options that wait, only the newest are looked for. Closed while the
    dataset is being prepared, it only hides, and the preparation goes on.

    Args:
        window: parent window.
        engine: scans and prepares.
        theme: provides the size.
        source: kind of dataset.
        path: path of the dataset.
        options: the options to begin with.

    Attributes:
        is_preparing: whether the dialog's dataset is being prepared.

    Signals:
        opened: (str) the user opens a dataset that was prepared before.
    """

    opened = Signal(str)

    def __init__(
        self,
        window: QWidget,
        engine: Engine,
        theme: Theme,
        source: DatasetSource,
        path: Path,
        options: PreparingOptions,
    ) -> None:
        super().__init__(window, "prepareDialog", _("Open dataset"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # it may only hide
        self._engine = engine
        self._theme = theme
        self._path = path
        self._source = source
        self._found: _Found | None = None
        self._is_scanning = False
        self._next: PreparingOptions | None = None
        self.is_preparing = False
        self._typed = Timer(self, self._scan, _TYPED_MS)
        self._fields = PrepareFields(source.options, options)
        self._build()
        self._lay_out()
        self._connect()
        self._fields.select_first()
        self._scan()

    def reject(self) -> None:
        """Close the dialog, or hide it while the dataset is being prepared."""
        if self.is_preparing:
            self.hide()
        else:
            super().reject()

    def _build(self) -> None:
        self._title = named(_label("prepareTitle"), "", plain_tip(str(self._path)), textRole="section")
        self._title.setText(self._path.name)
        self._summary = _label("prepareSummary")
        self._details = _label("prepareFound", is_secondary=True)
        self._space = _label("prepareSpace", is_secondary=True)
        self._message = _label("prepareMessage")
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._bar = named(QProgressBar(textVisible=False), "prepareProgress", says=_("Progress of preparing"))
        keep_room(self._bar)  # no field moves away
        tip = _("Go on in the background; progress is in the status bar")
        self._hide = push_button(_("Hide"), "prepareHideButton", tip, self.hide)
        self._cancel = push_button(_("Cancel"), "prepareCancelButton", slot=self._cancel_or_close)
        self._start = push_button(_("Add"), "prepareStartButton", slot=self._prepare_or_open, primary=True)
        self._start.setDefault(True)

    def _lay_out(self) -> None:
        content = named(QWidget(), "", scrolled=True)
        found = self._summary, self._details, self._space
        self._content = column_in(content, GAP_SMALL_PX, *found, self._fields, None)
        self._scrolled = scrolled = QScrollArea()
        scrolled.setWidget(content)
        scrolled.setWidgetResizable(True)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        # A double click on Prepare does not cancel.
        buttons = row_of(GAP_SMALL_PX, None, self._cancel, self._hide, self._start)
        self.lay_out(GAP_PX, self._title, (scrolled, 1), self._message, self._bar, buttons)
        self._restyle()

    def _connect(self) -> None:
        preparing = self._engine.preparing
        self._fields.edited.connect(self._on_edited)
        preparing.changed.connect(self._refresh)
        preparing.finished.connect(self._on_prepared)
        preparing.failed.connect(self._on_failed)
        preparing.cancelled.connect(self._on_cancelled)
        self._theme.changed.connect(self._restyle)

    @Slot()
    def _on_edited(self) -> None:
        self._found = None
        self._typed.start()
        self._show("")

    @Slot()
    def _scan(self) -> None:
        options = self._fields.options
        if options is not None:
            self._next = options
            if not self._is_scanning:
                self._begin(options)
            self._show(_("Looking for images…"))

    def _begin(self, options: PreparingOptions) -> None:
        self._is_scanning, self._next = True, None
        work = partial(_find, self._source, self._engine.library, self._path, options)
        job = BackgroundJob(work, _("“{name}” cannot be read").format(name=self._path.name))
        job.over.connect(self._on_scanned)
        self._engine.jobs.start(job, self._on_found, self._on_not_found)

    @Slot()
    def _on_scanned(self) -> None:
        self._is_scanning = False
        if self._next is not None:
            self._begin(self._next)

    @Slot(object)
    def _on_found(self, found: _Found) -> None:
        if self._next is not None or found.scan.options != self._fields.options:
            return
        self._found = found
        preview = found.scan.preview
        self._summary.setText(f"{preview}.")
        self._details.setText(found_text(preview))
        self._space.setText(space_text(preview) if found.prepared is None else prepared_text(found.prepared))
        self._show("")
        self._restyle()

    @Slot(str)
    def _on_not_found(self, message: str) -> None:
        if self._next is not None:
            return
        self._found = None
        for label in (self._summary, self._details, self._space):
            label.clear()
        self._show(message, is_error=True)

    @Slot()
    def _prepare_or_open(self) -> None:
        if self._found is None:
            return
        scan, prepared = self._found
        if prepared is not None:
            self.opened.emit(dataset_text(str(scan.path), scan.options))
            self.accept()
        elif self._engine.preparing.scan is None:
            self.is_preparing = True
            self._engine.preparing.start(scan)
            self._hide.setFocus()  # a second Enter would press Cancel, which follows

    @Slot()
    def _cancel_or_close(self) -> None:
        if self.is_preparing:
            self._engine.preparing.cancel()
            self._cancel.setEnabled(False)
        else:
            self.reject()

    @Slot()
    def _on_prepared(self) -> None:
        if self.is_preparing:
            self.is_preparing = False
            self.accept()

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self._end(message, is_error=True)

    @Slot()
    def _on_cancelled(self) -> None:
        self._end(_("Cancelled. Nothing was prepared."))

    def _end(self, message: str, *, is_error: bool = False) -> None:
        if self.is_preparing:
            self.is_preparing = False
            self._show(message, is_error=is_error)
            if self.isHidden():
                super().reject()

    def _show(self, message: str, *, is_error: bool = False) -> None:
        set_style_property(self._message, "invalid", is_error)
        self._message.setText(message)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Enable what can be done now, and show the progress."""
        busy, found = self.is_preparing, self._found
        if busy:
            done, n = self._engine.preparing.progress
            self._bar.setRange(0, n)
            self._bar.setValue(done)
            self._message.setText(progress_text(self._engine.preparing))
        self._details.setVisible(bool(self._details.text()))
        self._bar.setVisible(busy)
        self._hide.setVisible(busy)
        self._fields.setEnabled(not busy)
        if not busy:
            self._cancel.setEnabled(True)
        is_prepared = found is not None and found.prepared is not None
        self._start.setText(_("Open") if is_prepared else _("Add"))
        self._start.setVisible(not busy)
        self._start.setEnabled(found is not None and (is_prepared or self._engine.preparing.scan is None))

    @Slot()
    def _restyle(self) -> None:
        """Make the dialog as wide as its longest lines should be, and higher if something is hidden."""
        width = self.fontMetrics().horizontalAdvance("x") * _N_LETTERS_WIDE
        width = min(width, self.screen().availableSize().width() - 4 * GAP_PX)
        around = self.sizeHint().height() - self._scrolled.sizeHint().height()
        inside = self._content.totalHeightForWidth(width - 2 * GAP_PX)
        inside = max(inside, self._content.totalMinimumSize().height())
        height = min(around + inside, self.room.height())
        self.resize(width, max(height, self.height() if self.isVisible() else 0))


def _find(source: DatasetSource, library: DatasetLibrary, path: Path, options: PreparingOptions) -> _Found:
    if source.scan is None:
        raise DatasetError(_("“{path}” is opened as it is: there is nothing to prepare.").format(path=path))
    scan = source.scan(path, options)
    return _Found(scan, library.find_prepared(scan.path, options))


def _label(name: str, *, is_secondary: bool = False) -> QLabel:
    """Return a label that wraps."""
    role = "caption" if is_secondary else "body"
    return named(wrapped_label(), name, textRole=role, secondary=is_secondary)
