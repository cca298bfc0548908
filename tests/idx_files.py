"""Small datasets in MNIST's four files."""

import gzip

import numpy as np


def write_idx(path, array):
    """Write one compressed file."""
    header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    path.write_bytes(gzip.compress(header + array.tobytes()))


def write_idx_folder(folder, seed=0):
    """Write 400 random training images and 100 test images; returns the folder."""
    folder.mkdir()
    random = np.random.default_rng(seed)
    for part, n in (("train", 400), ("t10k", 100)):
        images = (random.random((n, 28, 28)) * 255).astype(np.uint8)
        write_idx(folder / f"{part}-images-idx3-ubyte.gz", images)
        write_idx(folder / f"{part}-labels-idx1-ubyte.gz", random.integers(0, 10, n).astype(np.uint8))
    return folder
