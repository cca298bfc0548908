"""Answers questions about datasets; the dataset thread owns it. It needs no network and no TensorFlow."""

import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.duplicates import find_duplicates
from cadl_gui.datasets.load import load, load_if_asked_for
from cadl_gui.datasets.moving_images import can_be_prepared, is_film
from cadl_gui.datasets.preparing.found_files import in_natural_order
from cadl_gui.datasets.split import split
from cadl_gui.datasets.statistics import compute_statistics
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.dataset_answers import PARTS, DatasetStatistics, Duplicates
from cadl_gui.domain.dataset_description import DatasetDescription, DatasetImage
from cadl_gui.domain.dataset_requests import (
    ComputeStatistics,
    DatasetRef,
    DatasetRequest,
    DescribeDataset,
    FetchImage,
    FetchImages,
    FindDuplicates,
    OrderImages,
    RenderTiles,
    ShrinkImages,
)
from cadl_gui.domain.errors import CadlError, DatasetError
from cadl_gui.domain.requests import Request
from cadl_gui.domain.training_config import TrainingConfig
from cadl_gui.imaging.montage.pyramid import Pyramid, area_averaged, cell_shape, rounded
from cadl_gui.imaging.montage.tiles import cell_side, cells_of, rendered_tile
from cadl_gui.system.words import _

_MOST_OPEN = 2
"""Datasets kept with their small images and statistics, so that switching between two is instant."""

_SHRUNK_BYTES = 2**22
"""Images shrunk per request, in bytes; some twenty milliseconds."""

_SEARCH_SECONDS = 0.05
"""Duration of one part of the search for near-duplicates, for which other requests wait."""


class DatasetService:
    """Opens datasets and answers `DatasetRequest`s about them.

    Args:
        load_unasked: opens a dataset that the user has not asked for.
    """

    def __init__(self, load_unasked: Callable[[str], ImageStore] = load_if_asked_for) -> None:
        self._load_unasked = load_unasked
        self._open: OrderedDict[DatasetRef, _OpenDataset] = OrderedDict()

    def respond_in_parts(self, request: Request[Any]) -> Generator[None, None, tuple[None, Any]]:
        """Answer a request, yielding where other requests may be answered in between.

        Yields:
            None between the parts of a long computation.

        Returns:
            None, since no network was asked, and the answer.

        Raises:
            DatasetError: if the dataset cannot be read, is only named in a file, or has changed since the
                last `DescribeDataset`, which opens it.
            TypeError: if the request is of an unknown class.
        """
        if not isinstance(request, DatasetRequest):
            raise TypeError(f"Expected a request about a dataset. Received: {request!r}")
        dataset = self._opened(request) if isinstance(request, DescribeDataset) else self._open_one(request)
        answer: Any
        match request:
            case DescribeDataset():
                answer = dataset.description
            case ComputeStatistics():
                answer = yield from dataset.statistics()
            case FetchImage():
                answer = dataset.image(request.number)
            case FetchImages():
                answer = dataset.images(request.numbers)
            case FindDuplicates():
                answer = dataset.find_duplicates(starts=request.starts)
            case OrderImages():
                answer = yield from dataset.order(request)
            case ShrinkImages():
                answer = dataset.shrink()
            case RenderTiles():
                answer = tuple(dataset.tiles(request))
            case _:
                raise TypeError(f"Expected a known request. Received: {request!r}")
        return None, answer

    def _opened(self, request: DescribeDataset) -> "_OpenDataset":
        """Open a dataset, unless it is open and its files are unchanged."""
        ref, name = request.dataset, request.dataset.config.dataset
        dataset = self._open.pop(ref, None)
        if dataset is None or not dataset.store.is_current:
            dataset = _OpenDataset(load(name) if request.is_asked_for else self._load_unasked(name), ref)
        self._open[ref] = dataset
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)
        return dataset

    def _open_one(self, request: DatasetRequest[Any]) -> "_OpenDataset":
        """Return a dataset as it was described; what is known of it does not suit changed files."""
        dataset = self._open.get(request.dataset)
        if dataset is None or not dataset.store.is_current:
            raise DatasetError(
                _("“{dataset}” has changed: it must be opened again.").format(
                    dataset=request.dataset.config.dataset
                )
            )
        return dataset


