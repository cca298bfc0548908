"""Measures an untrusted protocol buffer before it is parsed.

A two-byte message becomes an object of a hundred bytes, so a file of a few megabytes could fill the memory.
"""

from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MOST_VARINT_BYTES = 10

Path = tuple[int, ...]
"""Field numbers, from the outermost message inwards."""


class FieldScanner:
    """Scans the fields of messages, up to a limit.

    Args:
        most_fields: maximum number of fields to scan, over all calls.
    """

    def __init__(self, most_fields: int) -> None:
        self._left = most_fields

    def fields(self, message: memoryview) -> Iterator[tuple[int, memoryview]]:
        """Yield the number and content of each length-delimited field: messages, strings and bytes.

        Raises:
            ValueError: if `message` is not a valid message, or the limit of fields is exceeded.
        """
        place = 0
        while place < len(message):
            self._left -= 1
            if self._left < 0:
                raise ValueError("Expected a message of a reasonable number of fields.")
            key, place = varint(message, place)
            match key & 7:
                case kind if kind == _BYTES:
                    length, place = varint(message, place)
                    if length > len(message) - place:
                        raise ValueError(f"Expected {length} bytes. Received: {len(message) - place}")
                    yield key >> 3, message[place : place + length]
                    place += length
                case kind if kind == _VARINT:
                    _, place = varint(message, place)
                case kind if kind in {_FIXED32, _FIXED64}:
                    place += 4 if kind == _FIXED32 else 8
                case kind:
                    raise ValueError(f"Expected a field of a kind that is in use. Received: {kind}")
        if place > len(message):
            raise ValueError("Expected a whole message.")

    def n_bytes_at(self, message: memoryview, path: Path) -> int:
        """Return the total size in bytes of all fields at a path.

        Raises:
            ValueError: if `message` is not a valid message, or the limit of fields is exceeded.
        """
        first, *rest = path
        contents = (content for number, content in self.fields(message) if number == first)
        return sum(self.n_bytes_at(content, tuple(rest)) if rest else len(content) for content in contents)


def varint(message: memoryview, place: int) -> tuple[int, int]:
    """Decode a varint, seven bits in each byte; return it and the offset after it.

    Raises:
        ValueError: if the message ends first, or it is longer than any.
    """
    value = 0
    for i, byte in enumerate(message[place : place + _MOST_VARINT_BYTES]):
        value |= (byte & 0x7F) << (7 * i)
        if byte < 0x80:
            return value, place + i + 1
    raise ValueError("Expected a whole number.")
