"""Unpacks untrusted files that were packed by gzip."""

import gzip
import io
import zlib
from typing import Any

from cadl_gui.system.words import _

_PACKED_BYTES = 2**16
_MOST_MEMBERS = 100_000
"""Streams in one file, one after the other. Parallel packers write one for each 64 kB or more."""


def unpacked(file: Any) -> io.BufferedReader:
    """Read an open file as what was packed in it.

    Unlike `gzip.GzipFile`, this does not take seconds for a header of megabytes, or for very many empty
    streams; seeking backwards is not possible, since it would unpack everything again.

    Raises when read:
        EOFError: if the file is truncated.
        zlib.error: if it is damaged.
        gzip.BadGzipFile: if something else follows, or there are too many streams.
    """
    return io.BufferedReader(_Unpacker(file), _PACKED_BYTES)


class _Unpacker(io.RawIOBase):
    """The unpacked bytes, without a buffer."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._packed = b""
        self._stream: Any = None
        self._n_members = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while True:
            if not self._packed:
                self._packed = self._file.read(_PACKED_BYTES)
            if self._stream is None and not self._begins_another():
                return 0
            if not self._packed and not self._stream.unconsumed_tail:
                raise EOFError("the last stream is truncated")
            data = self._stream.decompress(self._packed, len(buffer))
            self._packed = self._stream.unconsumed_tail or self._stream.unused_data
            if self._stream.eof:
                self._stream = None
            if data:
                buffer[: len(data)] = data
                return len(data)

    def _begins_another(self) -> bool:
        """Begin the next stream, after zeros, with which some programs fill files; False at the end."""
        while self._n_members and self._packed and not self._packed.strip(b"\0"):
            self._packed = self._file.read(_PACKED_BYTES)
        if self._n_members:
            self._packed = self._packed.lstrip(b"\0")
        if not self._packed:
            return False
        self._n_members += 1
        if not self._packed.startswith(b"\x1f") or self._n_members > _MOST_MEMBERS:
            raise gzip.BadGzipFile(_("what follows was not packed by gzip"))
        self._stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        return True
