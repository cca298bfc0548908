"""Pictures as PNG files."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.images import to_uint8
from cadl_gui.core.replacing import replacing


def save_png(path: Path, picture: NDArray[Any], *, scale: int = 1) -> None:
    """Write a picture; whatever was there is replaced once the new file is whole.

    Args:
        path: file to write.
        picture: (height, width, 1 or 3) float in [0, 1], or uint8.
        scale: each pixel becomes a square of so many, unblurred.

    Raises:
        OSError: if the file cannot be written.
    """
    from PIL import Image

    if picture.ndim != 3 or picture.shape[2] not in (1, 3) or picture.size == 0 or scale < 1:
        raise ValueError(
            f"Expected (height, width, 1 or 3) and scale ≥ 1. Received: shape={picture.shape}, scale={scale}"
        )
    pixels = picture if picture.dtype == np.uint8 else to_uint8(picture)
    enlarged = pixels.repeat(scale, axis=0).repeat(scale, axis=1)
    image = Image.fromarray(enlarged[..., 0] if picture.shape[2] == 1 else enlarged)
    with replacing(path) as beside:
        image.save(beside, "PNG")
