"""Opening datasets: straight away, or by a dialog that prepares them; and the list of prepared ones."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QMainWindow

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.dataset_library import DatasetLibrary
from cadl_gui.domain.dataset_requests import DatasetRef, DescribeDataset
from cadl_gui.domain.dataset_source import DatasetSource
from cadl_gui.domain.import_report import ImportReport
from cadl_gui.domain.preparing_options import PreparingOptions, dataset_text, split_dataset_text
from cadl_gui.engine.background_jobs import BackgroundJob, OneJob
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.preparing import Prepared
from cadl_gui.engine.question import Question
from cadl_gui.system.words import _
from cadl_gui.ui.data.prepare_dialog import PrepareDialog
from cadl_gui.ui.data.prepare_report import PrepareReport
from cadl_gui.ui.data.prepare_status import PrepareStatus
from cadl_gui.ui.data.prepared_datasets import PreparedDatasets
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.window_part import WindowPart


class _ToPrepare(NamedTuple):
    """A dataset that has to be prepared."""

    source: DatasetSource
    path: Path
    options: PreparingOptions


class DatasetOpening(WindowPart):
    """Opens datasets, and offers to prepare those that have to be.

    Args:
        window: parent of the dialogs.
        engine: looks up and prepares datasets.
        theme: theme of the dialogs.

    Attributes:
        status: button with the progress, for the status bar.
        status_in_present: the same for present mode, which hides the status bar.

    Signals:
        reading: (str) says which dataset is being read; "" once none is.
    """

    reading = Signal(str)

    def __init__(self, window: QMainWindow, engine: Engine, theme: Theme) -> None:
        super().__init__(window)
        self._engine = engine
        self._theme = theme
        self._dialog: PrepareDialog | None = None
        self._shows = True
        self._looking = OneJob(engine.jobs, self)
        self._reading = Question(engine, self, self._read, self._on_unreadable)
        self.status = PrepareStatus(engine.preparing, theme, present=False)
        self.status_in_present = PrepareStatus(engine.preparing, theme, present=True)
        for button in (self.status, self.status_in_present):
            button.clicked.connect(self._show_progress)
        engine.opened_datasets.asked_for.connect(self.open)
        engine.preparing.finished.connect(self._on_prepared)
        engine.preparing.failed.connect(self._on_failed)

    @Slot(str)
    def open(self, dataset: str, *, show: bool = False) -> None:
        """Open a dataset for the next run, or offer to prepare it.

        One that cannot be read is reported, and nothing else changes.

        Args:
            dataset: its name in a configuration.
        """
        self._shows = show
        self._reading.cancel()
        self.reading.emit("")
        if self._engine.opened_datasets.shipped(dataset) is not None:
            self._looking.drop()  # also for what need not look
            self._on_opened(dataset)
            return
        n_wanted = self._engine.opened_datasets.n_wanted
        go_on = partial(self._reading.ask_anew, dataset, partial(self._on_read, dataset, n_wanted))
        work = partial(_to_prepare, self._engine.dataset_sources, dataset)
        self._look(work, go_on, self._engine.notifications.fail)

    def begin(self, dataset: str, begin: Callable[[], object]) -> None:
        """Call `begin` as soon as a dataset is known to be prepared; otherwise offer to prepare it.

        One that cannot be read is left to `begin`, which will say so. Once prepared, it is not shown, but can
        be used where the user is.

        Args:
            dataset: its name in a configuration.
        """
        self._shows = False
        self._looking.drop()  # also for what need not look
        sources = self._engine.dataset_sources
        if self._engine.opened_datasets.shipped(dataset) or not any(source.scan for source in sources):
            begin()
        else:
            work = partial(_not_prepared, sources, self._engine.library, dataset)
            self._look(work, begin, lambda *_: begin())

    async def _read(self, dataset: str, go_on: Callable[[], object]) -> None:
        """Read a dataset that is opened as it is, and only then go on: a good header may lead to damage.

        The dataset thread keeps what it has read, so that it is not read twice.
        """
        self.reading.emit(_("Reading “{name}”…").format(name=Path(dataset).name))
        config = RunConfig(preset="data", data=DataConfig(dataset=dataset))
        await DescribeDataset(DatasetRef.of(config), is_asked_for=True)
        self.reading.emit("")
        go_on()

    def _on_unreadable(self, message: str) -> None:
        self.reading.emit("")
        self._engine.notifications.fail(message)

    def _look(
        self,
        work: Callable[[], _ToPrepare | None],
        go_on: Callable[[], object],
        on_failure: Callable[[str, str], object],
    ) -> None:
        """Look whether a dataset has to be prepared; only the newest request counts."""
        job = BackgroundJob(work, _("This cannot be opened"))
        self._looking.replace(job)
        job.finished.connect(partial(self._on_looked, go_on))
        job.failed.connect(on_failure)

    def _on_looked(self, go_on: Callable[[], object], found: _ToPrepare | None) -> None:
        if found is None:
            go_on()
        elif self._engine.preparing.scan is None:
            self._show_dialog(found)
        else:
            busy = self._engine.preparing.scan.path.name
            self._engine.notifications.warn(
                _("“{busy}” is being prepared. Open “{name}” once that is done or cancelled.").format(
                    busy=busy, name=found.path.name
                )
            )

    def _show_dialog(self, found: _ToPrepare) -> None:
        if self._dialog is not None:
            self._dialog.reject()
        dialog = PrepareDialog(self.window, self._engine, self._theme, *found)
        dialog.opened.connect(self._on_opened)
        dialog.finished.connect(self._on_closed)
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.show()

    @Slot()
    def _show_progress(self) -> None:
        """Show the dialog of the dataset that is being prepared again."""
        if self._dialog is not None:
            self._dialog.show()
            self._dialog.raise_()
            self._dialog.activateWindow()

    def show_prepared(self) -> None:
        """Show the list of prepared datasets."""
        self.show_one(PreparedDatasets, lambda: PreparedDatasets(self.window, self._engine))

    def _on_read(self, dataset: str, n_wanted: int) -> None:
        if n_wanted == self._engine.opened_datasets.n_wanted:  # none was chosen in the form meanwhile
            self._on_opened(dataset)

    @Slot(str)
    def _on_opened(self, dataset: str) -> None:
        self._engine.opened_datasets.open(dataset)
        if self._shows:
            self._engine.view.change(tab="dataTab")

    @Slot()
    def _on_closed(self) -> None:
        self._dialog = None

    @Slot(object)
    def _on_prepared(self, prepared: Prepared) -> None:
        scan, report = prepared
        self._shows &= self._dialog is not None and self._dialog.isVisible()
        self._on_opened(dataset_text(str(scan.path), scan.options))
        name, notifications = scan.path.name, self._engine.notifications
        message, words = (
            _("Added “{name}”: {report}.").format(name=name, report=report),
            _("Show report") if report.notes else "",
        )
        show = partial(self._show_report, name, report)
        if report.count("skipped") or report.count("problem"):
            notifications.warn(message, words=words, callback=show)
        else:
            notifications.inform(message, words, show)

    def _show_report(self, name: str, report: ImportReport) -> None:
        PrepareReport(self.window, name, report).show()

    @Slot(str, str)
    def _on_failed(self, message: str, details: str) -> None:
        if self._dialog is None or not self._dialog.isVisible():
            self._engine.notifications.fail(message, details)


def _to_prepare(sources: Sequence[DatasetSource], dataset: str) -> _ToPrepare | None:
    """Return what has to be prepared before it is used, or None if it is opened as it is.

    Args:
        dataset: name of the dataset in a configuration.

    Raises:
        DatasetError: if they cannot be read.
    """
    text, options = split_dataset_text(dataset)
    ships = next((each for each in sources if each.name and each.name == text.lower()), None)
    if ships is not None:
        needs_it = ships.scan is not None and options.changed
        return _ToPrepare(ships, Path(ships.name), options) if needs_it else None
    path = Path(text).expanduser().absolute()
    source = next((each for each in sources if not each.name and each.recognises(path)), None)
    if source is None or source.scan is None or (source.opens_directly(path) and not options.changed):
        return None
    return _ToPrepare(source, path, options)


def _not_prepared(
    sources: Sequence[DatasetSource], library: DatasetLibrary, dataset: str
) -> _ToPrepare | None:
    found = _to_prepare(sources, dataset)
    is_ready = found is None or library.find_prepared(found.path, found.options) is not None
    return None if is_ready else found
