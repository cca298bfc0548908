"""Opens any dataset as images in time: films as they are, all others as the images that they consist of."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.load import find_source, load, preview
from cadl_gui.datasets.source import Source
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import ImageShape, shape_text
from cadl_gui.domain.moving_images import ImageOrder, MovingImages, TimedImage
from cadl_gui.domain.preparing_options import dataset_text, split_dataset_text
from cadl_gui.system.words import _


def open_moving_images(
    dataset: str, image_shape: ImageShape, order: ImageOrder
) -> AbstractContextManager[MovingImages]:
    """Open a dataset that the user requests.

    Args:
        dataset: as for `load`. A film need not be prepared.
        image_shape: (height, width, channels) of the images; a film's frames are fitted to it.
        order: which images, and how fast; a film is shown whole, at its own times.

    Raises:
        NotPreparedError: if it is no film, and has to be prepared first.
        DatasetError: if it cannot be read, or has images of another shape.
    """
    text, options = split_dataset_text(dataset)
    source, path = find_source(text)
    if source.film_images is not None:
        return source.film_images(path, options, image_shape)
    store = load(dataset)
    if store.image_shape != image_shape:
        raise DatasetError(
            _("The network takes images of {shape}, and those of “{name}” are {shape_2}.").format(
                shape=shape_text(image_shape), name=store.name, shape_2=shape_text(store.image_shape)
            )
        )
    return _stored(store, order)


def is_film(dataset: str) -> bool:
    """Return whether a dataset, named as for `load`, consists of frames of a film that is there."""
    source = _source_of(dataset)
    return source is not None and source.film_images is not None


def can_be_prepared(dataset: str) -> bool:
    """Return whether a dataset, named as for `load`, is there and can be prepared with another size."""
    source = _source_of(dataset)
    return source is not None and source.scan is not None


def _source_of(dataset: str) -> Source | None:
    try:
        return find_source(split_dataset_text(dataset)[0])[0]
    except DatasetError:
        return None


def fitted_to(dataset: str, image_shape: ImageShape) -> str:
    """Name a dataset as it has to be prepared for a network; unchanged if it can be used as it is.

    Args:
        dataset: as for `load`.
        image_shape: (height, width, channels) of the images that the network takes.

    Raises:
        DatasetError: if there is no such dataset, or it cannot be read.
    """
    text, options = split_dataset_text(dataset)
    source, _ = find_source(text)
    height, width, channels = image_shape
    can_fit = source.scan is not None and height == width and channels in {1, 3}
    if source.film_images is not None or not can_fit or preview(dataset).image_shape == image_shape:
        return dataset
    return dataset_text(text, replace(options, size=height, grey=channels == 1))


@contextmanager
def _stored(store: ImageStore, order: ImageOrder) -> Iterator[MovingImages]:
    numbers = np.arange(len(store.images)) if order.numbers is None else order.numbers
    rate = Fraction(order.rate).limit_denominator(1000)
    yield MovingImages(
        n=len(numbers),
        image_shape=store.image_shape,
        time_base=1 / rate,
        parts=_images(store, numbers),
        rate=rate,
    )


def _images(store: ImageStore, numbers: NDArray[np.integer]) -> Iterator[TimedImage]:
    for block, images in store.images.blocks(numbers):
        for place, pixels in enumerate(images, block.start):
            yield TimedImage(pixels, place)
