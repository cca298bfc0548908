"""The course's manifold between four latent vectors."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def four_corner_manifold(corners: ArrayLike, n: int) -> NDArray[np.float32]:
    """Interpolate bilinearly between four latent vectors (lecture 3: `make_latent_manifold`).

    Args:
        corners: (4, d) latent vectors: upper left, lower left, upper right, lower right.
        n: number of rows and of columns, at least 2.

    Returns:
        (n * n, d) float32, row by row from the top.

    Raises:
        ValueError: if `corners` has another shape, or n is too small.
    """
    vectors = np.asarray(corners, np.float64)
    if vectors.ndim != 2 or len(vectors) != 4 or n < 2:
        raise ValueError(f"Expected corners of shape (4, d) and n >= 2. Received: {vectors.shape}, n={n}")
    upper_left, lower_left, upper_right, lower_right = vectors
    down = np.linspace(0, 1, n)[:, np.newaxis, np.newaxis]
    across = np.linspace(0, 1, n)[:, np.newaxis]
    left = (1 - down) * upper_left + down * lower_left
    right = (1 - down) * upper_right + down * lower_right
    manifold: NDArray[np.float64] = (1 - across) * left + across * right
    return manifold.reshape(n * n, -1).astype(np.float32)
