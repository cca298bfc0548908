"""Validation of HDF5 files that may contain nothing but arrays."""

from collections.abc import Callable, Collection
from typing import Any

from cadl_gui.system.file_limits import MOST_HDF5_ITEMS


def visit_items(file: Any, visit: Callable[[str, Any], None], most_items: int = MOST_HDF5_ITEMS) -> None:
    """Visit a file itself, as “/”, and all groups and arrays in it, without following links.

    Args:
        file: an open `h5py.File`.
        visit: called with the name and the `h5py` object of each.
        most_items: how many groups and arrays there may be.

    Raises:
        ValueError: if there are more.
    """
    import h5py

    n_items = 0

    def count_and_visit(name: str, item: Any) -> None:
        nonlocal n_items
        # Before HDF5 lists the items of a group, with Python's lock held.
        n_items += len(item) if isinstance(item, h5py.Group) else 0
        if n_items > most_items:
            raise ValueError(f"Expected at most {most_items} arrays. Received: more")
        visit(name, item)

    count_and_visit("/", file)
    file.visititems(count_and_visit)


def require_plain(
    file: Any, most_bytes: int, texts: Collection[str] = (), most_items: int = MOST_HDF5_ITEMS
) -> None:
    """Require that an open file contains only contiguous, uncompressed numeric arrays.

    There must be no links, also not to other files, and the arrays together must be no larger than the file.

    Args:
        file: an open `h5py.File`.
        most_bytes: size of the file.
        texts: names of arrays that may contain strings instead.
        most_items: how many groups and arrays there may be.

    Raises:
        ValueError: if the file contains anything else.
    """
    import h5py

    n_bytes = 0

    def check(name: str, item: Any) -> None:
        nonlocal n_bytes
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

    visit_items(file, check, most_items)
