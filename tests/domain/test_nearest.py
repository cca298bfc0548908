"""Merging the nearest images of parts gives those of all images."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.nearest import N_NEAREST, NearestImages


def part(distances, start, *, is_last):
    """The nearest of some images whose labels are their numbers."""
    order = np.argsort(distances, kind="stable")[:N_NEAREST]
    images = np.zeros((len(order), 2, 2, 1), np.uint8)
    return NearestImages(images, start + order, np.asarray(distances, np.float32)[order], is_last)


@given(st.lists(st.floats(0, 9, width=32), min_size=2, max_size=40), st.data())
def test_merging_two_parts_is_comparing_with_both(distances, data):
    cut = data.draw(st.integers(1, len(distances) - 1))
    merged = part(distances[:cut], 0, is_last=False).merged(part(distances[cut:], cut, is_last=True))
    whole = part(distances, 0, is_last=True)
    np.testing.assert_array_equal(merged.labels, whole.labels)
    np.testing.assert_array_equal(merged.distances, whole.distances)
    assert merged.is_last
    assert len(merged.images) == min(N_NEAREST, len(distances))


def test_without_labels_there_are_none():
    nothing = NearestImages(np.zeros((1, 2, 2, 1), np.uint8), None, np.zeros(1, np.float32), True)
    assert nothing.merged(nothing).labels is None
