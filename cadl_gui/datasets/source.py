"""Base class of dataset sources; each kind of dataset has one module in `sources`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.dataset_source import DatasetScan, DatasetSource, Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.preparing_options import PreparingOptions


class NotPreparedError(DatasetError):
    """A dataset has to be prepared before it is loaded."""


@dataclass(frozen=True, kw_only=True)
class Source(DatasetSource):
    """A kind of dataset that can be opened.

    Attributes:
        open: opens the dataset at a path; raises `DatasetError` if it cannot be read. None if it always has
            to be prepared.
    """

    open: Callable[[Path], ImageStore] | None = None


def prepared_source(
    scan: Callable[[Path, PreparingOptions], DatasetScan],
    preview: Callable[[Path], Preview] | None = None,
    **about: Any,
) -> Source:
    """Define a kind of dataset that is always prepared before it is used.

    Args:
        scan: looks for images; see `DatasetSource`.
        preview: summarises the dataset; by default by a scan.
        **about: the other attributes of `DatasetSource`.
    """

    def preview_by_scan(path: Path) -> Preview:
        return scan(path, PreparingOptions()).preview

    return Source(preview=preview or preview_by_scan, scan=scan, **about)
