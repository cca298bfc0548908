"""How a dataset is found, looked at and opened: one file in `sources` for each kind."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cadl_gui.core.dataset_source import DatasetSource
from cadl_gui.core.run import PictureShape
from cadl_gui.datasets.store import ImageStore


@dataclass(frozen=True)
class Preview:
    """What a source found, before anything but headers and labels was read.

    Attributes:
        n: how many images there are.
        picture_shape: (height, width, channels).
        class_names: by label; () without labels.
        n_test: how many of them are the official test part.
        guesses: what was not said and had to be guessed, in sentences.
    """

    n: int
    picture_shape: PictureShape
    class_names: tuple[str, ...]
    n_test: int = 0
    guesses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Source(DatasetSource):
    """A kind of dataset, and how it is opened.

    Attributes:
        preview: says what is there; raises a `DatasetError` if it is no such dataset, or damaged.
        open: gives the store; raises a `DatasetError` likewise.
    """

    preview: Callable[[Path], Preview]
    open: Callable[[Path], ImageStore]
