"""The requests of a rendering, and its frames."""

import numpy as np
import pytest

from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchSnapshot, Reconstruct
from cadl_gui.domain.snapshot import NO_WEIGHTS, Snapshot
from cadl_gui.imaging.latent.axes import LatentAxes
from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.pictures.label_colours import LABEL_COLOURS
from cadl_gui.pictures.manifold_print import manifold_print
from cadl_gui.pictures.path_film import path_film, retained_at
from cadl_gui.pictures.rendering import decode_requests
from cadl_gui.pictures.replay_film import replay_film
from cadl_gui.pictures.timeline_film import timeline_film

KEPT = [Position(0), Position(0, 5), Position(1), Position(4)]
PATH = LatentPath(pins=((0.0, 0.0), (1.0, 0.0)), n_frames=101, frames_per_second=30)
AXES = LatentAxes.of_dimensions(2)


def answer(request, label=5, side=28):
    """An image is as bright as its first latent; a network at epoch 4 puts one of the label at (0, 0)."""
    match request:
        case FetchSnapshot():
            latents = np.zeros((1, 2), np.float16) if request.position == Position(4) else None
            labels = None if latents is None else np.array([label])
            return Snapshot(request.position, NO_WEIGHTS, EvaluationArtifacts(latents=latents, labels=labels))
        case Reconstruct():
            return np.full_like(request.images, request.position.epoch / 4)
    return np.ones((len(request.latents), side, side, 1), np.float32) * request.latents[:, :1, None, None]


def render(rendering):
    return rendering.compose([answer(request) for request in rendering.requests])


def test_many_latents_are_requested_in_parts_and_stay_in_order():
    latents = np.arange(400).reshape(200, 2)
    requests = decode_requests("run", [Position(3)] * 200, latents)
    assert max(len(request.latents) for request in requests) == 64
    np.testing.assert_array_equal(np.concatenate([request.latents for request in requests]), latents)


def test_latents_of_different_epochs_never_share_a_request():
    requests = decode_requests("run", [Position(1), Position(1), Position(4)], np.zeros((3, 2)))
    assert [(request.position, len(request.latents)) for request in requests] == [
        (Position(1), 2),
        (Position(4), 1),
    ]


def test_a_path_becomes_a_film_with_its_frames_and_its_pace():
    film = render(path_film("run", None, KEPT, PATH, strip=False))
    assert film.frames.shape == (101, 28, 28, 1)
    assert film.size == (280, 280)
    assert film.frames_per_second == 30
    np.testing.assert_allclose(film.frames[:, 0, 0, 0], np.linspace(0, 255, 101), atol=0.51)


def test_a_strip_shows_a_few_of_them():
    film = render(path_film("run", None, KEPT, PATH, strip=True))
    np.testing.assert_allclose(film.frames[:, 0, 0, 0], np.linspace(0, 255, 16), atol=0.51)


def test_a_path_through_epochs_uses_the_last_retained_weights_of_each():
    path = LatentPath(pins=((0.0, 0.0), (0.0, 0.0)), n_frames=5, epochs=(0, 4))
    requests = path_film("run", None, KEPT, path, strip=False).requests
    positions = [request.position for request in requests for _ in request.latents]
    assert positions == [Position(0), Position(1), Position(1), Position(1), Position(4)]
    assert retained_at(KEPT[2:], [0]) == [Position(1)]


@pytest.mark.parametrize("smooth", [False, True])
def test_a_print_lays_tiles_out_row_by_row(smooth):
    latents = np.stack([np.linspace(0, 1, 6), np.zeros(6)], 1)
    film = render(manifold_print("run", None, latents, columns=3, side_px=336, smooth=smooth))
    (image,) = film.images()
    middles = np.asarray(image)[56::112, 56::112]
    np.testing.assert_allclose(middles, np.linspace(0, 255, 6).reshape(2, 3), atol=1)


def test_a_replay_shows_plane_and_points_of_every_epoch():
    film = render(replay_film("run", [Position(1), Position(4)], AXES, ViewBox(-1, 1, -1, 1), 2))
    assert film.frames.shape == (2, 560, 560, 3)
    before, after = film.frames
    assert (before[0, 0], before[0, -1].tolist()) == (pytest.approx(0), [96] * 3)
    changed = (before != after).any(-1)
    assert changed[280, 280]
    assert not changed[280, 300]
    assert "#{:02X}{:02X}{:02X}".format(*after[280, 280]) == LABEL_COLOURS["dark"][5]


def test_in_a_replay_classes_that_share_a_colour_have_marks_of_other_shapes():
    """As on the plane: the fifth, the fifteenth and the twenty-fifth class."""
    shapes = []
    for label in (5, 15, 25):
        replay = replay_film("run", [Position(4)], AXES, ViewBox(-1, 1, -1, 1), 2)
        (frame,) = replay.compose([answer(request, label) for request in replay.requests]).frames
        colour = LABEL_COLOURS["dark"][5].removeprefix("#")
        shapes.append((frame == list(bytes.fromhex(colour))).all(axis=2))
        assert shapes[-1][280, 280]
    circle, square, diamond = shapes
    assert (circle != square).any()
    assert (square != diamond).any()
    assert (circle != diamond).any()


def test_in_a_replay_of_larger_images_points_are_larger_too():
    """Otherwise the points among emoji, of 64×64 pixels, would hardly be seen."""
    sizes = []
    for side in (28, 64):
        replay = replay_film("run", [Position(4)], AXES, ViewBox(-1, 1, -1, 1), 2)
        (frame,) = replay.compose([answer(request, side=side) for request in replay.requests]).frames
        colour = LABEL_COLOURS["dark"][5].removeprefix("#")
        point = (frame == list(bytes.fromhex(colour))).all(axis=2)
        sizes.append(point.any(axis=0).sum() / frame.shape[1])
    assert sizes[1] == pytest.approx(sizes[0], rel=0.25)


def test_the_timeline_shows_the_examples_at_every_position():
    examples = np.zeros((4, 28, 28, 1), np.float32)
    film = render(timeline_film("run", [Position(0), Position(4)], examples, 3))
    assert film.frames.shape == (2, 56, 56, 1)
    assert film.size == (560, 560)
    assert [frame.mean() for frame in film.frames] == [0, 255]
