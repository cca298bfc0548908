"""Pictures that people give on the command line."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from cadl_gui.core.errors import UserError


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Read a picture file, upright.

    Returns:
        (height, width, 1, 3 or 4) uint8: grey, colours, or colours and opacity.

    Raises:
        UserError: if there is no such file, or it is not a picture that can be read.
    """
    try:
        with Image.open(path) as file:
            upright = ImageOps.exif_transpose(file)
            if upright.mode.startswith("I;16"):
                # Pillow would clip 16 bits to 8 instead of scaling them.
                return (np.asarray(upright) >> 8).astype(np.uint8)[..., np.newaxis]
            if upright.mode in {"1", "L"}:
                return np.asarray(upright.convert("L"))[..., np.newaxis]
            return np.asarray(upright.convert("RGBA" if upright.has_transparency_data else "RGB"))
    except FileNotFoundError:
        raise UserError(f"There is no file “{path}”.") from None
    except UnidentifiedImageError:
        raise UserError(f"“{path}” is not a picture that can be read.") from None
    except (OSError, Image.DecompressionBombError) as error:
        raise UserError(f"“{path}” cannot be read: {error}") from error
