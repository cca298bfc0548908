"""Validation of HDF5 files that may contain nothing but arrays."""

from collections.abc import Collection
from typing import Any

from cadl_gui.system.file_limits import MOST_HDF5_ITEMS


def require_plain(file: Any, most_bytes: int, texts: Collection[str] = ()) -> None:
    """Require that an open file contains only contiguous, uncompressed numeric arrays.

    There must be no links, also not to other files, and the arrays together must be no larger than the file.

    Args:
        file: an open `h5py.File`.
        most_bytes: size of the file.
        texts: names of arrays that may contain strings instead.

    Raises:
        ValueError: if the file contains anything else.
    """
    import h5py

    n_bytes = n_items = 0

    def check(name: str, item: Any) -> None:
        nonlocal n_bytes, n_items
        n_items += len(item) if isinstance(item, h5py.Group) else 0
        if n_items > MOST_HDF5_ITEMS:
            raise ValueError(f"Expected at most {MOST_HDF5_ITEMS} arrays. Received: more")
        if isinstance(item, h5py.Group):
            if not all(isinstance(item.get(child, getlink=True), h5py.HardLink) for child in item):
                raise ValueError(f"Expected no links. Received: some in {name}")
            return
        is_text = name in texts and h5py.check_string_dtype(item.dtype) is not None
        if not (is_text or item.dtype.kind in "fiub") or item.chunks or item.external or item.is_virtual:
            raise ValueError(f"Expected plain numbers. Received: {item} in {name}")
        n_bytes += item.nbytes
        if n_bytes > most_bytes:
            raise ValueError(f"Expected at most {most_bytes} bytes. Received: {n_bytes}")

    check("/", file)
    file.visititems(check)
