"""Image files in a ZIP archive, read in any process without listing the archive again."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from cadl_gui.datasets.preparing.image_decoder import SkippedImageError
from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.archive import require_few_members, seek_data
from cadl_gui.system.child import in_child
from cadl_gui.system.file_limits import MOST_IMAGE_BYTES, megabytes
from cadl_gui.system.whole_file import require_file, telling
from cadl_gui.system.words import _

_ENCRYPTED, _NAME_IS_UTF8 = 1, 0x800
"""Bits among the flags of a member."""

_MOST_LIST_BYTES, MOST_MEMBERS = 2**26, 400_000
"""Size of the list of members, and their number: so many take 300 MB of memory. CelebA has 200,000."""

_SENT_TOGETHER = 10_000

_MOST_NAME_CHARACTERS = 4096
"""Length of a path; longer ones can be unpacked nowhere."""


class ZipMember(NamedTuple):
    """A file in an archive; see `image_task.Member`.

    Attributes:
        path: path of the archive.
        name: path inside the archive, with forward slashes.
        n_bytes: unpacked size, as the archive says.
        packed_bytes: packed size.
        offset: position of its local header.
        checksum: CRC-32 of the unpacked data.
        method: how it is packed; see `zipfile.ZipInfo.compress_type`.
        is_encrypted: whether it cannot be read without a password.
    """

    path: Path
    name: str
    n_bytes: int
    packed_bytes: int
    offset: int
    checksum: int
    method: int
    is_encrypted: bool

    def read(self) -> bytes:
        """See `image_task.Member.read`."""
        if self.is_encrypted:
            raise SkippedImageError(_("is encrypted"))
        if max(self.n_bytes, self.packed_bytes) > MOST_IMAGE_BYTES:
            raise SkippedImageError(
                _("is too large: at most {most_image_bytes} are read").format(
                    most_image_bytes=megabytes(MOST_IMAGE_BYTES)
                )
            )
        try:
            data = self._unpacked()
        except OSError as error:
            raise SkippedImageError(
                _("cannot be read: {reason}").format(reason=error.strerror or error)
            ) from error
        except (struct.error, zlib.error, OverflowError, ValueError):
            raise SkippedImageError(_("cannot be unpacked")) from None
        if len(data) != self.n_bytes or zlib.crc32(data) != self.checksum:
            raise SkippedImageError(_("is damaged in the archive"))
        return data

    def _unpacked(self) -> bytes:
        with self.path.open("rb") as file:
            seek_data(file, self.offset)
            packed = file.read(self.packed_bytes)
        if self.method == zipfile.ZIP_STORED:
            return packed
        if self.method != zipfile.ZIP_DEFLATED:
            raise SkippedImageError(_("is packed in a way that is not supported"))
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, self.n_bytes + 1)


def zip_members(path: Path) -> list[ZipMember]:
    """List the files in an archive.

    Raises:
        DatasetError: if it is no archive, is damaged, or has a member whose name leads out of it.
    """
    parts = in_child(f"“{path}”", DatasetError, _listed, path)
    return [ZipMember(path, *about) for part in parts for about in part]


def _listed(path: Path) -> Iterator[list[tuple[Any, ...]]]:
    """Yield what `ZipMember` holds but the path, of many members together: to send each takes long."""
    damage = zipfile.BadZipFile, NotImplementedError, ValueError, struct.error
    with telling(path, DatasetError, damage, _("is not a ZIP archive, or is damaged")):
        require_file(path)
        require_few_members(path, _MOST_LIST_BYTES, MOST_MEMBERS)
        with zipfile.ZipFile(path) as archive:
            members = [_member(path, info) for info in archive.infolist()]
            members = [member for member in members if not member.name.endswith("/")]
    _require_harmless(path, members)
    for first in range(0, len(members), _SENT_TOGETHER):
        yield [tuple(member[1:]) for member in members[first : first + _SENT_TOGETHER]]


def _require_harmless(path: Path, members: list[ZipMember]) -> None:
    """Require that no member leads out of the archive or is very long, and that no two lie at the same place.

    Raises:
        DatasetError: otherwise.
    """
    for member in members:
        parts = PurePosixPath(member.name).parts
        if not parts or len(member.name) > _MOST_NAME_CHARACTERS:
            raise DatasetError(
                _("“{path}” is not opened: a file in it has no name, or a very long one.").format(path=path)
            )
        if ".." in parts or member.name.startswith("/") or parts[0][1:2] == ":":
            raise DatasetError(
                _("“{path}” is not opened: “{name}” in it leads out of it.").format(
                    path=path, name=member.name
                )
            )
    end = 0
    for i in sorted(range(len(members)), key=[member.offset for member in members].__getitem__):
        if members[i].offset < end:
            raise DatasetError(
                _("“{path}” is not opened: “{name}” in it is part of another file.").format(
                    path=path, name=members[i].name
                )
            )
        end = members[i].offset + members[i].packed_bytes + 1


def _member(path: Path, info: zipfile.ZipInfo) -> ZipMember:
    return ZipMember(
        path, _name_of(info), info.file_size, info.compress_size, info.header_offset, info.CRC,
        info.compress_type, bool(info.flag_bits & _ENCRYPTED),
    )  # fmt: skip


def _name_of(info: zipfile.ZipInfo) -> str:
    """Path inside the archive, as what packed it meant it.

    macOS writes names in UTF-8 without saying so, and older programs for Windows have its slashes.
    """
    name = info.filename
    if not info.flag_bits & _NAME_IS_UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")
