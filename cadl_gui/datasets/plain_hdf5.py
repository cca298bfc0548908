"""HDF5 files that hold nothing but arrays."""

from collections.abc import Collection
from typing import Any

from cadl_gui.system.file_limits import MOST_HDF5_ITEMS


def require_plain(file: Any, most_bytes: int, texts: Collection[str] = ()) -> None:
    """Make sure that an open file holds only numbers, each array in one uncompressed piece of it.

    None leads to another file, and reading all of them takes no more memory than the file takes on disk.

    Args:
        file: an `h5py.File`.
        most_bytes: its size.
        texts: names of arrays that may hold texts instead.

    Raises:
        ValueError: if it holds anything else.
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
