"""Reads some members of an untrusted `.tar` archive, plain or compressed; nothing is extracted."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.whole_file import require_file


def tar_members(path: Path, is_wanted: Callable[[str], bool], most_bytes: int) -> Iterator[tuple[str, bytes]]:
    """Read members of an archive, one at a time and in its order.

    Args:
        path: path of the archive, `.tar` or `.tar.gz`.
        is_wanted: returns whether a file is to be read, by its name without folders.
        most_bytes: largest unpacked size of the whole archive.

    Yields:
        Name without folders, and content.

    Raises:
        DatasetError: if the archive cannot be read, is damaged, or is too large.
    """
    import tarfile

    try:
        require_file(path)
        with path.open("rb") as packed:
            is_gzip = packed.read(2) == b"\x1f\x8b"
            packed.seek(0)
            bounded: Any = _Bounded(gzip.GzipFile(fileobj=packed) if is_gzip else packed, path, most_bytes)
            with tarfile.open(fileobj=bounded, mode="r:") as archive:
                for member in archive:
                    name = PurePosixPath(member.name).name
                    content = archive.extractfile(member) if member.isreg() and is_wanted(name) else None
                    if content is not None:
                        yield name, content.read()
    except OSError as error:
        raise DatasetError(f"“{path}” cannot be read: {error.strerror or error}.") from error
    except (tarfile.TarError, EOFError, zlib.error, ValueError) as error:
        raise DatasetError(f"“{path}” is damaged: it cannot be unpacked.") from error


class _Bounded:
    """A file of which no more than some bytes are read, whatever headers in it say."""

    def __init__(self, file: Any, path: Path, most_bytes: int) -> None:
        self._file = file
        self._path = path
        self._most_bytes = most_bytes

    def read(self, n: int = -1) -> bytes:
        self._require(self._file.tell() + max(n, 0))
        data: bytes = self._file.read(n if n >= 0 else self._most_bytes)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._require(offset)
        position: int = self._file.seek(offset, whence)
        return position

    def tell(self) -> int:
        position: int = self._file.tell()
        return position

    def _require(self, position: int) -> None:
        if position > self._most_bytes:
            raise DatasetError(
                f"“{self._path}” is not opened: unpacked, it is larger than {megabytes(self._most_bytes)}."
            )
