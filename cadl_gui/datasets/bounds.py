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
from cadl_gui.system.words import _


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
            _(
                "“{path}” claims to hold {n_bytes}, too many for memory: "
                "at most {most_dataset_bytes} are read."
            ).format(path=path, n_bytes=megabytes(n_bytes), most_dataset_bytes=megabytes(MOST_DATASET_BYTES))
        )
    if n > MOST_IMAGES:
        raise DatasetError(
            _("“{path}” claims to hold {n:,} images: at most {most_images:,} are read.").format(
                path=path, n=n, most_images=MOST_IMAGES
            )
        )
    if packed_bytes is not None and n_bytes > most_unpacked_bytes(packed_bytes):
        raise DatasetError(
            _(
                "“{path}” would unpack from {packed_bytes} to {n_bytes}: beyond "
                "{unpacked_anyway_bytes}, at most {most_expansion} times the packed size is read."
            ).format(
                path=path,
                packed_bytes=megabytes(packed_bytes),
                n_bytes=megabytes(n_bytes),
                unpacked_anyway_bytes=megabytes(UNPACKED_ANYWAY_BYTES),
                most_expansion=MOST_EXPANSION,
            )
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
            _("“{path}” has the label {wrong:,}: labels are whole numbers from 0 to {most_labels:,}.").format(
                path=path, wrong=wrong, most_labels=MOST_LABELS - 1
            )
        )
