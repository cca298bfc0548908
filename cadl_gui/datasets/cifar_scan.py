"""CIFAR-10 (https://www.cs.toronto.edu/~kriz/cifar.html): the binary and the Python version.

Either is opened as the `.tar.gz` archive that is published, or as the folder in it. The files of the Python
version are pickles, of which nothing is called but stand-ins; what they hold is read in another process.
"""

import io
import pickle
import re
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.array_scan import ArrayTask
from cadl_gui.datasets.preparing.array_images import prepared_shape
from cadl_gui.datasets.preparing.found_files import natural_key, state_of
from cadl_gui.datasets.preparing.pixel_file import MOST_NAME_BYTES
from cadl_gui.datasets.preparing.scan import Scan
from cadl_gui.datasets.preparing.tar_members import tar_members
from cadl_gui.domain.class_names import validated_class_name
from cadl_gui.domain.dataset_source import Preview
from cadl_gui.domain.errors import DatasetError
from cadl_gui.domain.images import evenly_spread
from cadl_gui.domain.preparing_options import PreparingOptions
from cadl_gui.system.child import in_child
from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.whole_file import read_whole, telling
from cadl_gui.system.words import _

_SIDE, _N_CLASSES = 32, 10
_N_PIXELS = 3 * _SIDE * _SIDE
_MOST_BATCH_BYTES, _MOST_ARCHIVE_BYTES = 2**26, 2**28
"""Sizes of a file, and of the whole archive or folder: somewhat more than CIFAR-10 takes."""

_BATCH = re.compile(r"(data_batch_\d+|test_batch)(\.bin)?")
_META = {"batches.meta", "batches.meta.txt"}
_MOST_FILES = 12
"""CIFAR-10 has six batches, and a file of names."""

_NAMES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip


class _Batch(NamedTuple):
    """One file: images (n, 32, 32, 3) uint8, labels (n,) in [0, 9], and names of the images, or ()."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    file_names: tuple[str, ...]


class _Labels(NamedTuple):
    """What else a file says: labels (n,) and names of the images, or (); or the names of the classes."""

    name: str
    labels: NDArray[np.int64]
    texts: tuple[str, ...]


def scan_cifar(path: Path, options: PreparingOptions) -> Scan:
    """Find the batches of CIFAR-10.

    Args:
        path: path of the archive, or of a folder with the files.

    Raises:
        DatasetError: if there are none, or a file is damaged.
    """
    path = path.absolute()
    state = state_of(path)
    labels: dict[str, NDArray[np.int64]] = {}
    names: dict[str, tuple[str, ...]] = {}
    class_names: tuple[str, ...] = _NAMES
    with closing(in_child(f"“{path}”", DatasetError, _read_labels, path)) as files:
        for number, (name, found, texts) in enumerate(files):
            if number == _MOST_FILES:
                raise DatasetError(
                    _(
                        "“{path}” is not opened: CIFAR-10 has seven files, and these are over {number}."
                    ).format(path=path, number=number)
                )
            if name in _META:
                class_names = texts
                continue
            if name in labels:
                raise DatasetError(_("“{path}” holds “{name}” twice.").format(path=path, name=name))
            labels[name] = found
            names[name] = texts or tuple(f"{name} {number}" for number in range(len(found)))
    ordered = sorted(labels, key=lambda name: (name.startswith("test"), natural_key(name)))
    if not ordered:
        raise DatasetError(_("“{path}” holds no CIFAR-10: there is no data_batch_1 in it.").format(path=path))
    sizes = [len(labels[name]) for name in ordered]
    which = evenly_spread(sum(sizes), options.limit)
    all_names = [each for name in ordered for each in names[name]]
    shape = prepared_shape((_SIDE, _SIDE, 3), options)
    ends = np.cumsum(sizes).tolist()
    places = {name: slice(end - size, end) for name, size, end in zip(ordered, sizes, ends, strict=True)}
    n_test = int(np.repeat([name.startswith("test") for name in ordered], sizes)[which].sum())
    return Scan(
        path=path,
        options=options,
        preview=Preview(len(which), shape, class_names, n_test if n_test < len(which) else 0),
        state=state,
        names=[all_names[number] for number in which.tolist()],
        labels=np.concatenate([labels[name] for name in ordered])[which],
        tasks=lambda: [ArrayTask(partial(_parts, path, places), which, options, shape)],
    )


def _read_labels(path: Path) -> Iterator[_Labels]:
    for name, data in _files(path):
        if name in _META:
            yield _Labels(name, np.zeros(0, np.int64), _class_names(path, name, data))
        else:
            batch = _read_batch(path, name, data)
            yield _Labels(name, batch.labels, batch.file_names)


def _parts(path: Path, places: dict[str, slice]) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Images of each file, in the order of the archive; `places` says which numbers they have."""
    for name, data in _files(path):
        if name in _META:
            continue
        place, batch = places.get(name), _read_batch(path, name, data)
        if place is None or len(batch.images) != place.stop - place.start:
            raise DatasetError(_("“{path}” was changed while it was read.").format(path=path))
        yield place.start, batch.images