def _searched(name: str) -> str:
    """A name without what a search neglects: case, and whether letters are taken apart, as macOS does."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


class _OpenDataset:
    """A dataset with what was computed about it."""

    def __init__(self, store: ImageStore, ref: DatasetRef) -> None:
        self.store = store
        parts = np.zeros(len(store.images), np.uint8)
        # One image is enough for a batch here: what is too small to train on can still be looked at.
        training = TrainingConfig(batch_size=1, seed=ref.split_seed)
        indices = split(store, RunConfig(preset="data", data=ref.config, training=training))
        for part, which in enumerate((indices.train, indices.validation, indices.test)):
            parts[which] = part
        parts.flags.writeable = False
        self.description = DatasetDescription(
            store.name,
            store.image_shape,
            store.class_names,
            store.labels,
            parts,
            store.file_names,
            store.is_ink_on_black,
            is_film(ref.config.dataset),
            can_be_prepared(ref.config.dataset),
        )
        self._pyramid = Pyramid(len(store.images), store.image_shape)
        self._statistics: DatasetStatistics | None = None
        self._search: Generator[float, None, Duplicates] | None = None

    def image(self, number: int) -> DatasetImage:
        """Return one image."""
        about = self.description
        if not 0 <= number < about.n:
            raise CadlError(_("“{name}” has no image {number}.").format(name=about.name, number=number))
        return DatasetImage(
            self.store.images[number : number + 1][0],
            number,
            about.label_of(number),
            about.file_names[number] if about.file_names else "",
            PARTS[about.parts[number]],
        )

    def images(self, numbers: tuple[int, ...]) -> NDArray[np.uint8]:
        """Return some images, (k, height, width, channels)."""
        chosen = self.store.images[np.array(numbers, np.int64)]
        chosen.flags.writeable = False
        return chosen

    def find_duplicates(self, *, starts: bool) -> float | Duplicates:
        """Continue the search for near-duplicates for a moment, or start it anew."""
        if self._search is None or starts:
            self._search = find_duplicates(self.store.images, self.description.parts)
        end, progress = time.monotonic() + _SEARCH_SECONDS, 0.0
        try:
            while time.monotonic() < end:
                progress = next(self._search)
        except StopIteration as found:
            self._search = None
            duplicates: Duplicates = found.value
            return duplicates
        return progress

    def order(self, request: OrderImages) -> Generator[None, None, NDArray[np.int32]]:
        """Select and sort images."""
        about, selection = self.description, request.selection
        while selection.key == "brightness" and not self._pyramid.is_complete:
            self.shrink()
            yield
        is_chosen = np.ones(about.n, np.bool_)
        if selection.label is not None and about.labels is not None:
            is_chosen &= about.labels == selection.label
        if selection.part is not None:
            is_chosen &= about.parts == selection.part
        if selection.text and about.file_names:
            text = _searched(selection.text)
            is_chosen &= np.array([text in _searched(name) for name in about.file_names])
        if request.errors is not None:
            is_chosen &= request.errors >= 0
        numbers = np.flatnonzero(is_chosen).astype(np.int32)
        key = self._key(request)
        if key is not None:
            numbers = numbers[np.argsort(key[numbers], kind="stable")]
        numbers.flags.writeable = False
        return numbers

    def _key(self, request: OrderImages) -> NDArray[Any] | None:
        """Return what each image is sorted by, ascending, (n,); None for its number."""
        about = self.description
        match request.selection.key:
            case "class":
                return about.labels
            case "brightness":
                return self._pyramid.brightness
            case "name" if about.file_names:
                names = in_natural_order(list(set(about.file_names)))
                ranks = {name: rank for rank, name in enumerate(names)}
                return np.array([ranks[name] for name in about.file_names])
            case "error" if request.errors is not None:
                return -request.errors
        return None

    def shrink(self) -> float:
        """Add another block of images to the small versions; return the share that is done."""
        if not self._pyramid.is_complete:
            first = self._pyramid.n_done
            n = max(1, _SHRUNK_BYTES // int(np.prod(self.store.image_shape)))
            self._pyramid.add(self.store.images[first : first + n])
        return self._pyramid.share_done

    def tiles(self, request: RenderTiles) -> Iterator[NDArray[np.uint8]]:
        """Render tiles of a montage."""
        longest = max(self.store.image_shape[:2])
        for tile in request.tiles:
            side = cell_side(tile.span, longest)
            yield rendered_tile(cells_of(tile, request.cells), partial(self._versions, side))

    def _versions(self, side: int, numbers: NDArray[np.int32]) -> NDArray[np.uint8]:
        """Return images whose longer side has `side` pixels, (k, height, width, channels)."""
        if self._pyramid.has(side):
            return self._pyramid.level(side)[numbers]
        images = self.store.images[numbers]
        height, width = cell_shape(self.store.image_shape, side)
        return (
            images if images.shape[1:3] == (height, width) else rounded(area_averaged(images, height, width))
        )

    def statistics(self) -> Generator[None, None, DatasetStatistics]:
        """Compute the statistics of all images and of each class, block by block; once."""
        if self._statistics is None:
            about = self.description
            self._statistics = yield from compute_statistics(
                self.store.images, about.labels, len(about.class_names), about.part_counts
            )
        return self._statistics
