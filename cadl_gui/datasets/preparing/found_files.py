"""The files of a dataset: what is in a folder, and whether anything has changed."""

import hashlib
import heapq
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, TypeVar

from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.whole_file import telling
from cadl_gui.system.words import _

_Sorted = TypeVar("_Sorted", bound=tuple[Any, ...])

_MOST_FILES = 2_000_000
"""Files in a folder; a whole disk that was chosen by mistake has more."""


_SYSTEM = ("/proc", "/sys", "/dev")
"""Folders in which the system shows itself: as if they were files, and hundreds of thousands of them."""


class FoundFile(NamedTuple):
    """A file in a folder.

    Attributes:
        name: path inside the folder, with forward slashes.
        n_bytes: size.
        modified_ns: modification time, in nanoseconds.
    """

    name: str
    n_bytes: int
    modified_ns: int


class FoundFiles(NamedTuple):
    """All files in a folder and its subfolders, in no particular order.

    Attributes:
        files: the files, apart from hidden ones.
        unreadable: subfolders that cannot be read, and why.
    """

    files: list[FoundFile]
    unreadable: list[tuple[str, str]]


def files_below(folder: Path) -> FoundFiles:
    """List the files in a folder and its subfolders.

    Hidden files and folders are left out, and those whose names begin with two underscores, as `__MACOSX`.
    Links are followed, but no folder is entered twice, and none in which the folder itself lies: a link to
    the whole disk would lead through all of it.

    Raises:
        DatasetError: if the folder itself cannot be read, is a whole disk, or holds far too many files.
    """
    found = FoundFiles([], [])
    with telling(folder, DatasetError, (RuntimeError,)):
        place = folder.resolve(strict=True)
        shown = [path for path in map(Path, _SYSTEM) if path.is_dir()]
        entered = {_identity(path) for path in (*place.parents, *shown)}
    if place == place.parent:
        raise DatasetError(_("“{folder}” is a whole disk: choose a folder on it.").format(folder=folder))
    pending = [""]
    while pending:
        if len(found.files) > _MOST_FILES:
            raise DatasetError(
                _("“{folder}” holds more than {most_files:,} files.").format(
                    folder=folder, most_files=_MOST_FILES
                )
            )
        inside = pending.pop()
        try:
            pending += _read_folder(folder, inside, found.files, entered)
        except OSError as error:
            if not inside:
                with telling(folder, DatasetError):
                    raise
            found.unreadable.append((inside.rstrip("/"), error.strerror or str(error)))
    return found


def _read_folder(
    folder: Path, inside: str, files: list[FoundFile], entered: set[tuple[int, int]]
) -> list[str]:
    """Add the files of one folder; returns its subfolders, each with a slash at its end."""
    identity = _identity(folder / inside)
    if identity in entered:
        return []
    entered.add(identity)
    subfolders = []
    with os.scandir(folder / inside) as entries:
        for entry in entries:
            if is_left_out(entry.name):
                continue
            try:
                if entry.is_dir():
                    subfolders.append(f"{inside}{entry.name}/")
                    continue
                stat = entry.stat()
            except OSError:  # a link to nothing, to itself or to where nobody may look; a file just removed
                files.append(FoundFile(f"{inside}{entry.name}", 0, 0))
            else:
                files.append(FoundFile(f"{inside}{entry.name}", stat.st_size, stat.st_mtime_ns))
    return subfolders


def _identity(folder: Path) -> tuple[int, int]:
    about = folder.stat()
    return about.st_dev, about.st_ino


def is_left_out(name: str) -> bool:
    """Whether a file or folder with this name is never part of a dataset."""
    return name.startswith((".", "__"))


def is_hidden(path: str) -> bool:
    """Whether a path, with forward slashes, has a part that is left out."""
    return any(is_left_out(part) for part in PurePosixPath(path).parts)


_NUMBERS = re.compile(r"(\d+)")


_SORTED_AT_ONCE = 4096
"""Names sorted in one call, during which no other thread can run: 4 ms."""


def natural_key(name: str) -> tuple[list[int | str], str]:
    """Sort key that puts 2 before 10, and neglects upper and lower case."""
    parts: list[int | str] = _NUMBERS.split(name.casefold())
    parts[1::2] = map(int, parts[1::2])
    return parts, name


def in_natural_order(names: Sequence[str]) -> list[str]:
    """Sort by `natural_key`, however many there are, without stopping other threads."""
    return [name for _, name in sorted_by_turns([natural_key(name) for name in names])]


def sorted_by_turns(values: Sequence[_Sorted]) -> list[_Sorted]:
    """Sort any number of values without stopping other threads, as `sorted` would."""
    starts = range(0, len(values), _SORTED_AT_ONCE)
    return list(heapq.merge(*(sorted(values[i : i + _SORTED_AT_ONCE]) for i in starts)))


def state_of(path: Path) -> str:
    """State of the file, or of all files in the folder, at a path: it changes when any of them does.

    Raises:
        DatasetError: if there is nothing at the path, or it cannot be read.
    """
    with telling(path, DatasetError):
        if path.is_dir():
            return state_of_files(files_below(path).files)
        about = path.stat()
    return state_of_files([FoundFile(path.name, about.st_size, about.st_mtime_ns)])


def state_of_files(files: Sequence[FoundFile]) -> str:
    """State of listed files; see `state_of`."""
    digest = hashlib.sha256()
    for block in _blocks(sorted_by_turns(files)):
        digest.update(block)
    return digest.hexdigest()


def _blocks(files: Iterable[FoundFile]) -> Iterator[bytes]:
    for file in files:
        yield f"{file.name}\0{file.n_bytes}\0{file.modified_ns}\n".encode("utf-8", "surrogateescape")