def folder_of_batches(path: Path) -> Path | None:
    """The folder itself, or the one in it that was in the archive."""
    for folder in (path, path / "cifar-10-batches-py", path / "cifar-10-batches-bin"):
        if any((folder / name).is_file() for name in ("data_batch_1", "data_batch_1.bin")):
            return folder
    return None


def holds_batches(path: Path) -> bool:
    """Whether a file is an archive that holds a file of CIFAR-10; reads no further than to the first one.

    Raises:
        DatasetError: if it is no archive, is damaged, or is too large to find out.
    """
    [found] = in_child(f"“{path}”", DatasetError, _first_found, path.absolute())
    return found


def _first_found(path: Path) -> Iterator[bool]:
    with closing(_files(path)) as files:
        yield next(files, None) is not None


def _files(path: Path) -> Generator[tuple[str, bytes], None, None]:
    """Names and contents of the files of CIFAR-10, in any order."""
    if not path.is_dir():
        yield from tar_members(path, _is_wanted, _MOST_BATCH_BYTES, _MOST_ARCHIVE_BYTES)
        return
    folder = folder_of_batches(path)
    if folder is None:
        return
    n_bytes = 0
    for file in sorted(folder.iterdir()):
        if _is_wanted(file.name):
            with telling(file, DatasetError):
                data = read_whole(file, _MOST_BATCH_BYTES)
            n_bytes += len(data)
            if n_bytes > _MOST_ARCHIVE_BYTES:
                most = megabytes(_MOST_ARCHIVE_BYTES)
                raise DatasetError(
                    _("The batches in “{path}” are too large: at most {most} are read.").format(
                        path=path, most=most
                    )
                )
            yield file.name, data


def _is_wanted(name: str) -> bool:
    return name in _META or _BATCH.fullmatch(name) is not None


def _read_batch(path: Path, name: str, data: bytes) -> _Batch:
    file_names: tuple[str, ...] = ()
    if name.endswith(".bin"):
        if not data or len(data) % (1 + _N_PIXELS):
            raise DatasetError(
                _("“{name}” in “{path}” is truncated: an image takes {n_pixels} bytes.").format(
                    name=name, path=path, n_pixels=1 + _N_PIXELS
                )
            )
        rows = np.frombuffer(data, np.uint8).reshape(-1, 1 + _N_PIXELS)
        labels, planes = rows[:, 0].astype(np.int64), rows[:, 1:]
    else:
        values = _unpickled(path, name, data)
        pixels, numbers, found = (values.get(key) for key in ("data", "labels", "filenames"))
        pixels = getattr(pixels, "array", None)
        if not isinstance(pixels, np.ndarray) or pixels.ndim != 2 or pixels.shape[1] != _N_PIXELS:
            raise DatasetError(
                _("“{name}” in “{path}” holds no images of CIFAR-10.").format(name=name, path=path)
            )
        planes = pixels
        if not isinstance(numbers, list) or not all(map(_is_label, numbers)):
            raise DatasetError(
                _("“{name}” in “{path}” holds no labels, which are numbers from 0 to 9.").format(
                    name=name, path=path
                )
            )
        if len(numbers) != len(planes):
            raise DatasetError(
                _("“{name}” in “{path}” holds {n} images but {total} labels.").format(
                    name=name, path=path, n=len(planes), total=len(numbers)
                )
            )
        labels = np.array(numbers, np.int64)
        if _are_texts(found) and len(found) == len(labels):
            file_names = tuple(_text(each[-MOST_NAME_BYTES:]) for each in found)  # often, one long text
    if len(labels) and labels.max() >= _N_CLASSES:
        raise DatasetError(
            _("“{name}” in “{path}” has the label {labels}: CIFAR-10 has ten classes.").format(
                name=name, path=path, labels=labels.max()
            )
        )
    images = planes.reshape(-1, 3, _SIDE, _SIDE).transpose(0, 2, 3, 1)
    return _Batch(images, labels, file_names)


