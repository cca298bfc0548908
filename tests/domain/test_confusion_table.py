"""A confusion matrix of many classes, with rows for those confused most."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.confusion_table import confusion_table


@given(n=st.integers(1, 40), most=st.integers(2, 12), seed=st.integers(0, 9))
def test_no_image_is_left_out(n, most, seed):
    matrix = np.random.default_rng(seed).integers(0, 9, (n, n))
    table = confusion_table(matrix, tuple(f"k{i}" for i in range(n)), most)
    assert len(table.counts) == len(table.names) == len(table.labels) == min(n, most)
    assert table.counts.sum() == matrix.sum()
    shown = [label for label in table.labels if label is not None]
    right = sum(matrix[label, label] for label in shown) + table.n_right_of_others
    assert right == matrix.trace()


def test_classes_stay_in_their_order_and_the_others_come_last():
    matrix = np.diag([5, 5, 5, 5, 5])
    matrix[4, 1] = 3
    table = confusion_table(matrix, ("a", "b", "c", "d", "e"), 3)
    assert table.names == ("b", "e", "3 others")
    assert table.labels == (1, 4, None)
    assert table.counts.tolist() == [[5, 0, 0], [3, 5, 0], [0, 0, 15]]
