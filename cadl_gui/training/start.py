"""Where a training begins: an untrained network, or one that was trained before."""

from dataclasses import dataclass, field

import numpy as np

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.history import History
from cadl_gui.core.position import UNTRAINED, Position
from cadl_gui.datasets.dataset import Dataset
from cadl_gui.datasets.split import Split
from cadl_gui.models import Network, build


@dataclass(frozen=True, eq=False)
class Start:
    """A network and what it has been through.

    Attributes:
        model: with its optimiser, both as they were at `position`. The training changes it in place.
        split: of the dataset that it is trained on.
        history: what was recorded up to `position`.
        position: the end of an epoch, or the untrained network.
        recorded: positions before or at `position` whose weights are on disk.
    """

    model: Network
    split: Split
    history: History
    position: Position = UNTRAINED
    recorded: tuple[Position, ...] = field(default=())

    @property
    def configuration(self) -> Configuration:
        """What is trained."""
        return self.model.configuration


def fresh_start(configuration: Configuration, dataset: Dataset, split: Split) -> Start:
    """Build an untrained network that knows the mean picture of its training pictures.

    Raises:
        ConfigurationError: if the network would not fit into memory.
    """
    model = build(configuration, dataset.picture_shape, dataset.n_labels)
    if configuration.subtract_mean:
        mean = dataset.images[split.train].mean(axis=0, dtype=np.float64) / 255
        model.mean_subtraction.mean.assign(mean.astype(np.float32))
    steps_per_epoch = len(split.train) // configuration.batch_size
    return Start(model, split, History(steps_per_epoch))
