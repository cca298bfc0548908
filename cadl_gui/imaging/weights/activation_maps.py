"""What a layer makes of one image, as small images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.model_spec import LayerSpec
from cadl_gui.imaging.weights.limits import largest


@dataclass(frozen=True, eq=False)
class ActivationMaps:
    """A map for each unit or channel.

    Attributes:
        layer: whose activations they are.
        maps: (units, height, width) float32; of a dense layer's unit it is one number, unless the layer gives
            an image.
    """

    layer: LayerSpec
    maps: NDArray[np.float32]

    @property
    def limit(self) -> float:
        """The largest size of a finite activation."""
        return largest(self.maps)


def activation_maps(layer: LayerSpec, activations: NDArray[np.float32]) -> ActivationMaps:
    """Show the activations of one image, of the layer's `output_shape`."""
    if len(layer.output_shape) == 1:
        return ActivationMaps(layer, activations.reshape(-1, 1, 1))
    return ActivationMaps(layer, activations.reshape(layer.output_shape).transpose(2, 0, 1))


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
