"""The grid on which a montage arranges the images of a dataset."""

import math
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ClassRows:
    """The rows of one class.

    Attributes:
        label: label of the class.
        first: its first row.
        n: number of rows.
    """

    label: int
    first: int
    n: int


@dataclass(frozen=True, eq=False)
class MontageGrid:
    """Images in rows, from left to right; the last row of all, or of each class, may be shorter.

    Attributes:
        cells: index of the image in each cell, (rows, columns) int32, -1 where there is none; read-only.
        classes: the rows of each class, from the top; () unless rows are grouped by class.
    """

    cells: NDArray[np.int32]
    classes: tuple[ClassRows, ...] = ()
    _row_starts: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        lengths = (self.cells >= 0).sum(axis=1)
        object.__setattr__(self, "_row_starts", np.concatenate([[0], np.cumsum(lengths)]))

    @classmethod
    def of(
        cls,
        numbers: NDArray[np.int32],
        aspect: float,
        labels: NDArray[np.int64] | None = None,
        n_columns: int = 0,
    ) -> Self:
        """Arrange images.

        Args:
            numbers: indices of the images, (m,), m ≥ 1, in order.
            aspect: desired width of the whole grid in columns, divided by its height in rows.
            labels: label of each image, (m,), ascending, to begin a new row for each class; or None.
            n_columns: desired number of columns, whatever the aspect; 0 for none.
        """
        found, starts = (np.zeros(1, int), np.zeros(1, int))
        if labels is not None:
            found, starts = np.unique(labels, return_index=True)
        lengths = np.diff([*starts, len(numbers)])
        columns = min(n_columns, int(lengths.max())) or _columns(lengths, aspect)
        n_rows = -(-lengths // columns)
        first_rows = np.concatenate([[0], np.cumsum(n_rows)])
        cells = np.full((int(first_rows[-1]), columns), -1, np.int32)
        index = np.arange(len(numbers)) - np.repeat(starts, lengths)
        cells[np.repeat(first_rows[:-1], lengths) + index // columns, index % columns] = numbers
        cells.flags.writeable = False
        rows = zip(found.tolist(), first_rows.tolist(), n_rows.tolist(), strict=False)
        return cls(cells, tuple(ClassRows(*each) for each in rows) if labels is not None else ())

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.cells)

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return int(self.cells.shape[1])

    @property
    def n_images(self) -> int:
        """Number of images."""
        return int(self._row_starts[-1])

    def number_at(self, row: int, column: int) -> int | None:
        """Return the index of the image in a cell, or None if there is none."""
        if not (0 <= row < self.n_rows and 0 <= column < self.n_columns):
            return None
        number = int(self.cells[row, column])
        return None if number < 0 else number

    def cell_of(self, number: int) -> tuple[int, int] | None:
        """Return the row and column of an image, or None if it is not on the grid."""
        found = np.flatnonzero(self.cells == number)
        return None if not len(found) else divmod(int(found[0]), self.n_columns)

    def stepped(self, cell: tuple[int, int], by: int) -> tuple[int, int]:
        """Return the cell of the image this many images further on, or of the first or the last one."""
        index = int(self._row_starts[cell[0]]) + cell[1] + by
        index = min(max(index, 0), self.n_images - 1)
        row = int(np.searchsorted(self._row_starts, index, side="right")) - 1
        return row, index - int(self._row_starts[row])

    def moved(self, cell: tuple[int, int], rows: int) -> tuple[int, int]:
        """Return the cell this many rows further down, at most at the end of its row."""
        row = min(max(cell[0] + rows, 0), self.n_rows - 1)
        length = int(self._row_starts[row + 1] - self._row_starts[row])
        return row, min(cell[1], length - 1)


def _columns(lengths: NDArray[np.int64], aspect: float) -> int:
    """Return the smallest number of columns with which the grid is as wide as desired."""
    longest = int(lengths.max())
    columns = min(longest, max(1, math.floor(math.sqrt(int(lengths.sum()) * aspect))))
    while columns < aspect * int((-(-lengths // columns)).sum()) and columns < longest:
        columns += 1
    return columns
