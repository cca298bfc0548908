"""Which files can be opened, found out by trying."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from cadl_gui.datasets.load import load
from cadl_gui.datasets.sources.arrays import write_examples
from cadl_gui.domain.errors import CadlError
from cadl_gui.pictures.image_file import read_image

_IMAGES = ("png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff", "webp", "ppm", "pgm", "tga", "ico", "pcx")


def readers(folder: Path) -> dict[str, Any]:
    """By suffix, whether the command line reads a file as an image or a dataset."""
    return {"pictures": _images(folder), "datasets": _datasets(folder)}


def _images(folder: Path) -> dict[str, bool]:
    grey = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16))
    opens = {}
    for ending in _IMAGES:
        grey.save(folder / f"picture.{ending}")
        opens[ending] = _opens(read_image, folder / f"picture.{ending}")
    return opens


def _datasets(folder: Path) -> dict[str, bool]:
    images, labels = np.zeros((20, 28, 28, 1), np.uint8), np.arange(20) % 10
    for ending in (".npz", ".h5"):
        write_examples(folder / f"examples{ending}", images, labels)
    (folder / "idx").mkdir()
    for part in ("train", "t10k"):
        idx_file = struct.pack(">IIII", 2051, 20, 28, 28) + images.tobytes()
        (folder / "idx" / f"{part}-images-idx3-ubyte").write_bytes(idx_file)
        digits = struct.pack(">II", 2049, 20) + labels.astype(np.uint8).tobytes()
        (folder / "idx" / f"{part}-labels-idx1-ubyte").write_bytes(digits)
    names = ("idx", "idx/train-images-idx3-ubyte", "examples.npz", "examples.h5")
    return {"mnist": _opens(load, "mnist"), **{name: _opens(load, str(folder / name)) for name in names}}


def _opens(read: Callable[[Any], object], file: Any) -> bool:
    try:
        read(file)
    except CadlError:
        return False
    return True
