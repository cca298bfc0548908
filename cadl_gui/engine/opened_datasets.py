"""The datasets that the user has opened, and what is known of them before any is used for training."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.dataset_library import DatasetLibrary
from cadl_gui.domain.dataset_source import DatasetSource, Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.engine.background_jobs import BackgroundJob, BackgroundJobs
from cadl_gui.engine.view_state import ViewState


class _Seen(NamedTuple):
    """The preview of a dataset, or the reason why it cannot be read."""

    dataset: str
    preview: Preview | None
    message: str


class OpenedDatasets(QObject):
    """Makes a dataset that the user opens that of the next run, and knows it from then on.

    A dataset that only a view or a run names is not among them: its path may point anywhere.

    Args:
        sources: kinds of datasets.
        library: previews datasets from disk.
        jobs: runs the reading of their headers.
        view: has the next run.
        parent: parent object.

    Attributes:
        sources: see above.
        n_wanted: how often the user wanted to open a dataset.
        n_opened: how often one was opened, which may be that of the next run already.
        n_seen: how often a header was read.

    Signals:
        asked_for: (str) the user wants to open a dataset, which may have to be prepared.
        seen: the preview of another dataset is known.
    """

    asked_for = Signal(str)
    seen = Signal()

    def __init__(
        self,
        sources: Sequence[DatasetSource],
        library: DatasetLibrary,
        jobs: BackgroundJobs,
        view: ViewState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.sources = tuple(sources)
        self._library = library
        self._jobs = jobs
        self._view = view
        self.n_wanted = self.n_opened = self.n_seen = 0
        self._opened: set[str] = set()
        self._newest = ""
        self._seen: dict[str, _Seen] = {}
        view.bind(self, lambda: view.value.next["dataset"], self._look_at_next)

    def __contains__(self, dataset: str) -> bool:
        """Whether the user has opened a dataset, so that its path may be looked up."""
        return dataset in self._opened

    @Slot(str)
    def open(self, dataset: str) -> None:
        """Make a dataset that of the next run as soon as its header was read; only the newest one counts."""
        self._opened.add(dataset)
        self._newest = dataset
        self.n_wanted += 1
        if not self._look(dataset, _see):
            self._use(self._preview_before)

    def preview_of(self, dataset: str) -> Preview | None:
        """Return the preview of a dataset, or None if it is unknown."""
        ships = self.shipped(dataset)
        if ships is not None:
            return ships.preview(Path(ships.name))
        seen = self._seen.get(dataset)
        return None if seen is None else seen.preview

    def message_about(self, dataset: str) -> str:
        """Return why a dataset cannot be read, or "" if no problem is known."""
        seen = self._seen.get(dataset)
        return "" if seen is None else seen.message

    def shipped(self, dataset: str) -> DatasetSource | None:
        """Return the source of a dataset that ships, of which everything is known; None for others."""
        return next((each for each in self.sources if each.name and dataset.lower() == each.name), None)

    def _look(self, dataset: str, see: Callable[[DatasetLibrary, str], _Seen | None]) -> bool:
        """Return whether a dataset has to be read to be known, and begin with it."""
        is_to_be_read = bool(self.sources) and self.shipped(dataset) is None
        if is_to_be_read:
            looking = BackgroundJob(partial(see, self._library, dataset))
            looking.finished.connect(self._on_seen)
            self._jobs.start(looking)
        return is_to_be_read

    @Slot(object)
    def _on_seen(self, seen: _Seen | None) -> None:
        if seen is not None:
            before = self._preview_before
            self._seen[seen.dataset] = seen
            self.n_seen += 1
            if seen.dataset == self._newest:
                self._use(before)
            self.seen.emit()
            self._view.ask()

    def _look_at_next(self) -> None:
        """Read the header of a dataset that only a file names if the user has prepared it here."""
        if (dataset := self._view.value.next["dataset"]) not in self._seen:
            self._look(dataset, _see_prepared)

    @property
    def _preview_before(self) -> Preview | None:
        return self.preview_of(self._view.value.next["dataset"])

    def _use(self, before: Preview | None) -> None:
        dataset, self._newest = self._newest, ""
        self.n_opened += 1
        next_run = self._view.value.next.with_dataset(dataset, self.preview_of(dataset), before)
        self._view.change(next=next_run, data=replace(self._view.value.data, opened=True))
        self._view.refresh()  # what was opened again is shown again


def _see(library: DatasetLibrary, dataset: str) -> _Seen:
    try:
        return _Seen(dataset, library.preview(dataset), "")
    except (DatasetError, OSError) as error:
        return _Seen(dataset, None, str(error))


def _see_prepared(library: DatasetLibrary, dataset: str) -> _Seen | None:
    return _see(library, dataset) if any(each.dataset == dataset for each in library.prepared()) else None
