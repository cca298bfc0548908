"""What the window asks about datasets, besides opening them: previews, and which ones are prepared."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Never

from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.import_report import ImportReport
from cadl_gui.domain.moving_images import ImageOrder, OpenMovingImages
from cadl_gui.domain.preparing_options import PreparingOptions, dataset_text
from cadl_gui.system.room_on_disk import bytes_of
from cadl_gui.system.words import _

ABOUT_PREPARED = "about.json"
"""File in the folder of a prepared dataset, without which there is none."""


@dataclass(frozen=True)
class PreparedDataset:
    """A dataset in the user's cache.

    Attributes:
        folder: its folder in the cache.
        path: absolute path that it was prepared from, or the title of one that ships.
        options: options that it was prepared with.
        state: state of the files that it was prepared from.
        n: number of images.
        image_shape: (height, width, channels).
        created: date and time, ISO 8601.
        report: what happened to the files.
    """

    folder: Path
    path: Path
    options: PreparingOptions
    state: str
    n: int
    image_shape: ImageShape
    created: str
    report: ImportReport

    @property
    def dataset(self) -> str:
        """Name of the dataset in a configuration: its path and options."""
        return dataset_text(str(self.path), self.options)

    @property
    def n_bytes(self) -> int:
        """Size on disk, in bytes; each access looks it up."""
        return bytes_of(self.folder)

    def remove(self) -> None:
        """Remove it from the cache.

        Raises:
            OSError: if it cannot be removed; it is then either whole or no longer found.
        """
        (self.folder / ABOUT_PREPARED).unlink()
        shutil.rmtree(self.folder)


def _no_preview(dataset: str) -> Never:
    raise DatasetError(_("“{dataset}” is no dataset that can be read.").format(dataset=dataset))


def _no_moving_images(dataset: str, _shape: ImageShape, _order: ImageOrder) -> Never:
    _no_preview(dataset)


@dataclass(frozen=True, kw_only=True)
class DatasetLibrary:
    """Functions that look up datasets; by default, there are none. All of them read files.

    Attributes:
        preview: summarises a dataset, by its name in a configuration; of a prepared one, what was prepared.
            Raises `DatasetError` if it cannot be read.
        find_prepared: finds the dataset that was prepared from a path with these options and whose files are
            unchanged, or None; raises `DatasetError` if the files cannot be read.
        open_moving_images: opens a dataset as images in time. Raises `DatasetError` if it cannot be read,
            or has images of another shape.
        prepared: returns all prepared datasets, the oldest first.
    """

    preview: Callable[[str], Preview] = _no_preview
    find_prepared: Callable[[Path, PreparingOptions], PreparedDataset | None] = lambda _path, _options: None
    open_moving_images: OpenMovingImages = _no_moving_images
    prepared: Callable[[], Sequence[PreparedDataset]] = tuple
