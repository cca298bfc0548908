"""Writes the files of TensorBoard's projector, which shows latent vectors as points in space."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.domain.images import grid_shape, montage
from cadl_gui.system.atomic_write import atomic_write

_CONFIG, _LATENTS, _METADATA, _SPRITE = "projector_config.pbtxt", "latents.tsv", "metadata.tsv", "sprite.png"

_N_AXES = 3

_MOST_SPRITE_PX = 8192
"""Longest side of an image that browsers take as a texture."""


class Projector:
    """The files of the projector in the folder of a log; all epochs have the same points.

    Args:
        folder: folder of the log.
        class_names: class names by label.
        images: (n, height, width, channels) uint8, the image of each point; None if they are not at hand.
    """

    def __init__(
        self, folder: Path, class_names: Sequence[str], images: NDArray[np.uint8] | None = None
    ) -> None:
        self._folder = folder
        self._class_names = class_names
        self._images = images
        self._sprite = ""
        self._knows_points = False

    def write(
        self, name: str, latents: NDArray[np.floating], labels: NDArray[np.int64] | None = None
    ) -> None:
        """Write latent vectors in place of earlier ones.

        Args:
            name: name of the vectors, without quotation marks.
            latents: (n, latent_dim).
            labels: (n,), or None if there are none.

        Raises:
            OSError: if they cannot be written.
        """
        if not self._knows_points:
            self._write_points(len(latents), labels)
        # The projector shows three components, and no point at all where there are fewer.
        missing = max(0, _N_AXES - latents.shape[1])
        vectors = np.pad(np.asarray(latents, np.float32), [(0, 0), (0, missing)])
        with atomic_write(self._folder / _LATENTS) as beside:
            np.savetxt(beside, vectors, fmt="%.5g", delimiter="\t")
        lines = [f'tensor_name: "{name}"', f'tensor_path: "{_LATENTS}"', f'metadata_path: "{_METADATA}"']
        lines += [self._sprite] if self._sprite else []
        text = "\n".join(["embeddings {", *(f"  {line}" for line in lines), "}", ""])
        with atomic_write(self._folder / _CONFIG) as beside:
            beside.write_text(text, encoding="utf-8")

    def _write_points(self, n: int, labels: NDArray[np.int64] | None) -> None:
        lines = [str(i) for i in range(n)]  # a single column has no title
        if labels is not None:
            named = [" ".join(self._class_names[label].split()) for label in labels]
            lines = ["image\tclass", *(f"{i}\t{name}" for i, name in enumerate(named))]
        with atomic_write(self._folder / _METADATA) as beside:
            beside.write_text("\n".join([*lines, ""]), encoding="utf-8")
        if self._images is not None:
            images = _small_enough(self._images)
            with atomic_write(self._folder / _SPRITE) as beside:
                beside.write_bytes(tf.io.encode_png(montage(images)).numpy())
            _, height, width, _ = images.shape
            sides = f"single_image_dim: {width} single_image_dim: {height}"
            self._sprite = f'sprite {{ image_path: "{_SPRITE}" {sides} }}'
        self._knows_points = True


def _small_enough(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Leave out pixels where the montage of the images would be too large."""
    side = max(grid_shape(len(images))) * max(images.shape[1:3])
    every = math.ceil(side / _MOST_SPRITE_PX)
    return images[:, ::every, ::every]
