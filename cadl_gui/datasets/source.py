"""How a dataset is found, looked at and opened: one file in `sources` for each kind."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.dataset_source import DatasetSource


@dataclass(frozen=True, kw_only=True)
class Source(DatasetSource):
    """A kind of dataset, and how it is opened.

    Attributes:
        open: gives the store; raises a `DatasetError` if it is no such dataset, or damaged.
    """

    open: Callable[[Path], ImageStore]
