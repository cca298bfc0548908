"""A path plays to its end, or round and round."""

import pytest

from cadl_gui.core.latent.latent_path import LatentPath
from cadl_gui.ui.path_player import PathPlayer


@pytest.fixture
def player(qapp):
    player = PathPlayer()
    player.frames = []
    player.stepped.connect(lambda code, epoch: player.frames.append((float(code[0]), epoch)))
    return player


def path(**about):
    return LatentPath(pins=((0.0, 0.0), (4.0, 0.0)), n_frames=5, frames_per_second=500, **about)


def test_every_frame_comes_once_and_then_it_stops(qtbot, player):
    with qtbot.waitSignal(player.playing_changed, check_params_cb=lambda plays: not plays):
        player.play(path())
    assert player.frames == [(0, None), (1, None), (2, None), (3, None), (4, None)]
    assert not player.is_playing


def test_frames_of_a_path_through_epochs_bring_theirs(qtbot, player):
    with qtbot.waitSignal(player.playing_changed, check_params_cb=lambda plays: not plays):
        player.play(path(epochs=(0, 8)))
    assert [epoch for _, epoch in player.frames] == [0, 2, 4, 6, 8]


def test_a_loop_begins_again(qtbot, player):
    player.set_loops(True)
    player.play(path())
    qtbot.waitUntil(lambda: len(player.frames) > 7)
    player.stop()
    assert player.frames[5] == (0, None)
