"""Scan results, and preparing them."""

import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.preparing.cache import (
    IMAGES,
    folder_of,
    now,
    read_prepared,
    remove_remains,
    write_about,
)
from cadl_gui.datasets.preparing.claim import claimed
from cadl_gui.datasets.preparing.made_names import MadeNames
from cadl_gui.datasets.preparing.pixel_file import MOST_NAME_BYTES, PixelFile, as_bytes
from cadl_gui.datasets.preparing.task import Outcome, Task, run_task
from cadl_gui.domain.dataset_library import PreparedDataset
from cadl_gui.domain.dataset_source import DatasetScan, PreparingProgress, Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.file_format import FORMAT
from cadl_gui.domain.import_report import ImportReport, Note
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.atomic_write import atomic_folder
from cadl_gui.system.child import in_child
from cadl_gui.system.file_limits import MOST_DATASET_BYTES, MOST_IMAGES, MOST_LABELS, megabytes
from cadl_gui.system.file_lock import HeldElsewhereError
from cadl_gui.system.niceness import n_processors
from cadl_gui.system.words import _

_FEW = 3
"""Fewer tasks are run in one process: that takes less time than to start several."""

_MOST_WORKERS = 16
"""Processes that are started by default; more would wait for the disk."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Scan(DatasetScan):
    """The images of a dataset, in order: training, validation, test.

    Attributes:
        path: absolute path of the dataset, or the title of one that ships.
        options: options for preparing it.
        preview: summary.
        state: state of the files; see `state_of`.
        names: file name of each image, (n,).
        labels: (n,) int64, or None.
        tasks: creates the tasks that decode the images.
        is_sequence: whether neighbouring images are alike, as the frames of a film are.
        in_processes: whether the tasks run in other processes, in parallel if there are several.
        notes: what happened to files that are no longer among the images.
        patience_s: how long to wait, in seconds, for another process that prepares the same dataset.

    Raises:
        DatasetError: if there are too many images or classes, or the images would be too large.
    """

    path: Path
    options: PreparingOptions
    preview: Preview
    state: str
    names: Sequence[str]
    labels: NDArray[np.int64] | None
    tasks: Callable[[], Iterable[Task]]
    is_sequence: bool = False
    in_processes: bool = True
    notes: tuple[Note, ...] = ()
    patience_s: float = 0.1

    def __post_init__(self) -> None:
        if self.preview.n > MOST_IMAGES:
            raise DatasetError(
                _("“{path}” holds {n:,} images: at most {most_images:,} are read.").format(
                    path=self.path, n=self.preview.n, most_images=MOST_IMAGES
                )
            )
        if self.preview.n_bytes + self.preview.n * MOST_NAME_BYTES > MOST_DATASET_BYTES:
            raise DatasetError(
                _(
                    "The images of “{path}” would take {n_bytes}, at most "
                    "{most_dataset_bytes} are read: choose a smaller size, or a limit."
                ).format(
                    path=self.path,
                    n_bytes=megabytes(self.preview.n_bytes),
                    most_dataset_bytes=megabytes(MOST_DATASET_BYTES),
                )
            )
        n_classes = len(self.preview.class_names)
        if n_classes > MOST_LABELS:
            raise DatasetError(
                _("“{path}” has {n_classes:,} classes: at most {most_labels:,} are read.").format(
                    path=self.path, n_classes=n_classes, most_labels=MOST_LABELS
                )
            )

    def prepare(self, workers: int | None = None) -> Generator[PreparingProgress, None, ImportReport]:
        """See `DatasetScan.prepare`."""
        folder = folder_of(self.path, self.options, self.state)
        already = read_prepared(folder)
        if already is not None:
            return already.report
        with self._reported(folder), claimed(folder, self.patience_s):
            already = read_prepared(folder)  # by another process, meanwhile
            if already is not None:
                return already.report
            self._require_room(folder.parent)
            remove_remains(folder)
            with atomic_folder(folder) as beside:
                return (yield from self._prepare_in(beside, folder, workers))

    def _prepare_in(
        self, beside: Path, folder: Path, workers: int | None
    ) -> Generator[PreparingProgress, None, ImportReport]:
        """Write everything to a folder that will then be moved to its place in the cache."""
        n = self.preview.n
        beside.mkdir()
        file = PixelFile.create(beside / IMAGES, n, self.preview.image_shape)
        are_read, report, done = np.zeros(n, np.bool_), ImportReport().plus(0, self.notes), 0
        with closing(self._outcomes(file, workers)) as outcomes:
            yield PreparingProgress(0, n)
            for outcome in outcomes:
                self._require_still_there(outcome)
                are_read[outcome.first : outcome.first + len(outcome.are_read)] = outcome.are_read
                report = report.plus(int(outcome.are_read.sum()), outcome.notes)
                done += len(outcome.are_read)
                yield PreparingProgress(done, n)
        if not are_read.any():
            raise DatasetError(
                _("“{path}” holds no image that can be read: {report}.").format(path=self.path, report=report)
            )
        file.complete(are_read, self._arrays(are_read))
        shape = self.preview.image_shape
        prepared = PreparedDataset(
            folder, self.path, self.options, self.state, report.opened, shape, now(), report
        )
        write_about(prepared, beside)
        return report

    def _outcomes(self, file: PixelFile, workers: int | None) -> Generator[Outcome, None, None]:
        tasks = iter(self.tasks())
        if not self.in_processes:
            for task in tasks:
                yield from run_task(task, file)
            return
        from cadl_gui.datasets.preparing.worker_pool import TASK_SECONDS, run_in_processes

        first = list(islice(tasks, _FEW))
        if len(first) == _FEW:
            workers = workers or min(n_processors(), _MOST_WORKERS)
            yield from run_in_processes(self.path, chain(first, tasks), file, workers)
            return
        for task in first:
            name = f"“{self.path}”"
            yield from in_child(name, DatasetError, run_task, task, file, seconds=TASK_SECONDS)

    def _arrays(self, are_read: NDArray[np.bool_]) -> dict[str, NDArray[np.generic]]:
        """Everything but the images; see `sources.arrays`."""
        first_test = len(are_read) - self.preview.n_test
        n_test, which = int(are_read[first_test:].sum()), np.flatnonzero(are_read)
        n_validation = int(are_read[first_test - self.preview.n_validation : first_test].sum())
        arrays: dict[str, NDArray[np.generic]] = {
            "format": np.array(FORMAT),
            "n_validation": np.array(n_validation),
            "n_test": np.array(n_test),
            "is_sequence": np.array(int(self.is_sequence)),
            "file_names": as_bytes(MadeNames(len(which), lambda row: self.names[which[row]])),
        }
        if self.labels is not None:
            arrays["labels"] = self.labels[are_read].astype(np.int16)
            arrays["class_names"] = as_bytes(self.preview.class_names)
        return arrays

    def _require_room(self, folder: Path) -> None:
        free = shutil.disk_usage(folder).free
        if free < self.preview.n_bytes:
            raise DatasetError(
                _(
                    "“{path}” takes {n_bytes} prepared, but only "
                    "{free} are free in “{folder}”: choose a smaller size, or a limit."
                ).format(
                    path=self.path,
                    n_bytes=megabytes(self.preview.n_bytes),
                    free=megabytes(free),
                    folder=folder,
                )
            )

    def _require_still_there(self, outcome: Outcome) -> None:
        if not outcome.are_read.all() and not self.path.exists():
            raise DatasetError(_("“{path}” disappeared while its images were read.").format(path=self.path))

    @contextmanager
    def _reported(self, folder: Path) -> Iterator[None]:
        try:
            yield
        except HeldElsewhereError as held:
            raise DatasetError(
                _("“{path}” is being prepared by another process ({holder}): wait until it is done.").format(
                    path=self.path, holder=held.holder
                )
            ) from held
        except OSError as error:
            raise DatasetError(
                _("“{path}” cannot be prepared in “{parent}”: {reason}.").format(
                    path=self.path, parent=folder.parent, reason=error.strerror or error
                )
            ) from error