def _is_label(value: Any) -> bool:
    return type(value) is int and 0 <= value < _N_CLASSES


def _class_names(path: Path, name: str, data: bytes) -> tuple[str, ...]:
    if name.endswith(".txt"):
        found: Any = data.decode("utf-8", "replace").split()
    else:
        found = _unpickled(path, name, data).get("label_names")
    names: tuple[str, ...] = ()
    if _are_texts(found):
        with suppress(ValueError):
            names = tuple(validated_class_name(_text(each)) for each in found)
    if len(names) != _N_CLASSES:
        raise DatasetError(_("“{name}” in “{path}” does not name ten classes.").format(name=name, path=path))
    return names


def _unpickled(path: Path, name: str, data: bytes) -> dict[str, Any]:
    try:
        values = _Unpickler(data).load()
    except _OtherCallError as error:
        raise DatasetError(
            _("“{name}” in “{path}” is not opened: {error}.").format(name=name, path=path, error=error)
        ) from error
    except MemoryError:
        raise
    except Exception as error:  # a damaged pickle can raise anything
        raise DatasetError(
            _("“{name}” in “{path}” is not opened: it is damaged or truncated.").format(name=name, path=path)
        ) from error
    if not isinstance(values, dict):
        raise DatasetError(
            _("“{name}” in “{path}” holds no images of CIFAR-10.").format(name=name, path=path)
        )
    return {_text(key): value for key, value in values.items() if isinstance(key, (str, bytes))}


class _OtherCallError(Exception):
    """A pickle asks for something else than plain values."""


class _Unpickler(pickle.Unpickler):
    """Gives a pickle, which is a program, nothing to call but stand-ins.

    These are made for each pickle, since it could change them. An array of bytes becomes an object whose
    attribute `array` it is.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data), encoding="bytes")
        room = len(data)

        def encode(text: Any, _: Any) -> bytes:
            """Return a text as bytes, which Python 2's protocols lack; no more than the file has."""
            nonlocal room
            room -= len(text)
            if room < 0:
                raise ValueError("Expected texts of this file.")
            return str.encode(text, "latin1")

        class Array:
            array: NDArray[np.uint8]

            def __setstate__(self, state: Any) -> None:
                _, shape, _, is_fortran, data = state
                if not is_fortran:
                    self.array = np.frombuffer(data, np.uint8).reshape(shape)

        class Dtype:
            def __init__(self, name: Any, *_: Any) -> None:
                if name not in {"u1", b"u1", "|u1", b"|u1"}:
                    raise ValueError(f"Expected an array of bytes. Received: {name!r:.100}")

            def __setstate__(self, _: Any) -> None:
                pass

        def array_of(data: Any, dtype: Any, shape: Any, order: Any) -> Array:
            array = Array()
            array.__setstate__((1, shape, dtype, order != "C", data))
            return array

        self._known = {
            "multiarray _reconstruct": lambda *_: Array(),
            "numeric _frombuffer": array_of,
            "numpy ndarray": None,
            "numpy dtype": Dtype,
            "_codecs encode": encode,
            "__builtin__ bytes": lambda: b"",
            "builtins bytes": lambda: b"",
        }

    def find_class(self, module: str, name: str) -> Any:
        """Return a stand-in."""
        full = f"{module} {name}"
        known = re.sub(r"^numpy\._?core\.", "", full)
        if known not in self._known:
            raise _OtherCallError(
                _("it asks for “{full:.100}”, which plain values do not need").format(full=full)
            )
        return self._known[known]


def _are_texts(values: Any) -> TypeGuard[list[str | bytes]]:
    return isinstance(values, list) and all(isinstance(each, (str, bytes)) for each in values)


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
