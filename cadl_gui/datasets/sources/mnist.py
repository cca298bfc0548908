"""The shipped MNIST dataset."""

import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.images import Images
from cadl_gui.datasets.source import Source
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.resources import resource_path
from cadl_gui.system.words import _

_N_IMAGES, _N_TEST, _SHAPE = 70_000, 10_000, (28, 28, 1)
_N_PACKED_TOGETHER = 1000


def load_mnist(path: Path | None = None) -> ImageStore:
    """Load the shipped MNIST: 70,000 digits, (28, 28, 1) each, of which the last 10,000 are the test part.

    The images are memory-mapped rather than copied, so loading takes a millisecond and unused pages are never
    read. The packaged app contains compressed images, which are decompressed once, in a tenth of a second.

    Args:
        path: the file, if it is not the shipped one.

    Raises:
        DatasetError: if the file is missing or damaged.
    """
    return _loaded(path or resource_path("mnist.h5"))


SOURCE = Source(
    title="MNIST",
    help=_("70,000 handwritten digits, which ship with the program."),
    name="mnist",
    recognises=lambda _: False,
    preview=lambda _: Preview(_N_IMAGES, _SHAPE, numbered(10), _N_TEST),
    open=lambda _: load_mnist(),
)


@lru_cache(maxsize=1)
def _loaded(path: Path) -> ImageStore:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            images, labels = file["images"], file["labels"][...]
            pixels = _mapped(path, images) if images.chunks is None else _unpacked(images)
    except (OSError, KeyError, TypeError, ValueError, zlib.error) as error:
        raise DatasetError(
            _(
                "The MNIST data that ships with the program cannot be read from “{path}”; install it again."
            ).format(path=path)
        ) from error
    return ImageStore("MNIST", Images(pixels), labels, _N_TEST)


def _mapped(path: Path, images: Any) -> NDArray[np.uint8]:
    return np.asarray(np.memmap(path, np.uint8, "r", images.id.get_offset(), images.shape))


def _unpacked(images: Any) -> NDArray[np.uint8]:
    """Decompress chunk by chunk with zlib, which releases the GIL; HDF5 would hold it."""
    pixels = np.empty(images.shape, np.uint8)
    n_chunk = images.chunks[0]
    for first in range(0, len(pixels), n_chunk):
        _, packed = images.id.read_direct_chunk((first, 0, 0, 0))
        chunk = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(images.chunks)
        pixels[first : first + n_chunk] = chunk[: len(pixels) - first]
    return pixels


def pack(source: Path, out: Path) -> None:
    """Write a copy with compressed images, a fifth of the size, for the packaged app.

    Args:
        source: the file with uncompressed images.
        out: file to write.
    """
    import h5py

    with h5py.File(source, "r") as plain, h5py.File(out, "w") as packed:
        packed.attrs.update(plain.attrs)
        images = plain["images"]
        chunks = (_N_PACKED_TOGETHER, *images.shape[1:])
        packed.create_dataset(
            "images",
            data=images[...],
            chunks=chunks,
            compression="gzip",
            compression_opts=6,
            track_times=False,
        )
        packed.create_dataset("labels", data=plain["labels"][...], track_times=False)
