"""Prepares a dataset for a command, with progress on standard error."""

import sys
from contextlib import closing

from cadl_gui.cli.output import printable
from cadl_gui.cli.progress_line import ProgressLine
from cadl_gui.datasets.load import load, scan
from cadl_gui.datasets.source import NotPreparedError
from cadl_gui.domain.dataset_source import DatasetScan
from cadl_gui.domain.import_report import ImportReport
from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.stages import result_of
from cadl_gui.system.words import _


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
        workers: see `DatasetScan.prepare`.

    Raises:
        DatasetError: if it cannot be prepared.
    """
    about = f"{found.preview}, {megabytes(found.preview.n_bytes)}"
    print(printable(_("Preparing “{path}”: {about}").format(path=found.path, about=about)), file=sys.stderr)
    with closing(ProgressLine()) as line:
        return result_of(found.prepare(workers), lambda stage: line.show(*stage))
