"""The latent vector of the handle, and the plane through it."""

import numpy as np
import pytest

from cadl_gui.imaging.latent.axes import LatentAxes
from cadl_gui.ui.latent.cursor import LatentCursor


@pytest.fixture
def place():
    place = LatentCursor()
    place.enter(4)
    return place


def test_moving_on_the_plane_keeps_the_other_latents(qtbot, place):
    place.set_latent([1, 2, 3, 4])
    with qtbot.assertNotEmitted(place.plane_changed):
        place.move_on_plane(-1, -2)
    np.testing.assert_allclose(place.latent, [-1, -2, 3, 4])
    assert place.handle == (-1, -2)


def test_a_latent_beside_the_plane_takes_the_plane_along(qtbot, place):
    with qtbot.waitSignals([place.plane_changed, place.moved]):
        place.set_latent([0, 0, 1, 0])
    np.testing.assert_allclose(place.axes.to_z((5, 6)), [5, 6, 1, 0])


def test_a_latent_on_the_plane_leaves_it(qtbot, place):
    with qtbot.assertNotEmitted(place.plane_changed):
        place.set_latent([5, 6, 0, 0])
    assert place.handle == (5, 6)


def test_other_axes_go_through_the_same_latent(place):
    place.set_latent([1, 2, 3, 4])
    place.set_axes(LatentAxes.of_dimensions(4, 3, 2))
    np.testing.assert_allclose(place.latent, [1, 2, 3, 4])
    assert place.handle == (4, 3)


def test_the_same_latent_again_emits_nothing(qtbot, place):
    place.set_latent([1, 2, 3, 4])
    with qtbot.assertNotEmitted(place.moved):
        place.set_latent([1, 2, 3, 4])


def test_what_is_handed_out_cannot_be_written_to(place):
    with pytest.raises(ValueError, match="read-only"):
        place.latent[0] = 1
