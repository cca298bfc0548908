"""Reads the images of datasets that are too large for the device, one block ahead of the training steps.

The weights are the same, bit for bit, as with images from memory.
"""

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from cadl_gui.training.training_images import TrainingImages

_Block = tuple[NDArray[np.uint8], NDArray[np.int64]]
"""Images (n, height, width, channels) and their labels (n,)."""


class ReadAhead:
    """Gathers blocks of an epoch in a separate thread: the next block is read during training on one.

    Args:
        images: the training images.
        batch_size: images per step.
        steps: steps per block.
    """

    def __init__(self, images: TrainingImages, batch_size: int, steps: int) -> None:
        self._images = images
        self._batch_size = batch_size
        self._steps = steps
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self._blocks: dict[tuple[int, int], Future[_Block]] = {}

    def most_steps(self, step: int) -> int:
        """Number of steps from the given one of an epoch to the end of its block."""
        return self._steps - step % self._steps

    def gather(self, epoch: int, order: NDArray[np.int32], step: int, n: int) -> _Block:
        """Images and labels of n consecutive steps, all within one block.

        Args:
            epoch: number of the epoch; identifies the order.
            order: indices of the images in the order of the epoch, (n_images,).
            step: first step, counted from the beginning of the epoch.

        Raises:
            DatasetError: if the file has changed.
        """
        number, within = divmod(step, self._steps)
        wanted = [(epoch, number), (epoch, number + 1)]
        retained = {key: block for key, block in self._blocks.items() if key in wanted}
        for key in wanted:
            if key not in retained and key[1] * self._steps * self._batch_size < len(order):
                retained[key] = self._reader.submit(self._read, order, key[1])
        self._blocks = retained
        images, labels = retained[wanted[0]].result()
        here = slice(within * self._batch_size, (within + n) * self._batch_size)
        return images[here], labels[here]

    def close(self) -> None:
        """End the thread and cancel pending reads."""
        self._reader.shutdown(cancel_futures=True)
        self._blocks.clear()

    def _read(self, order: NDArray[np.int32], number: int) -> _Block:
        n = self._steps * self._batch_size
        return self._images.gather(order[number * n : (number + 1) * n])
