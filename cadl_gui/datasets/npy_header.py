"""The header of a file in NumPy's format."""

from typing import Any

import numpy as np


def read_npy_header(file: Any) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Read shape, whether it is Fortran-ordered, and dtype of a file in NumPy's format, up to its data.

    Raises:
        ValueError: if it is in another format.
    """
    read = np.lib.format.read_array_header_1_0
    if np.lib.format.read_magic(file) != (1, 0):
        read = np.lib.format.read_array_header_2_0
    shape, is_fortran, dtype = read(file)
    if any(size < 0 for size in shape):
        raise ValueError(f"Expected sizes from 0. Received: {shape}")
    return shape, is_fortran, dtype
