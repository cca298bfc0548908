"""Compares the weights of two networks."""

import numpy as np


def assert_same_weights(mine, theirs):
    """Check that paths are equal, and values are equal bit for bit."""
    assert mine.keys() == theirs.keys()
    for path, array in mine.items():
        np.testing.assert_array_equal(array, theirs[path], err_msg=path)


def same_weights(mine, theirs):
    """Whether paths and values are equal."""
    assert mine.keys() == theirs.keys()
    return all(np.array_equal(array, theirs[path]) for path, array in mine.items())
