"""Activations of a layer for one image, as small images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.limits import largest


@dataclass(frozen=True, eq=False)
class ActivationMaps:
    """One activation map for each unit or channel.

    Attributes:
        layer: the layer.
        maps: (units, height, width) float32; (units, 1, 1) for a dense layer, unless its output is an image.
    """

    layer: LayerSpec
    maps: NDArray[np.float32]

    @property
    def limit(self) -> float:
        """Largest absolute value of a finite activation."""
        return largest(self.maps)

    def strongest(self, n: int) -> "ActivationMaps":
        """The maps of the at most `n` units with the largest activations, in the order of the units."""
        sizes = np.abs(np.nan_to_num(self.maps, posinf=0, neginf=0)).sum(axis=(1, 2))
        chosen = np.sort(np.argsort(-sizes, kind="stable")[:n])
        return ActivationMaps(self.layer, self.maps[chosen])


def activation_maps(layer: LayerSpec, activations: NDArray[np.float32]) -> ActivationMaps:
    """Convert the activations for one image, of the layer's `output_shape`, to maps."""
    if len(layer.output_shape) == 1:
        return ActivationMaps(layer, activations.reshape(-1, 1, 1))
    return ActivationMaps(layer, activations.reshape(layer.output_shape).transpose(2, 0, 1))


def best_columns(n: int, tile: tuple[int, int], room: tuple[float, float], *, is_full: bool = False) -> int:
    """Number of columns in which `n` tiles are largest.

    Args:
        n: number of tiles, at least 1.
        tile: height and width of one tile.
        room: available height and width.
        is_full: whether the squarest rectangle without a gap, 8×8 for 64, is better, unless its tiles are
            less than half as large: a class counts it.
    """
    columns = np.arange(1, n + 1)
    rows = -(-n // columns)
    scales = np.minimum(room[1] / (columns * tile[1]), room[0] / (rows * tile[0]))
    squarest = int(columns[(n % columns == 0) & (columns**2 >= n)][0])
    if is_full and 2 * scales[squarest - 1] >= scales.max():
        return squarest
    return int(columns[np.argmax(scales)])
