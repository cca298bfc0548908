"""The latent vector of the handle, and the plane through it."""

import numpy as np
import pytest

from cadl_gui.domain.view import RunView
from cadl_gui.engine.view_state import ViewState
from cadl_gui.ui.latent.cursor import LatentCursor


@pytest.fixture
def view():
    return ViewState()


@pytest.fixture
def place(view):
    place = LatentCursor(view)
    place.enter("id:run", 4)
    return place


def test_moving_on_the_plane_keeps_the_other_latents(qtbot, place):
    place.move_to([1, 2, 3, 4])
    with qtbot.assertNotEmitted(place.plane_changed):
        place.move_on_plane(-1, -2)
    np.testing.assert_allclose(place.latent, [-1, -2, 3, 4])
    assert place.handle == (-1, -2)


def test_a_latent_beside_the_plane_takes_the_plane_along(qtbot, place):
    with qtbot.waitSignals([place.plane_changed, place.moved]):
        place.move_to([0, 0, 1, 0])
    np.testing.assert_allclose(place.axes.to_z((5, 6)), [5, 6, 1, 0])


def test_a_latent_on_the_plane_leaves_it(qtbot, place):
    with qtbot.assertNotEmitted(place.plane_changed):
        place.move_to([5, 6, 0, 0])
    assert place.handle == (5, 6)


def test_other_axes_go_through_the_same_latent(place):
    place.move_to([1, 2, 3, 4])
    place.set_data(np.random.default_rng(1).normal(size=(9, 4)).astype(np.float32))
    place.change(axes=("latents", 3, 2))
    np.testing.assert_allclose(place.latent, [1, 2, 3, 4])
    assert place.handle == (4, 3)


def test_the_same_latent_again_emits_nothing(qtbot, place):
    place.move_to([1, 2, 3, 4])
    with qtbot.assertNotEmitted(place.moved):
        place.move_to([1, 2, 3, 4])


def test_what_is_handed_out_cannot_be_written_to(place):
    with pytest.raises(ValueError, match="read-only"):
        place.latent[0] = 1


def test_what_moves_by_itself_leaves_the_view_until_it_is_stopped_there(view, place):
    place.move_to([1, 2, 3, 4])
    place.show([5, 6, 7, 8])
    assert place.latent.tolist() == [5, 6, 7, 8]
    assert view.value.chosen("id:run").z == (1, 2, 3, 4)
    place.move_to(place.latent)
    assert view.value.chosen("id:run").z == (5, 6, 7, 8)
    place.show([9, 9, 9, 9])
    place.move_to([5, 6, 7, 8])  # where it is in the view already
    assert place.latent.tolist() == [5, 6, 7, 8]


def test_each_run_has_its_own_place_and_one_of_another_space_counts_as_none(view, place):
    place.move_to([1, 2, 3, 4])
    place.change(axes=("latents", 3, 2), box=(0.5, -1.5, 2.0))
    view.change(of_run=view.value.with_run("id:two", z=(0.25, -1.0), axes=("latents", 1, 3)))
    place.enter("id:two", 2)
    assert (place.handle, place.box) == ((0.25, -1.0), None)
    assert place.choice == ("components", 0, 1), "there are only two"
    view.change(of_run=view.value.with_run("id:two", z=(1.0, 2.0, 3.0)))
    assert place.latent.tolist() == [0, 0]
    place.enter("id:run", 4)
    assert (place.choice, place.box) == (("latents", 3, 2), (0.5, -1.5, 2.0))
    np.testing.assert_allclose(place.axes.to_z(place.handle), [1, 2, 3, 4])


def test_before_it_is_moved_it_is_at_the_mean_of_the_data_and_that_is_no_choice(view, place):
    for shift in (1, 2):  # the latents of a later epoch
        place.set_data(np.arange(12, dtype=np.float32).reshape(3, 4) ** 2 / 8 + shift)
        np.testing.assert_allclose(place.latent, place.statistics.means, rtol=1e-6)
    assert view.value.chosen("id:run") == RunView()
    place.enter("id:flat", 2)
    place.set_data(np.arange(6, dtype=np.float32).reshape(3, 2))
    assert place.handle == (0, 0), "a plane of two latents is seen whole"
    assert place.statistics.means.tolist() == [2, 3]


def test_a_place_that_cannot_be_stored_is_not_gone_to(view, place):
    place.move_to([1e30, -1e30, 0.5, 0])
    assert view.value.chosen("id:run").z == (1e9, -1e9, 0.5, 0)
    place.move_to([np.nan, 1, 2, 3])
    assert place.latent.tolist() == [1e9, -1e9, 0.5, 0]


def test_the_plane_goes_along_the_chosen_axes_through_the_handle_wherever_it_was_moved(qtbot, view, place):
    """Along the first components, or two latents; what cannot be is as if nothing was chosen."""
    place.set_data(np.random.default_rng(1).normal(size=(50, 4)).astype(np.float32) * (1, 4, 2, 0.5))
    for z in ((1, 2, 3, 4), (-2, 0.5, 0, 1)):
        place.move_to(z)
        for axes, latents in (
            (("latents", 1, 3), (1, 3)),
            (("latents", 3, 1), (3, 1)),
            (("components", 0, 1), None),
            (("components", 1, 0), None),
            (("components", 0, 4), None),
            (("latents", 2, 9), None),
            (None, None),
        ):
            with qtbot.waitSignal(place.plane_changed):
                place.change(axes=axes)
            np.testing.assert_allclose(place.axes.to_z(place.handle), z, atol=1e-5)
            across, upwards = (place.axes.to_z(at) - place.axes.to_z((0, 0)) for at in ((1, 0), (0, 1)))
            if latents is not None:
                np.testing.assert_allclose((across, upwards), np.eye(4)[[*latents]], atol=1e-6)
                assert place.choice == axes
                continue
            is_usual = axes is None or max(axes[1:]) > 3
            assert place.choice == (("components", 0, 1) if is_usual else axes)
            strongest = 2 if place.choice == ("components", 1, 0) else 1
            assert np.abs(across).argmax() == strongest
        place.change(axes=("latents", 0, 1))
        for aside in ((0, 0, 5, 0), (0, 0, 5, 7)):
            with qtbot.waitSignal(place.plane_changed):
                place.show(aside)
            np.testing.assert_allclose(place.axes.to_z((1, 2)), (1, 2, *aside[2:]))
