"""Where in the plane no data lie."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.latent.view_box import ViewBox


def data_density(points: NDArray[Any], box: ViewBox, *, cells: int = 64, reach: float) -> NDArray[np.float32]:
    """How far each place of a box is from all data.

    Args:
        points: (n, 2) the data's places in the plane.
        box: what to cover.
        cells: rows and columns of the answer.
        reach: how far a point speaks for its surroundings, in units of z, above 0.

    Returns:
        (cells, cells) float32 in [0, 1], the upper row first: 0 right at data, 1 where none is within reach.
    """
    side0, side1 = box.width / cells, box.height / cells
    distance = np.full((cells, cells), np.inf)
    z0 = box.z0_low + (np.arange(cells) + 0.5) * side0
    z1 = box.z1_high - (np.arange(cells) + 0.5) * side1
    for centre0, centre1 in np.asarray(points, np.float64):
        columns = slice(*np.searchsorted(z0, (centre0 - reach, centre0 + reach)))
        rows = slice(*np.searchsorted(-z1, (-centre1 - reach, -centre1 + reach)))
        square = (z0[columns] - centre0) ** 2 + (z1[rows, np.newaxis] - centre1) ** 2
        np.minimum(distance[rows, columns], square, out=distance[rows, columns])
    density: NDArray[np.float64] = np.clip(np.sqrt(distance) / reach, 0, 1)
    return density.astype(np.float32)
