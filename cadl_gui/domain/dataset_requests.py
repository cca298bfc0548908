"""Requests to the dataset thread, as frozen dataclasses."""

from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.dataset_answers import DatasetStatistics, Duplicates
from cadl_gui.domain.dataset_description import DatasetDescription, DatasetImage
from cadl_gui.domain.requests import Answer, Request

SortKey = Literal["number", "class", "brightness", "name", "error"]
"""What images are sorted by: their number, label, mean brightness, file name, or a network's error."""


@dataclass(frozen=True)
class DatasetRef:
    """A dataset, and how it is split; equal for runs that split the same dataset alike.

    Labelled examples, which a run may have in addition, are not part of it.

    Attributes:
        config: names the dataset and the scheme of the split.
        split_seed: seed of the split.
    """

    config: DataConfig
    split_seed: int

    @classmethod
    def of(cls, config: RunConfig) -> Self:
        """Return the dataset of a run, from its configuration."""
        data = replace(config.data, split_seed=-1, labelled_examples="", labelled_repeats=1)
        return cls(data, config.seed_of_split)


@dataclass(frozen=True)
class DatasetRequest(Request[Answer]):
    """A request about a dataset, which no network is needed for.

    Attributes:
        dataset: the dataset.
    """

    dataset: DatasetRef


@dataclass(frozen=True)
class DescribeDataset(DatasetRequest[DatasetDescription]):
    """Open a dataset, which other requests about it require. Answer: its description.

    Attributes:
        is_asked_for: whether the user chose this dataset; if it is only named in a file, its path is not
            looked up.
    """

    is_asked_for: bool = False


@dataclass(frozen=True)
class ComputeStatistics(DatasetRequest[DatasetStatistics]):
    """Compute mean images, standard deviations and counts. Answer: `DatasetStatistics`."""


@dataclass(frozen=True)
class FetchImage(DatasetRequest[DatasetImage]):
    """Fetch one image. Answer: a `DatasetImage`.

    Attributes:
        number: index of the image in the dataset.
    """

    number: int


@dataclass(frozen=True)
class FetchImages(DatasetRequest[NDArray[np.uint8]]):
    """Fetch several images. Answer: (k, height, width, channels) uint8, read-only.

    Attributes:
        numbers: indices of the images in the dataset.
    """

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class FindDuplicates(DatasetRequest[float | Duplicates]):
    """Continue the search for near-duplicates across the parts of the split.

    Answer: the progress in [0, 1], or the `Duplicates` once it has ended; repeat the request until then.

    Attributes:
        starts: whether to start from the beginning.
    """

    starts: bool = False


@dataclass(frozen=True)
class ImageSelection:
    """Which images of a dataset to show, and in which order.

    Attributes:
        key: what they are sorted by; ties keep the order of the dataset.
        label: only images with this label; None selects all.
        part: only images of this part, an index in `PARTS`; None selects all.
        predicted: only images that a network takes for this class; None selects all.
        text: only images whose file name contains this, in upper or lower case; "" selects all.
    """

    key: SortKey = "number"
    label: int | None = None
    part: int | None = None
    predicted: int | None = None
    text: str = ""

    @property
    def needs_network(self) -> bool:
        """Whether it depends on a network."""
        return self.key == "error" or self.predicted is not None


@dataclass(frozen=True, eq=False)
class OrderImages(DatasetRequest[NDArray[np.int32]]):
    """Select images and sort them. Answer: their indices in the dataset, (m,) int32, read-only.

    Attributes:
        selection: which images, and in which order.
        errors: error of a network on each image, (n,) float32, for the key "error", which puts the largest
            first; images with a negative one are left out. Without them, that key keeps the order of the
            dataset, and predictions select none.
    """

    selection: ImageSelection
    errors: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class ShrinkImages(DatasetRequest[float]):
    """Continue to compute the small versions of the images, which tiles of a montage are made of.

    Answer: the share of the images that is done, in [0, 1]; repeat the request until it is 1.
    """


@dataclass(frozen=True)
class MontageTile:
    """A square part of a montage.

    Attributes:
        span: number of images along each side, a power of two.
        row: the tile begins at image row `row * span`.
        column: the tile begins at image column `column * span`.
    """

    span: int
    row: int
    column: int


@dataclass(frozen=True, eq=False)
class RenderTiles(DatasetRequest[tuple[NDArray[np.uint8], ...]]):
    """Render tiles of a montage; `ShrinkImages` must have been answered by 1.

    Answer: for each tile (height, width, 4) uint8 RGBA, read-only, transparent where there is no image.

    Attributes:
        cells: index of the image in each cell of the montage, (rows, columns) int32, -1 where there is none.
        tiles: the tiles; keep them few, because other requests wait for the answer.
    """

    cells: NDArray[np.int32]
    tiles: tuple[MontageTile, ...]
