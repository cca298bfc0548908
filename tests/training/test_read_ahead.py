"""Blocks of images come in the order of their epoch, each read once and only two of them held."""

import threading

import numpy as np

from cadl_gui.training.read_ahead import ReadAhead

N, BATCH, STEPS = 23, 2, 4
"""Three blocks, the last of them shorter."""


class Images:
    """Images whose labels are their numbers; notes what is read."""

    def __init__(self):
        self.read = []

    def gather(self, numbers):
        self.read.append(numbers.tolist())
        return np.zeros((len(numbers), 6, 5, 1), np.uint8) + np.uint8(numbers)[:, None, None, None], numbers


def blocks_of(order):
    return [order[first : first + STEPS * BATCH].tolist() for first in range(0, N, STEPS * BATCH)]


def test_images_of_each_epoch_come_in_its_order_however_the_steps_are_cut():
    images, random = Images(), np.random.default_rng(3)
    ahead, expected = ReadAhead(images, BATCH, STEPS), []
    for epoch in range(3):
        order, step, labels = random.permutation(N).astype(np.int32), 0, []
        while step * BATCH < N:
            n = min(1 + (epoch + step) % 3, ahead.most_steps(step))
            taken, numbers = ahead.gather(epoch, order, step, n)
            assert (taken == np.uint8(numbers)[:, None, None, None]).all()
            labels += numbers.tolist()
            step += n
        assert labels == order.tolist()
        expected += blocks_of(order)
    ahead.close()
    assert images.read == expected, "each block once, and none beyond the last"


def test_blocks_that_were_left_are_read_again():
    images, order = Images(), np.arange(N, dtype=np.int32)
    ahead = ReadAhead(images, BATCH, STEPS)
    first, second, third = blocks_of(order)
    for epoch, step in ((0, 0), (0, 5), (0, 9), (1, 0), (0, 1)):
        ahead.gather(epoch, order, step, 1)
    ahead.close()
    assert images.read == [first, second, third, first, second, first, second]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("read-ahead")]
