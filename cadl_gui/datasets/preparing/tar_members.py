"""Reads some members of an untrusted `.tar` archive, plain or compressed; nothing is extracted."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.file_limits import megabytes, most_unpacked_bytes
from cadl_gui.system.gzip_reader import unpacked
from cadl_gui.system.whole_file import require_file
from cadl_gui.system.words import _

_MOST_MEMBERS = 1000
_AT_ONCE = 2**20
"""Bytes that are read together: what `tarfile` itself reads is shorter, unless a header is forged."""


def tar_members(
    path: Path, is_wanted: Callable[[str], bool], most_bytes: int, most_bytes_together: int
) -> Iterator[tuple[str, bytes]]:
    """Read members of an archive, one at a time and in its order.

    Args:
        path: path of the archive, `.tar` or `.tar.gz`.
        is_wanted: returns whether a file is to be read, by its name without folders.
        most_bytes: largest size of a file that is read.
        most_bytes_together: largest unpacked size of the whole archive.

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
            if is_gzip:
                expanded = most_unpacked_bytes(path.stat().st_size)
                most_bytes_together = min(most_bytes_together, expanded)
            bounded: Any = _Bounded(unpacked(packed) if is_gzip else packed, path, most_bytes_together)
            with tarfile.open(fileobj=bounded, mode="r:") as archive:
                for number, member in enumerate(archive):
                    if number == _MOST_MEMBERS:
                        raise DatasetError(
                            _("“{path}” is not opened: it holds over {most_members:,} files.").format(
                                path=path, most_members=_MOST_MEMBERS
                            )
                        )
                    name = PurePosixPath(member.name).name
                    # The size of a sparse member is only claimed: it consists of holes.
                    if not member.isreg() or member.issparse() or not is_wanted(name):
                        continue
                    if member.size > most_bytes:
                        most = megabytes(most_bytes)
                        raise DatasetError(
                            _("“{name}” in “{path}” is too large: at most {most} are read.").format(
                                name=name, path=path, most=most
                            )
                        )
                    yield name, _content(archive, member)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError, RecursionError) as error:
        raise DatasetError(_("“{path}” is damaged: it cannot be unpacked.").format(path=path)) from error
    except OSError as error:
        raise DatasetError(
            _("“{path}” cannot be read: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error


def _content(archive: Any, member: Any) -> bytes:
    content, parts = archive.extractfile(member), []
    while part := content.read(_AT_ONCE):
        parts.append(part)
    return b"".join(parts)


class _Bounded:
    """A file that is read once from its beginning, and no further than to some byte, whatever headers say."""

    def __init__(self, file: Any, path: Path, most_bytes: int) -> None:
        self._file = file
        self._path = path
        self._most_bytes = most_bytes
        self._position = 0

    def read(self, n: int) -> bytes:
        if not 0 <= n <= 2 * _AT_ONCE:
            raise ValueError(f"Expected at most {2 * _AT_ONCE} bytes. Received: n={n}")
        self._require(self._position + n)
        data: bytes = self._file.read(n)
        self._position += len(data)
        return data

    def seek(self, offset: int) -> int:
        """Skip what lies before an offset; `tarfile` goes back only where a header says so."""
        self._require(offset)
        if offset < self._position:
            raise ValueError(f"Expected an offset from {self._position}. Received: {offset}")
        while self._position < offset:
            if not self.read(min(offset - self._position, _AT_ONCE)):
                break
        return self._position

    def tell(self) -> int:
        return self._position

    def _require(self, position: int) -> None:
        if position > self._most_bytes:
            raise DatasetError(
                _("“{path}” is not opened: unpacked, it is larger than {most_bytes}.").format(
                    path=self._path, most_bytes=megabytes(self._most_bytes)
                )
            )
