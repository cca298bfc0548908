"""What a layer makes of one picture, as small pictures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.architecture import Layer
from cadl_gui.core.weights.limits import largest


@dataclass(frozen=True, eq=False)
class ActivationMaps:
    """A map for each unit or channel.

    Attributes:
        layer: whose activations they are.
        maps: (units, height, width) float32; of a dense layer's unit it is one number, unless the layer gives
            a picture.
    """

    layer: Layer
    maps: NDArray[np.float32]

    @property
    def limit(self) -> float:
        """The largest size of a finite activation."""
        return largest(self.maps)


def activation_maps(layer: Layer, activations: NDArray[np.float32]) -> ActivationMaps:
    """Show the activations of one picture, of the layer's `output_shape`."""
    if len(layer.output_shape) == 1:
        return ActivationMaps(layer, activations.reshape(-1, 1, 1))
    return ActivationMaps(layer, activations.reshape(layer.output_shape).transpose(2, 0, 1))


def most_exciting(activations: NDArray[np.float32], unit: int, count: int) -> NDArray[np.intp]:
    """Which pictures excite a unit most, by the largest activation anywhere on its map.

    Args:
        activations: of all pictures, (n, *output_shape) of the layer.
        unit: number of the unit or channel.
        count: at most so many.

    Returns:
        Numbers of pictures, the most exciting first; none if all leave the unit alike.
    """
    maps = activations[..., unit]
    peaks = np.nan_to_num(maps.max(axis=tuple(range(1, maps.ndim))), nan=-np.inf)
    if len(peaks) == 0 or peaks.max() == peaks.min():
        return np.zeros(0, np.intp)
    return np.argsort(-peaks, kind="stable")[:count]


def best_columns(n: int, tile: tuple[int, int], room: tuple[float, float]) -> int:
    """In how many columns `n` tiles are shown largest.

    Args:
        n: how many, at least 1.
        tile: height and width of one.
        room: height and width that they may take.
    """
    columns = np.arange(1, n + 1)
    rows = -(-n // columns)
    scales = np.minimum(room[1] / (columns * tile[1]), room[0] / (rows * tile[0]))
    return int(columns[np.argmax(scales)])
