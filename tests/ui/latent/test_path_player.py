"""A path plays once or in a loop, at its own speed."""

import pytest

from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.ui.latent.path_player import PathPlayer


class Clock:
    """Advances by a hundredth of a second whenever it is read, or more if the machine is busy."""

    def __init__(self):
        self.seconds = 0.0
        self.look_takes = 0.01

    def __call__(self):
        self.seconds += self.look_takes
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def player(qapp, clock):
    player = PathPlayer(clock=clock)
    player.frames = []
    player.stepped.connect(lambda latent, epoch: player.frames.append((float(latent[0]), epoch)))
    return player


def path(**about):
    return LatentPath(pins=((0.0, 0.0), (4.0, 0.0)), n_frames=5, frames_per_second=50, **about)


def play_to_the_end(qtbot, player, path):
    with qtbot.waitSignal(player.playing_changed, check_params_cb=lambda plays: not plays):
        player.play(path)


def test_every_frame_comes_once_and_then_it_stops(qtbot, player):
    play_to_the_end(qtbot, player, path())
    assert player.frames == [(0, None), (1, None), (2, None), (3, None), (4, None)]
    assert not player.is_playing


def test_frames_of_a_path_through_epochs_bring_theirs(qtbot, player):
    play_to_the_end(qtbot, player, path(epochs=(0, 8)))
    assert [epoch for _, epoch in player.frames] == [0, 2, 4, 6, 8]


def test_a_busy_machine_leaves_frames_out_but_never_the_last(qtbot, player, clock):
    clock.look_takes = 0.04
    play_to_the_end(qtbot, player, path())
    assert player.frames == [(2, None), (4, None)]


def test_twice_as_fast_takes_half_the_time(qtbot, player, clock):
    player.set_speed(2)
    play_to_the_end(qtbot, player, path())
    assert clock.seconds == pytest.approx(0.05 + 0.01, abs=0.011)


def test_a_loop_begins_again(qtbot, player):
    player.set_loops(True)
    player.play(path())
    qtbot.waitUntil(lambda: len(player.frames) > 7)
    player.stop()
    assert player.frames[5] == (0, None)
