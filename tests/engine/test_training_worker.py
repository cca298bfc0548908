"""The worker of the training thread, driven without a thread."""

from threading import Thread

import numpy as np
import pytest

from cadl_gui.domain.events import EpochCompleted, StepsTaken
from cadl_gui.domain.history import EpochRecord
from cadl_gui.domain.position import Position
from cadl_gui.domain.presets import preset
from cadl_gui.domain.training_requests import TrainingRequest
from cadl_gui.engine.training_worker import TrainingWorker

CONFIG = preset("softmax").config.replace(batch_size=7)


def steps(n):
    return StepsTaken("run", Position(0, n), {"loss": np.ones(n, np.float32)}, 1e-3, 9000.0)


@pytest.fixture
def begun():
    """Trains in turns of so many steps and seconds, and returns the speeds that are reported."""

    def begin(*turns):
        now = [0.0]

        class Backend:
            def start_device(self, niceness):
                return "CPU"

            def train(self, request):
                events = ()
                for n, seconds in turns:
                    yield events
                    now[0] += seconds
                    events = (steps(n), EpochCompleted("run", EpochRecord(1, {})))
                yield events

        worker, seen = TrainingWorker(Backend, lambda: now[0]), []
        worker.events_arrived.connect(seen.extend)
        loading = Thread(target=worker.load)  # which changes the niceness of its thread
        loading.start()
        loading.join()
        worker.start(TrainingRequest("run", "run", CONFIG, None), True, "")
        for _ in turns:
            now[0] += 1000.0  # at rest
            worker.step("run")
        return [event.images_per_second for event in seen if isinstance(event, StepsTaken)]

    return begin


def test_the_speed_is_that_of_whole_turns_as_the_time_left_is(begun):
    """The batches alone, without the end of each epoch, promised “1 s left” for half a minute."""
    assert begun((3, 0.5)) == [pytest.approx(3 * 7 / 0.5)]


def test_the_speed_is_a_mean_in_which_earlier_turns_count_less(begun):
    assert begun((3, 5.0), (2, 5.0)) == pytest.approx([3 * 7 / 5, (0.5 * 3 + 2) * 7 / (0.5 * 5 + 5)])


def test_a_turn_that_takes_no_time_by_the_clock_keeps_its_speed(begun):
    assert begun((3, 0.0)) == [9000.0]
