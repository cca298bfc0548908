"""The top activations merged from all parts are those of all images."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cadl_gui.domain.top_activations import N_TOP, top_activations


@given(st.integers(1, 60), st.integers(1, 4), st.integers(1, 25), st.integers(0, 99))
def test_parts_are_put_together_as_if_they_were_one(n, units, part, seed):
    peaks = np.random.default_rng(seed).integers(0, 9, (n, units)).astype(np.float32)
    found = top_activations(peaks[:part], 0, n)
    for first in range(part, n, part):
        found = found.merged(top_activations(peaks[first : first + part], first, n))
    assert found.is_last
    for unit in range(units):
        expected = sorted(range(n), key=lambda i: (-peaks[i, unit], i))[:N_TOP]
        assert found.numbers[unit].tolist() == expected
        np.testing.assert_array_equal(found.peaks[unit], peaks[expected, unit])


def test_a_unit_that_all_images_leave_alike_is_excited_by_none():
    found = top_activations(np.array([[0, 1], [0, 2]], np.float32), 0, 2)
    assert found.of(0).tolist() == []
    assert found.of(1).tolist() == [1, 0]


def test_a_unit_that_many_images_excite_most_and_others_less_is_excited_by_these():
    """Kernels that fit into a white or black area are: no image was shown, and none ever came."""
    peaks = np.ones((3 * N_TOP, 1), np.float32)
    peaks[0] = 0
    found = top_activations(peaks[: 2 * N_TOP], 0, 3 * N_TOP)
    assert found.of(0).tolist() == list(range(1, N_TOP + 1))
    whole = found.merged(top_activations(peaks[2 * N_TOP :], 2 * N_TOP, 3 * N_TOP))
    assert whole.of(0).tolist() == list(range(1, N_TOP + 1))


def test_nan_activations_come_last():
    found = top_activations(np.array([[np.nan], [1.0], [2.0]], np.float32), 0, 3)
    assert found.of(0).tolist() == [2, 1, 0]
