"""The manifold arrives in small parts, coarse ones first, and never stale."""

import pytest
from answerer import decoder

from cadl_gui.domain.position import Position
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.ui.latent.manifold import Manifold

VIEW = ViewBox(-1, 1, -1, 1)


class Plane:
    """Has tiles, and shows none."""

    def __init__(self):
        self.images = {}
        self.tiles, self.clear_manifold = self.images.keys(), self.images.clear

    def add_tiles(self, tiles, images):
        """Add decoded images."""
        self.images.update(zip(tiles, images, strict=True))


@pytest.fixture
def plane():
    return Plane()


@pytest.fixture
def tiles(plane):
    return plane.images


@pytest.fixture
def manifold(engine, plane):
    manifold = Manifold(engine, plane)
    manifold.set_view(VIEW, 448)
    return manifold


def test_coarse_tiles_come_first_and_one_request_is_in_flight(manifold, engine, tiles, axes):
    manifold.set_source(decoder(), axes)
    assert len(engine.waiting) == 1
    engine.answer()
    assert {tile.level for tile in tiles} == {1, 2}
    assert len(engine.waiting) == 1
    engine.answer_all()
    assert {tile.level for tile in tiles} == {1, 2, 3}


@pytest.mark.parametrize(("image_width", "smallest_px"), [(8, 28), (28, 28), (32, 56), (64, 56), (218, 56)])
def test_larger_images_have_larger_tiles(manifold, engine, tiles, axes, image_width, smallest_px):
    """448 pixels show 2 units: tiles are as wide as an image or, if that is large, about 50 pixels."""
    manifold.set_source(decoder(), axes, image_width)
    engine.answer_all()
    assert min(tile.side for tile in tiles) * 448 / 2 == smallest_px


def test_every_tile_has_the_image_of_its_own_place(manifold, engine, tiles, axes):
    manifold.set_source(decoder(), axes)
    engine.answer_all()
    for tile, image in tiles.items():
        assert image[0, 0, 0] == pytest.approx(tile.centre[0])


def test_a_reply_for_weights_that_are_no_longer_shown_is_dropped(manifold, engine, tiles, axes):
    manifold.set_source(decoder(1), axes)
    manifold.set_source(decoder(2), axes)
    assert engine.answer().position == Position(1)
    assert not tiles
    assert engine.answer().position == Position(2)
    assert tiles


def test_old_tiles_stay_until_the_first_new_ones_are_there(manifold, engine, tiles, axes):
    manifold.set_source(decoder(1), axes)
    engine.answer_all()
    n = len(tiles)
    manifold.set_source(decoder(2), axes)
    assert len(tiles) == n
    engine.answer()
    assert len(tiles) < n


def test_while_it_trains_a_view_is_replaced_as_a_whole(manifold, engine, tiles, axes):
    manifold.set_source(decoder(1, trains=True), axes)
    engine.answer_all()
    counts = {len(tiles)}
    manifold.set_source(decoder(2, trains=True), axes)
    while engine.waiting:
        engine.answer()
        counts.add(len(tiles))
    assert len(counts) == 1


def test_after_a_pan_only_what_is_missing_is_decoded(manifold, engine, plane, tiles, axes):
    manifold.set_source(decoder(), axes)
    engine.answer_all()
    before = set(tiles)
    asked = []
    plane.add_tiles = lambda new, _: asked.extend(new)
    manifold.set_view(VIEW.panned(0.25, 0), 448)
    engine.answer_all()
    assert asked
    assert not before & set(asked)


def test_a_failure_is_reported_once_and_ends_the_asking(qtbot, manifold, engine, axes):
    manifold.set_source(decoder(), axes)
    with qtbot.waitSignal(engine.notifications.unanswered, check_params_cb=lambda message: message == "gone"):
        engine.answer("gone")
    assert not engine.waiting
