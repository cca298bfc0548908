"""Descriptions of the kinds of datasets, for the form, dialogs, the command line and help."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.import_report import ImportReport
from cadl_gui.domain.moving_images import MovingImages
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.words import _


@dataclass(frozen=True)
class Preview:
    """Summary of a dataset, from its headers and labels only.

    Attributes:
        n: number of images.
        image_shape: (height, width, channels).
        class_names: class names by label; () without labels.
        n_test: number of images in the official test part.
        guesses: sentences about what the files leave unspecified and was guessed.
        n_validation: number of images in the official validation part.
    """

    n: int
    image_shape: ImageShape
    class_names: tuple[str, ...]
    n_test: int = 0
    guesses: tuple[str, ...] = ()
    n_validation: int = 0

    @property
    def n_bytes(self) -> int:
        """Size of the images in bytes, in memory or prepared on disk."""
        return self.n * math.prod(self.image_shape)

    def __str__(self) -> str:
        """Format for display: “60,000 images of 32×32 in colour, 10 classes”."""
        height, width, channels = self.image_shape
        colour = {1: "", 3: _(" in colour")}.get(
            channels, _(" with {channels} channels").format(channels=channels)
        )
        classes = (
            count_text(len(self.class_names), "class", "classes") if self.class_names else _("without labels")
        )
        return _("{images} of {height}×{width}{colour}, {classes}").format(
            images=count_text(self.n, "image"), height=height, width=width, colour=colour, classes=classes
        )


OpenFilm = Callable[[Path, PreparingOptions, ImageShape], AbstractContextManager[MovingImages]]
"""Opens a film as images of a shape; raises `DatasetError` if it cannot be read."""

WriteExamples = Callable[[Path, NDArray[np.uint8], NDArray[np.int64]], None]
"""Writes images, (n, height, width, channels), and their labels, (n,); raises `UserError` if it cannot."""


class PreparingProgress(NamedTuple):
    """How many of the images have been decoded."""

    done: int
    n: int


class DatasetScan(ABC):
    """The result of scanning a path, before any image is decoded.

    Attributes:
        path: path of the dataset.
        options: options for preparing it.
        preview: summary of the prepared dataset, if all images can be read.
    """

    path: Path
    options: PreparingOptions
    preview: Preview

    @abstractmethod
    def prepare(self, workers: int | None = None) -> Generator[PreparingProgress, None, ImportReport]:
        """Decode the images into the user's cache, from where the dataset is then loaded.

        A generator that is closed, or raises an error, leaves nothing behind.

        Args:
            workers: number of processes; by default one for each processor. While a run trains, it is 1.

        Yields:
            The progress, several times a second.

        Returns:
            What happened to the files.

        Raises:
            DatasetError: if no image can be read, the disk is full, or the files disappear.
        """


@dataclass(frozen=True, kw_only=True)
class DatasetSource:
    """A kind of dataset.

    Attributes:
        title: display name of the file format, such as "IDX".
        help: one-line description of what can be opened.
        name: name in a configuration, for a dataset that ships with the program; "" for one opened by path.
        patterns: glob patterns of file names, in lower case, such as "*.npz".
        takes_folders: whether a folder can be opened.
        recognises: returns whether the source can open a path, judged by its name and first bytes.
        preview: summarises the dataset at a path; raises `DatasetError` if it cannot be read.
        scan: looks for images at a path, to prepare them before they are used; raises `DatasetError` if there
            are none. None if all datasets of this kind are opened as they are.
        opens_directly: returns whether the dataset at a path can be opened without being prepared, as long as
            no options ask for other images.
        options: names of the `PreparingOptions` that have an effect.
        film_images: opens all frames of a film and its sound, with frames fitted by options to a shape;
            None if datasets of this kind are no films.
        write: writes labelled images to a file of this kind; None if the program cannot.
        is_detail: whether only programs write such files, so that a class does not look for them.
    """

    title: str
    help: str
    name: str = ""
    patterns: tuple[str, ...] = ()
    takes_folders: bool = False
    recognises: Callable[[Path], bool]
    preview: Callable[[Path], Preview]
    scan: Callable[[Path, PreparingOptions], DatasetScan] | None = None
    opens_directly: Callable[[Path], bool] = lambda _: False
    options: tuple[str, ...] = ()
    film_images: OpenFilm | None = None
    write: WriteExamples | None = None
    is_detail: bool = False

    @property
    def file_filter(self) -> str:
        """Name filter for a file dialog: "IDX files (*-ubyte *.idx)"."""
        return _("{title} files ({patterns})").format(title=self.title, patterns=" ".join(self.patterns))

    def has_name_like(self, path: Path) -> bool:
        """Whether the file name matches one of the patterns; the file is not opened."""
        return any(fnmatchcase(path.name.lower(), pattern) for pattern in self.patterns)


def dataset_help(sources: Iterable[DatasetSource]) -> str:
    """List the accepted datasets for a sentence: "mnist, or the path of IDX, .npz or .h5 files"."""
    sources = tuple(sources)
    names = [source.name for source in sources if source.name]
    titles = [source.title for source in sources if not source.name]
    return _("{names}, or the path of {titles} files").format(
        names=", ".join(names), titles=", ".join(titles)
    )
