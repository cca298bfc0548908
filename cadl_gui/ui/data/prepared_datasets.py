"""The dialog that lists the prepared datasets, and removes them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from cadl_gui.domain.dataset_library import PreparedDataset
from cadl_gui.domain.errors import UserError
from cadl_gui.domain.formatting import count_text
from cadl_gui.engine.background_jobs import BackgroundJob
from cadl_gui.engine.engine import Engine
from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.words import _
from cadl_gui.ui.confirmation import confirm
from cadl_gui.ui.controls.parts import label, named, push_button
from cadl_gui.ui.data.prepare_text import date_text
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_COLUMNS = (_("Dataset"), _("Images"), _("Size"), _("Prepared"), _("Disk space"))
_NUMBERS = (1, 2, 4)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_N_LETTERS_WIDE, _N_LINES_HIGH = 90, 20
_NONE = _("No dataset is prepared. Choose one in the Train tab, or drop a folder of images on the window.")
_ROLE = Qt.ItemDataRole.UserRole


class _Listed(NamedTuple):
    """A prepared dataset and its size on disk, in bytes."""

    prepared: PreparedDataset
    n_bytes: int


class PreparedDatasets(Dialog):
    """Lists the prepared datasets, the oldest first, with their disk space; stays open beside the window.

    Args:
        parent: the window.
        engine: finds the datasets, and knows which ones are in use.
    """

    def __init__(self, parent: QWidget, engine: Engine) -> None:
        super().__init__(parent, "preparedDatasets", _("Prepared datasets"))
        self._engine = engine
        self._to_remove: list[_Listed] = []
        self._list = named(QTreeWidget(), "preparedList", says=_("Prepared datasets, the oldest first"))
        self._list.setHeaderLabels(_COLUMNS)
        for number in _NUMBERS:
            self._list.headerItem().setTextAlignment(number, _RIGHT)
        self._list.setRootIsDecorated(False)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._list.setTextElideMode(Qt.TextElideMode.ElideLeft)
        self._total = label(_("Looking for prepared datasets…"), "preparedTotal", wraps=True, secondary=True)
        self._message = label("", "preparedMessage", wraps=True, invalid=True)
        self._message.hide()
        remove = push_button(_("Remove…"), "preparedRemoveButton", slot=self._ask_whether_to_remove)
        self._remove_button = remove
        parts = self._list, self._total, self._message, self.close_button(remove)
        self.lay_out(GAP_SMALL_PX, *parts)
        self._list.itemSelectionChanged.connect(self._refresh)
        engine.preparing.finished.connect(self._look)
        self._resize()
        self._refresh()
        self._look()

    def _resize(self) -> None:
        self.resize_to_type(_N_LETTERS_WIDE, _N_LINES_HIGH)
        header = self._list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(header.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, header.ResizeMode.Stretch)

    @property
    def _chosen(self) -> list[_Listed]:
        return [item.data(0, _ROLE) for item in self._list.selectedItems()]

    @Slot()
    def _look(self) -> None:
        self._start(
            partial(_look, self._engine.library.prepared), _("The prepared datasets cannot be listed")
        )

    def _start(self, work: Callable[[], object], failure: str) -> None:
        job = BackgroundJob(work, failure)
        self._engine.jobs.start(job, self._on_listed, self._on_failed)

    @Slot(object)
    def _on_listed(self, listed: Sequence[_Listed]) -> None:
        self._list.clear()
        for each in listed:
            prepared = each.prepared
            height, width, _channels = prepared.image_shape
            texts = [
                prepared.dataset,
                f"{prepared.n:,}",
                f"{height}×{width}",
                date_text(prepared.created).partition(" ")[0],
                megabytes(each.n_bytes),
            ]
            item = QTreeWidgetItem(self._list, texts)
            item.setData(0, _ROLE, each)
            item.setToolTip(0, plain_tip(f"{prepared.dataset}\n{prepared.report}"))
            item.setToolTip(3, date_text(prepared.created))
            for number in _NUMBERS:
                item.setTextAlignment(number, _RIGHT)
        total = f"{count_text(len(listed), 'dataset')}, {megabytes(sum(each.n_bytes for each in listed))}"
        self._total.setText(
            _("{total} on disk. The oldest comes first.").format(total=total) if listed else _NONE
        )
        oldest = self._list.topLevelItem(0)
        if oldest is not None:
            self._list.setCurrentItem(oldest)
        self._refresh()

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self._show(message)
        self._look()

    @Slot()
    def _ask_whether_to_remove(self) -> None:
        chosen = self._chosen
        # The name of a dataset that ships may be written in any case.
        in_use = {run.description.config.data.dataset.casefold() for run in self._engine.training.runs}
        used = [each.prepared.dataset for each in chosen if each.prepared.dataset.casefold() in in_use]
        self._show(_("“{first}” is in use: a run is training on it.").format(first=used[0]) if used else "")
        if used:
            return
        what = (
            f"“{chosen[0].prepared.dataset}”"
            if len(chosen) == 1
            else _("{n:,} datasets").format(n=len(chosen))
        )
        space = megabytes(sum(each.n_bytes for each in chosen))
        self._to_remove = chosen
        texts = (
            _("Remove {what}?").format(what=what),
            _("This frees {space}. The original files stay, and can be prepared again.").format(space=space),
        )
        confirm(self, "removePreparedQuestion", texts, _("Remove"), self._remove)

    @Slot()
    def _remove(self) -> None:
        work = partial(_remove, self._to_remove, self._engine.library.prepared)
        self._start(work, _("The datasets cannot be removed"))

    def _show(self, message: str) -> None:
        self._message.setText(message)
        self._message.setVisible(bool(message))

    @Slot()
    def _refresh(self) -> None:
        self._remove_button.setEnabled(bool(self._list.selectedItems()))


def _look(prepared: Callable[[], Sequence[PreparedDataset]]) -> list[_Listed]:
    return [_Listed(each, each.n_bytes) for each in prepared()]


def _remove(chosen: Sequence[_Listed], prepared: Callable[[], Sequence[PreparedDataset]]) -> list[_Listed]:
    """Remove datasets, and list those that are left."""
    for each in chosen:
        try:
            each.prepared.remove()
        except FileNotFoundError:  # removed meanwhile, by the command line perhaps
            continue
        except OSError as error:
            raise UserError(
                _("“{dataset}” cannot be removed: {reason}.").format(
                    dataset=each.prepared.dataset, reason=error.strerror or error
                )
            ) from error
    return _look(prepared)
