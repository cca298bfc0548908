"""Names of images that are made when they are wanted: a small file can claim to hold millions of images."""

from collections.abc import Callable, Sequence
from typing import Any


class MadeNames(Sequence[str]):
    """Names of images.

    Args:
        n: their number.
        name_of: returns the name of an image, by its number.
    """

    def __init__(self, n: int, name_of: Callable[[int], str]) -> None:
        self._n = n
        self._name_of = name_of

    def __len__(self) -> int:
        return self._n

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, slice):
            return [self[number] for number in range(*which.indices(self._n))]
        if not 0 <= which < self._n:
            raise IndexError(which)
        return self._name_of(int(which))
