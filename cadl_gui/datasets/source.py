"""Base class of dataset sources; each kind of dataset has one module in `sources`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.dataset_source import DatasetSource


@dataclass(frozen=True, kw_only=True)
class Source(DatasetSource):
    """A kind of dataset that can be opened.

    Attributes:
        open: opens the dataset at a path; raises `DatasetError` if it cannot be read.
    """

    open: Callable[[Path], ImageStore]
