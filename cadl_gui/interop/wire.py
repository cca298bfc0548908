"""Measures a protocol buffer that is not trusted, before anything is made of it.

A message of two bytes becomes an object of a hundred: a file of some megabytes could fill the memory.
"""

from collections.abc import Iterator
from itertools import count

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MOST_VARINT_BYTES = 10

Path = tuple[int, ...]
"""Numbers of fields, from the outermost message inwards."""


class FieldScanner:
    """Counts what a message holds, and stops at a limit.

    Args:
        most_fields: how many fields may be looked at.
    """

    def __init__(self, most_fields: int) -> None:
        self._left = most_fields

    def fields(self, message: memoryview) -> Iterator[tuple[int, memoryview]]:
        """The fields of a message that are messages, texts or bytes: their numbers and contents.

        Raises:
            ValueError: if it is not a message, or there are too many fields.
        """
        place = 0
        while place < len(message):
            self._left -= 1
            if self._left < 0:
                raise ValueError("Expected a message of a reasonable number of fields.")
            key, place = _varint(message, place)
            match key & 7:
                case kind if kind == _BYTES:
                    length, place = _varint(message, place)
                    if length > len(message) - place:
                        raise ValueError(f"Expected {length} bytes. Received: {len(message) - place}")
                    yield key >> 3, message[place : place + length]
                    place += length
                case kind if kind == _VARINT:
                    _, place = _varint(message, place)
                case kind if kind in {_FIXED32, _FIXED64}:
                    place += 4 if kind == _FIXED32 else 8
                case kind:
                    raise ValueError(f"Expected a field of a kind that is in use. Received: {kind}")
        if place > len(message):
            raise ValueError("Expected a whole message.")

    def n_bytes_at(self, message: memoryview, path: Path) -> int:
        """How many bytes the fields at a path take, together."""
        first, *rest = path
        contents = (content for number, content in self.fields(message) if number == first)
        return sum(self.n_bytes_at(content, tuple(rest)) if rest else len(content) for content in contents)


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    """A whole number of seven bits a byte, and the place after it."""
    value = 0
    for i in count():
        if place >= len(message) or i == _MOST_VARINT_BYTES:
            raise ValueError("Expected a whole number.")
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << (7 * i)
        if byte < 0x80:
            return value, place
    raise AssertionError("unreachable")
