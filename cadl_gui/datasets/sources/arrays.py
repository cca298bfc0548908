"""Images in an `.npz` (NumPy) or `.h5` (HDF5) file of arrays.

`images` has shape (n, height, width, channels) or (n, height, width) and dtype uint8. Optional arrays are
`labels`, (n,) integers; `class_names`, by label; `file_names`, of each image; and `format`, its number.
Prepared datasets also have the numbers `n_validation`, `n_test` and `is_sequence`; see `ImageStore`. The
shipped `mnist.h5` uses the same names. Large uncompressed images stay in the file.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.images import FileState, Images
from cadl_gui.datasets.own_arrays import read_own_arrays, reported
from cadl_gui.datasets.source import Source
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.dataset_source import DatasetScan, Preview
from cadl_gui.domain.errors import DatasetError, UserError
from cadl_gui.domain.file_format import FORMAT, has_ending, require_ending
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.whole_file import telling
from cadl_gui.system.words import _

SUFFIXES = (".npz", ".h5")

_Arrays = dict[str, NDArray[Any]]


def write_examples(path: Path, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> None:
    """Write images and their labels to a file.

    Args:
        path: path with suffix `.npz` (NumPy) or `.h5` (HDF5).
        images: (n, height, width, channels) uint8.
        labels: (n,) int64.

    Raises:
        UserError: if the path has another suffix, or cannot be written.
    """
    require_ending(path, *SUFFIXES)
    write = _write_npz if path.suffix.lower() == ".npz" else _write_hdf5
    arrays: _Arrays = {"images": images, "labels": labels, "format": np.array(FORMAT)}
    with telling(path, UserError, writes=True), atomic_output(path) as beside:
        write(beside, arrays)


def read_arrays(path: Path, name: str = "") -> ImageStore:
    """Read a file of arrays as a store.

    Nothing in the file is executed, and no more is read than its headers declare.

    Args:
        name: display name of the store; by default the name of the file.

    Raises:
        DatasetError: if there is no such file, or it has other contents.
    """
    with reported(path):
        file = FileState.of(path)
        found = read_own_arrays(path)
        labels = None if found.labels is None else found.labels.astype(np.int64)
        images = Images(found.images.reshape(found.shape), files=(file,))
        return ImageStore(
            name or path.name,
            images,
            labels,
            found.numbers["n_test"],
            found.class_names,
            found.file_names,
            n_validation=found.numbers["n_validation"],
            is_sequence=bool(found.numbers["is_sequence"]),
        )


def read_examples(path: Path) -> ImageStore:
    """Read labelled images; see `read_arrays`.

    Raises:
        DatasetError: as `read_arrays` does, and if there are no labels.
    """
    examples = read_arrays(path)
    if examples.labels is None:
        raise DatasetError(
            _("“{path}” holds no labels: it needs `labels` as well as `images`.").format(path=path)
        )
    return examples


def preview_arrays(path: Path) -> Preview:
    """Summarise a file of arrays without reading its images; see `read_arrays`.

    Raises:
        DatasetError: if there is no such file, or it has other contents.
    """
    if not _opens_directly(path):
        return _scan(path, PreparingOptions()).preview
    with reported(path):
        found = read_own_arrays(path, with_images=False)
    n, height, width, channels = found.shape
    guesses = []
    if found.has_no_channels:
        guesses.append(_("The images have no channels: they are grey."))
    names = found.class_names
    if found.labels is not None and len(found.labels) and not names:
        names = numbered(int(found.labels.max()) + 1)
        guesses.append(_("The file names no classes: their numbers stand for them."))
    n_test, n_validation = found.numbers["n_test"], found.numbers["n_validation"]
    return Preview(n, (height, width, channels), names, n_test, tuple(guesses), n_validation)


def _scan(path: Path, options: PreparingOptions) -> DatasetScan:
    from cadl_gui.datasets.array_scan import scan_arrays

    return scan_arrays(path, options)


def _opens_directly(path: Path) -> bool:
    from cadl_gui.datasets.array_scan import opens_directly

    return opens_directly(path)


SOURCE = Source(
    title=_(".npz or .h5"),
    is_detail=True,
    help=_(
        "Arrays of NumPy or HDF5: images, and perhaps labels, class_names, file_names; others are guessed."
    ),
    patterns=tuple(f"*{suffix}" for suffix in SUFFIXES),
    recognises=lambda path: has_ending(path, *SUFFIXES),
    preview=preview_arrays,
    open=read_arrays,
    write=write_examples,
    scan=_scan,
    opens_directly=_opens_directly,
    options=("size", "crop_factor", "grey", "limit", "background", "images", "labels"),
)


def _write_npz(path: Path, arrays: _Arrays) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, images=arrays["images"], labels=arrays["labels"], format=arrays["format"])


def _write_hdf5(path: Path, arrays: _Arrays) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file.create_dataset(name, data=array, track_times=False)
