"""The image of a confusion matrix is small, however many classes there are."""

import numpy as np
import pytest

from cadl_gui.interop.tensorboard.pictures import confusion_picture


@pytest.mark.parametrize(
    ("n_classes", "side_px"), [(2, 33), (10, 169), (120, 2039), (200, 1999), (1200, 1200)]
)
def test_image_of_a_confusion_matrix_has_a_cell_for_each_pair_of_classes(n_classes, side_px):
    picture = confusion_picture(np.eye(n_classes, dtype=np.int64))
    assert picture.shape == (side_px, side_px, 3)
    middle = side_px // n_classes // 2
    diagonal, beside = picture[middle, middle], picture[middle, side_px - 1 - middle]
    assert diagonal.sum() < beside.sum(), "the darker, the larger the share"
