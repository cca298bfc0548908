"""What moves is shown in real time, once or in a loop, at its own speed; and one timer shows it all."""

import numpy as np
import pytest

from cadl_gui.imaging.latent.latent_path import LatentPath
from cadl_gui.imaging.latent.motions import PathMotion
from cadl_gui.ui.latent.motion_timer import MotionTimer


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
def timer(qapp, clock):
    return MotionTimer(clock=clock)


def motion(*, loops=False, **about):
    path = LatentPath(pins=((0.0, 0.0), (4.0, 0.0)), n_frames=5, frames_per_second=50, **about)
    return PathMotion.of(path, loops=loops)


def play(qtbot, timer, motion, what="handle", **how):
    """Play to the end; return the different frames."""
    frames = []
    timer.start(what, motion, frames.append, **how)
    qtbot.waitUntil(lambda: not timer.is_moving(what))
    return sorted({*frames})


def test_every_frame_comes_and_then_it_stops(qtbot, timer):
    for _ in range(2):
        with qtbot.waitSignal(timer.stopped):
            assert play(qtbot, timer, motion()) == [0, 1, 2, 3, 4]


def test_a_path_through_epochs_has_one_for_each_frame():
    assert motion().epochs is None
    np.testing.assert_array_equal(motion(epochs=(0, 8)).epochs, [0, 2, 4, 6, 8])


def test_a_busy_machine_leaves_frames_out_but_never_the_last(qtbot, timer, clock):
    clock.look_takes = 0.04
    assert play(qtbot, timer, motion()) == [0, 2, 4]


@pytest.mark.parametrize("speed", [0.5, 2])
def test_another_speed_takes_another_time(qtbot, timer, clock, speed):
    play(qtbot, timer, motion(), speed=speed)
    assert clock.seconds == pytest.approx(0.1 / speed + 0.01, abs=0.011)


def test_a_loop_begins_again_until_it_is_none(qtbot, timer):
    frames = []
    timer.start("handle", motion(loops=True), frames.append)
    qtbot.waitUntil(lambda: 4 in frames and frames[-1] < 4)
    timer.change("handle", motion(), 1.0)
    qtbot.waitUntil(lambda: not timer.is_moving("handle"))
    assert frames[-1] == 4


def test_handle_and_points_move_at_once_and_end_on_their_own(qtbot, timer):
    ended = []
    timer.stopped.connect(lambda: ended.append((timer.is_moving("handle"), timer.is_moving("points"))))
    timer.start("points", motion(loops=True), lambda _: None)
    assert play(qtbot, timer, motion()) == [0, 1, 2, 3, 4]
    timer.stop("points")
    timer.stop("points")
    assert ended == [(False, True), (False, False)]


def test_what_starts_later_takes_no_time_from_what_moves_and_what_starts_at_the_end_goes_on(
    qtbot, timer, clock
):
    clock.look_takes = 0.0
    points, handle = [], []
    timer.start("points", motion(), points.append)
    for seconds, frame in ((0.045, 2), (0.065, 3)):
        clock.seconds = seconds
        timer.start("handle", motion(loops=True), handle.append)
        qtbot.waitUntil(lambda frame=frame: points[-1] == frame)

    played = []

    def play_on(frame):
        played.append(frame)
        if frame == 4 and played.count(4) < 4:
            timer.start("handle", motion(), play_on)

    timer.start("handle", motion(), play_on)
    clock.look_takes = 0.04
    qtbot.waitUntil(lambda: played.count(4) == 4)
    qtbot.waitUntil(lambda: not timer.is_moving("handle") and not timer.is_moving("points"))
