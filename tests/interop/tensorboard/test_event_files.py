"""Event files are what TensorBoard reads: each step whole."""

from contextlib import closing

import numpy as np
import pytest
import tensorflow as tf
from tensorboard_logs import read_by_tensorboard, steps_of

from cadl_gui.interop.tensorboard.event_files import EventWriter
from cadl_gui.interop.tensorboard.summaries import histogram, image, scalar

pytestmark = pytest.mark.tf


def write(folder, *steps):
    with closing(EventWriter(folder)) as events:
        for step in steps:
            events.write(step, [scalar("loss", 1 / (1 + step)), scalar("accuracy", 0.5)])


def test_tensorboard_reads_numbers_images_and_histograms(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (4, 6, 3), np.uint8)
    numbers = np.array([0.0] * 10 + [1.0] * 30)
    with closing(EventWriter(tmp_path / "log")) as events:
        events.write(3, [scalar("loss", 0.25), image("kernels", pixels), histogram("kernel", numbers)])
    log = read_by_tensorboard(tmp_path / "log")
    assert log.scalars == {"loss": [(3, 0.25)]}
    ((step, seen),) = log.images["kernels"]
    assert step == 3
    np.testing.assert_array_equal(seen, pixels)
    ((_, buckets),) = log.histograms["kernel"]
    assert buckets[0].tolist() == pytest.approx([0, 1 / 30, 10])
    assert buckets[-1].tolist() == pytest.approx([29 / 30, 1, 30])
    assert buckets[:, 2].sum() == 40


def test_equal_numbers_are_one_bucket_and_those_that_are_not_finite_are_left_out(tmp_path):
    with closing(EventWriter(tmp_path)) as events:
        events.write(0, [histogram("same", np.full(7, 2.0)), histogram("bad", np.array([np.nan, 1, np.inf]))])
        events.write(0, [histogram("none", np.array([np.nan]))])
    histograms = read_by_tensorboard(tmp_path).histograms
    assert histograms["same"][0][1].tolist() == [[2, 2, 7]]
    assert histograms["bad"][0][1].tolist() == [[1, 1, 1]]
    assert histograms["none"][0][1].shape == (0, 3)


def test_tensorboard_reads_past_what_a_kill_left_unfinished(tmp_path):
    write(tmp_path, 0, 1, 2)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-20])
    write(tmp_path, 3)
    assert steps_of(read_by_tensorboard(tmp_path).scalars) == {"loss": [0, 1, 3], "accuracy": [0, 1, 3]}


def test_a_folder_that_cannot_be_made_is_an_error_of_tensorflow_or_the_system(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises((OSError, tf.errors.OpError)):
        write(tmp_path / "file" / "log", 0)
