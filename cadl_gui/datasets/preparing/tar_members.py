"""Reads `.tar` archives, also compressed, in the process for files of others; nothing is extracted."""

import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.file_limits import megabytes, most_unpacked_bytes
from cadl_gui.system.whole_file import require_file, telling
from cadl_gui.system.words import _

_MOST_MEMBERS = 1000


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
    damage = tarfile.TarError, EOFError, zlib.error, ValueError, RecursionError
    with telling(path, DatasetError, damage, _("is damaged: it cannot be unpacked")):
        require_file(path)
        is_gzip = is_packed(path)
        if is_gzip:
            most_bytes_together = min(most_bytes_together, most_unpacked_bytes(path.stat().st_size))
        with tarfile.open(path, "r:gz" if is_gzip else "r:") as archive:
            for number, member in enumerate(archive):
                if number == _MOST_MEMBERS:
                    raise DatasetError(
                        _("“{path}” is not opened: it holds over {most_members:,} files.").format(
                            path=path, most_members=_MOST_MEMBERS
                        )
                    )
                if archive.offset > most_bytes_together:
                    most = megabytes(most_bytes_together)
                    raise DatasetError(
                        _("“{path}” is not opened: unpacked, it is larger than {most_bytes}.").format(
                            path=path, most_bytes=most
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
                content = archive.extractfile(member)
                assert content is not None, "a regular file has some"
                yield name, content.read()


def is_packed(path: Path) -> bool:
    """Whether a file begins as one that gzip has packed."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"
