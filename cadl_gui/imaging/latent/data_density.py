"""Distance from the data in the latent plane, to fade empty regions."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.latent.view_box import ViewBox


def data_density(points: NDArray[Any], box: ViewBox, *, cells: int = 64, reach: float) -> NDArray[np.float32]:
    """Compute the distance of each cell of a box from the nearest point, relative to `reach`.

    Args:
        points: (n, 2) plane coordinates of the data.
        box: area to divide into cells.
        cells: number of rows and of columns.
        reach: distance, in units of z, from which a cell counts as empty; above 0.

    Returns:
        (cells, cells) float32 in [0, 1], upper row first: 0 at a point, 1 where none is within reach.
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
