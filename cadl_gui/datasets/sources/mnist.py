"""The shipped MNIST dataset, and how its file is made from the original four; see `remake`."""

import hashlib
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.images import Images
from cadl_gui.datasets.source import Source
from cadl_gui.datasets.sources.idx import read_idx
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.file_format import FORMAT
from cadl_gui.system.resources import resource_path

_N_IMAGES, _N_TEST, _SHAPE = 70_000, 10_000, (28, 28, 1)
_N_PACKED_TOGETHER = 1000
_ATTRIBUTION = (
    "The MNIST database of handwritten digits: Yann LeCun, Corinna Cortes and Christopher J. C. Burges."
)
_LICENCE = "CC BY-SA 3.0, https://creativecommons.org/licenses/by-sa/3.0/"
_PUBLISHED_MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
"""MD5 sums of the uncompressed files, by name."""


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
    help="70,000 handwritten digits, which ship with the program.",
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
            f"The MNIST data that ships with the program cannot be read from “{path}”; install it again."
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
        source: file written by `write_mnist`.
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


def write_mnist(source: Path, out: Path) -> None:
    """Write the file that `load_mnist` reads.

    Args:
        source: folder of the original four IDX files, compressed or not.
        out: file to write: `images` (70000, 28, 28, 1) uint8, training images first, and `labels` (70000,)
            uint8, both uncompressed and contiguous.

    Raises:
        DatasetError: if a file is missing or is not the published one.
    """
    import h5py

    train_images, train_labels, test_images, test_labels = (
        _read_published(source, name, md5) for name, md5 in _PUBLISHED_MD5.items()
    )
    with h5py.File(out, "w", alignment_threshold=4096, alignment_interval=4096) as file:
        file.attrs.update(format=FORMAT, attribution=_ATTRIBUTION, licence=_LICENCE)
        images = np.concatenate([train_images, test_images])[..., np.newaxis]
        file.create_dataset("images", data=images, track_times=False)
        labels = np.concatenate([train_labels, test_labels])
        file.create_dataset("labels", data=labels, track_times=False)


def _read_published(folder: Path, name: str, md5: str) -> NDArray[Any]:
    path = folder / name
    array = read_idx(path if path.exists() else path.with_name(f"{name}.gz"))
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    if hashlib.md5(header + array.tobytes(), usedforsecurity=False).hexdigest() != md5:
        raise DatasetError(f"“{path}” is not the published file: its MD5 sum is not {md5}.")
    return array
