"""The `Team` that shares the batches of a training, as a protocol; `Alone` is one process."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple, Protocol

import tensorflow as tf

from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.training_requests import StepBudget
from cadl_gui.models.devices import n_accelerators


class Call(NamedTuple):
    """Some steps that are taken at once.

    Attributes:
        epoch: number of the epoch.
        step: first step, counted from the beginning of the epoch.
        n: number of steps.
        learning_rate: learning rate of the steps, before the schedule is applied.
    """

    epoch: int
    step: int
    n: int
    learning_rate: float


class Team(Protocol):
    """The workers that train one network together, as one of them sees them.

    All run the same training; the first, the chief, alone evaluates the network and records the run.
    """

    @property
    def n_workers(self) -> int:
        """Number of workers."""

    @property
    def index(self) -> int:
        """Number of this worker, from 0, the chief."""

    def meet(self, config: RunConfig, dataset: ImageStore) -> Any:
        """Check that all workers train the same network on the same dataset; before TensorFlow computes.

        Returns:
            The `tf.distribute.Strategy` by which they share each batch.

        Raises:
            CadlError: if they do not, or another worker ends.
        """

    def agree(self, budget: StepBudget) -> StepBudget:
        """Agree with the other workers on the next turn, which all take alike.

        Returns:
            The chief's budget in steps, or one that stops the training if any worker wants that.

        Raises:
            WorkerLostError: if another worker has ended.
        """

    def exchanging(self, n_steps: int | None = None) -> AbstractContextManager[None]:
        """Context manager for what all workers compute together.

        Args:
            n_steps: number of steps in it, after which the workers agree on the next; None if there is more
                to compute before.

        Raises:
            WorkerLostError: if another worker ends.
        """

    def leaving(self) -> AbstractContextManager[None]:
        """Context manager for the whole training: all workers leave it together, once the chief has written.

        Raises:
            WorkerLostError: if another worker ends before.
        """


class Alone:
    """A training in this process only.

    Args:
        devices: accelerators that share each batch, such as `("GPU:0", "GPU:1")`; fewer if the batch cannot
            be divided among so many. Without them, TensorFlow's default device takes it whole.
    """

    n_workers = 1
    index = 0

    def __init__(self, devices: Sequence[str] = ()) -> None:
        self._devices = devices

    def meet(self, config: RunConfig, dataset: ImageStore) -> Any:  # noqa: ARG002 - nobody to meet
        """See `Team.meet`."""
        size = config.training.batch_size
        n = max((n for n in range(1, len(self._devices) + 1) if size % n == 0), default=1)
        if n == 1:
            return tf.distribute.get_strategy()
        return tf.distribute.MirroredStrategy(self._devices[:n])

    def agree(self, budget: StepBudget) -> StepBudget:
        """See `Team.agree`."""
        return budget

    def exchanging(self, n_steps: int | None = None) -> AbstractContextManager[None]:  # noqa: ARG002 - alone
        """See `Team.exchanging`."""
        return nullcontext()

    def leaving(self) -> AbstractContextManager[None]:
        """See `Team.leaving`."""
        return nullcontext()


ALONE = Alone()
"""The team of every training that is started from a window, or without other workers."""


def alone_here() -> Alone:
    """Make the team of a process without other workers: all GPUs of this machine share each batch."""
    n = n_accelerators()
    return Alone([f"GPU:{i}" for i in range(n)]) if n > 1 else ALONE
