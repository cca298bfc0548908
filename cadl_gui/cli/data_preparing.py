"""Prepares a dataset for a command, with progress on standard error."""

import sys
import time
from contextlib import closing

from cadl_gui.cli.output import printable
from cadl_gui.datasets.load import load, scan
from cadl_gui.datasets.source import NotPreparedError
from cadl_gui.domain.dataset_source import DatasetScan, PreparingProgress
from cadl_gui.domain.import_report import ImportReport
from cadl_gui.system.file_limits import megabytes

_SECONDS_BETWEEN_LINES = 0.2
"""Between two updates of the progress, on a terminal."""


def prepare_if_needed(dataset: str) -> None:
    """Prepare a dataset unless it can be loaded already.

    Args:
        dataset: as for `load`.

    Raises:
        DatasetError: if it cannot be prepared or loaded.
    """
    try:
        load(dataset)
    except NotPreparedError:
        found = scan(dataset)
        if found is not None:
            report = prepare_with_progress(found)
            print(printable(str(report)), file=sys.stderr)


def prepare_with_progress(found: DatasetScan, workers: int | None = None) -> ImportReport:
    """Prepare what a scan found, and print the progress to standard error.

    Args:
        found: the scan.
        workers: see `DatasetScan.prepare`.

    Raises:
        DatasetError: if it cannot be prepared.
    """
    about = f"{found.preview}, {megabytes(found.preview.n_bytes)}"
    print(printable(f"Preparing “{found.path}”: {about}"), file=sys.stderr)
    with closing(found.prepare(workers)) as preparing, closing(_ProgressLine()) as line:
        while True:
            try:
                line.show(next(preparing))
            except StopIteration as end:
                report: ImportReport = end.value
                return report


class _ProgressLine:
    """A line on a terminal that counts; nothing elsewhere, where it would fill a log."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._shown_at = 0.0

    def show(self, progress: PreparingProgress) -> None:
        now = time.monotonic()
        is_due = now - self._shown_at >= _SECONDS_BETWEEN_LINES or progress.done == progress.n
        if self._is_terminal and is_due:
            self._shown_at = now
            print(f"\r{progress.done:,} of {progress.n:,} images", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self._shown_at:
            print(file=sys.stderr)
