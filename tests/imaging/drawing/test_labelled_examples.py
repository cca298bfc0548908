"""Labelled examples are stored in order, and the last one can be removed."""

import numpy as np

from cadl_gui.imaging.drawing.labelled_examples import LabelledExamples

HALF = np.full((28, 28, 1), 0.5, np.float32)


def test_images_and_labels_are_stored_in_order_until_removed():
    examples = LabelledExamples()
    examples.add(HALF, 3)
    examples.add(0 * HALF, 7)
    assert len(examples) == 2
    np.testing.assert_array_equal(examples.labels, [3, 7])
    np.testing.assert_array_equal(examples.images[:, 0, 0, 0], [128, 0])
    examples.take_back()
    np.testing.assert_array_equal(examples.labels, [3])
    assert examples.images.dtype == np.uint8
