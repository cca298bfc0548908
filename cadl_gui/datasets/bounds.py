"""Limits on the arrays of a dataset, checked on their headers before memory is allocated."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.errors import DatasetError
from cadl_gui.system.file_limits import (
    MOST_DATASET_BYTES,
    MOST_EXPANSION,
    MOST_IMAGES,
    MOST_LABELS,
    UNPACKED_ANYWAY_BYTES,
    megabytes,
    most_unpacked_bytes,
)


def check_size(path: Path, n: int, n_bytes: int, packed_bytes: int | None) -> None:
    """Check the size of an array before it is read.

    Args:
        n_bytes: uncompressed size.
        packed_bytes: compressed size; None if the array is not compressed.

    Raises:
        DatasetError: if the array exceeds `MOST_DATASET_BYTES`, `MOST_IMAGES` or the largest compression
            ratio.
    """
    if n_bytes > MOST_DATASET_BYTES:
        raise DatasetError(
            f"“{path}” claims to hold {megabytes(n_bytes)}, too many for memory: "
            f"at most {megabytes(MOST_DATASET_BYTES)} are read."
        )
    if n > MOST_IMAGES:
        raise DatasetError(f"“{path}” claims to hold {n:,} images: at most {MOST_IMAGES:,} are read.")
    if packed_bytes is not None and n_bytes > most_unpacked_bytes(packed_bytes):
        raise DatasetError(
            f"“{path}” would unpack from {megabytes(packed_bytes)} to {megabytes(n_bytes)}: beyond "
            f"{megabytes(UNPACKED_ANYWAY_BYTES)}, at most {MOST_EXPANSION} times the packed size is read."
        )


def check_labels(path: Path, labels: NDArray[Any]) -> None:
    """Check that integers are valid labels.

    Raises:
        DatasetError: if a label is negative, or `MOST_LABELS` or larger.
    """
    if len(labels) == 0:
        return
    smallest, largest = int(np.min(labels)), int(np.max(labels))
    if smallest < 0 or largest >= MOST_LABELS:
        wrong = smallest if smallest < 0 else largest
        raise DatasetError(
            f"“{path}” has the label {wrong:,}: labels are whole numbers from 0 to {MOST_LABELS - 1:,}."
        )
