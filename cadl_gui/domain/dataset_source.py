"""Descriptions of the kinds of datasets, for the form, dialogs, the command line and help."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.images import ImageShape


@dataclass(frozen=True)
class Preview:
    """Summary of a dataset, from its headers and labels only.

    Attributes:
        n: number of images.
        image_shape: (height, width, channels).
        class_names: class names by label; () without labels.
        n_test: number of images in the official test part.
        guesses: sentences about what the files leave unspecified and was guessed.
    """

    n: int
    image_shape: ImageShape
    class_names: tuple[str, ...]
    n_test: int = 0
    guesses: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Format for display: “60,000 images of 32×32 in colour, 10 classes”."""
        height, width, channels = self.image_shape
        colour = {1: "", 3: " in colour"}.get(channels, f" with {channels} channels")
        classes = (
            count_text(len(self.class_names), "class", "classes") if self.class_names else "without labels"
        )
        return f"{count_text(self.n, 'image')} of {height}×{width}{colour}, {classes}"


WriteExamples = Callable[[Path, NDArray[np.uint8], NDArray[np.int64]], None]
"""Writes images, (n, height, width, channels), and their labels, (n,); raises `UserError` if it cannot."""


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
        write: writes labelled images to a file of this kind; None if the program cannot.
    """

    title: str
    help: str
    name: str = ""
    patterns: tuple[str, ...] = ()
    takes_folders: bool = False
    recognises: Callable[[Path], bool]
    preview: Callable[[Path], Preview]
    write: WriteExamples | None = None

    @property
    def file_filter(self) -> str:
        """Name filter for a file dialog: "IDX files (*-ubyte *.idx)"."""
        return f"{self.title} files ({' '.join(self.patterns)})"

    def has_name_like(self, path: Path) -> bool:
        """Whether the file name matches one of the patterns; the file is not opened."""
        return any(fnmatchcase(path.name.lower(), pattern) for pattern in self.patterns)


def dataset_help(sources: Iterable[DatasetSource]) -> str:
    """List the accepted datasets for a sentence: "mnist, or the path of IDX, .npz or .h5 files"."""
    sources = tuple(sources)
    names = [source.name for source in sources if source.name]
    titles = [source.title for source in sources if not source.name]
    return f"{', '.join(names)}, or the path of {', '.join(titles)} files"
