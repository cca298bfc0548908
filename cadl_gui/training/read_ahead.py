"""Images of a store that is too large for the device, gathered a block ahead of the steps that need them."""

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from cadl_gui.training.training_images import TrainingImages

_Block = tuple[NDArray[np.uint8], NDArray[np.int64]]
"""Images (n, height, width, channels) and their labels (n,)."""


class ReadAhead:
    """Gathers blocks of an epoch in a thread of its own: one is trained on while the next one is read.

    Args:
        images: what is trained on.
        batch_size: images of one step.
        steps: of one block.
    """

    def __init__(self, images: TrainingImages, batch_size: int, steps: int) -> None:
        self._images = images
        self._batch_size = batch_size
        self._steps = steps
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self._blocks: dict[tuple[int, int], Future[_Block]] = {}

    def most_steps(self, step: int) -> int:
        """How many steps from this one of an epoch on are in one block."""
        return self._steps - step % self._steps

    def gather(self, epoch: int, order: NDArray[np.int32], step: int, n: int) -> _Block:
        """The images and labels of n steps, which are in one block.

        Args:
            epoch: names the order.
            order: in which the epoch goes through the images, (n_images,).
            step: the first of the steps, from the epoch's beginning.
            n: how many.

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
        """End the thread; what nobody waits for is not read."""
        self._reader.shutdown(cancel_futures=True)
        self._blocks.clear()

    def _read(self, order: NDArray[np.int32], number: int) -> _Block:
        n = self._steps * self._batch_size
        return self._images.gather(order[number * n : (number + 1) * n])
