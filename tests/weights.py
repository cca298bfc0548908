"""Weights of two networks, compared."""

import numpy as np


def assert_same_weights(mine, theirs):
    """Of the same paths, and equal bit for bit."""
    assert mine.keys() == theirs.keys()
    for path, array in mine.items():
        np.testing.assert_array_equal(array, theirs[path], err_msg=path)


def same_weights(mine, theirs):
    """Whether they are."""
    assert mine.keys() == theirs.keys()
    return all(np.array_equal(array, theirs[path]) for path, array in mine.items())
