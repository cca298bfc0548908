"""Initial states of trainings: an untrained network, or one that is resumed or branched."""

from dataclasses import dataclass, field

import numpy as np

from cadl_gui.datasets.split import Split
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.branching import Branch, past_of
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.run import UNKNOWN_DATASET, RunInfo, new_uuid
from cadl_gui.domain.snapshot import Snapshot, Weights
from cadl_gui.models import Network, build
from cadl_gui.runs.layout import has_snapshot
from cadl_gui.system.words import _
from cadl_gui.training.compiled import CompiledNetwork


@dataclass(frozen=True, eq=False)
class TrainState:
    """A network with its optimiser and its history at the start of a training.

    Attributes:
        config: configuration of the run.
        compiled: the network and its optimiser as they were at `position`; training changes them in place.
        split: split of the dataset.
        history: history up to `position`, and the learning rate from there on.
        position: the end of an epoch, or the untrained network.
        recorded: positions up to and including `position` whose weights are on disk.
        completes: for a branch, the weights at `position` and the record of that epoch, which `history` does
            not contain yet and which the training emits first; otherwise None.
        branched_from: see `RunInfo`.
        precision_reason: see `RunInfo`; "" if it is measured before the first step, or was not `auto`.
        uuid: see `RunInfo`.
        caution: see `TrainingStarted`.
    """

    config: RunConfig
    compiled: CompiledNetwork
    split: Split
    history: History
    position: Position = UNTRAINED
    recorded: tuple[Position, ...] = field(default=())
    completes: tuple[Snapshot, EpochRecord] | None = None
    branched_from: str = ""
    precision_reason: str = ""
    uuid: str = field(default_factory=new_uuid)
    caution: str = ""

    @property
    def model(self) -> Network:
        """The network."""
        return self.compiled.network


def initial_state(config: RunConfig, dataset: ImageStore, split: Split) -> TrainState:
    """Build an untrained network; sets the mean image of the training images if the model subtracts it.

    Raises:
        ConfigurationError: if the network would not fit into memory.
    """
    model = build(config, dataset.image_shape, dataset.n_classes)
    if config.model.subtract_mean:
        mean = dataset.images.mean(split.train)
        model.mean_subtraction.mean.assign(mean.astype(np.float32))
    history = History(len(split.train) // config.training.batch_size)
    history.add_learning_rate(0, config.training.learning_rate)
    return TrainState(config, CompiledNetwork(model), split, history)


def branched_state(config: RunConfig, branch: Branch, dataset: ImageStore, split: Split) -> TrainState:
    """Build the network of a branch with the weights of its parent and a reset optimiser.

    Raises:
        CheckpointError: if the dataset is not the parent's or not known, or the parent's weights or history
            do not fit.
    """
    parent = branch.parent
    if parent.dataset_fingerprint == UNKNOWN_DATASET:
        raise CheckpointError(
            _(
                "{name} was trained elsewhere: its images and its history are not known, so no run can "
                "branch from it."
            ).format(name=parent.name)
        )
    if dataset.fingerprint != parent.dataset_fingerprint:
        raise CheckpointError(
            _("“{dataset}” is no longer what {name} was trained on.").format(
                dataset=config.data.dataset, name=parent.name
            )
        )
    epoch = branch.position.epoch
    record = next((record for record in branch.history.epochs if record.epoch == epoch), None)
    if record is None or branch.history.n_steps < epoch * branch.history.steps_per_epoch:
        raise CheckpointError(
            _("The history of {name} does not reach to {position}.").format(
                name=parent.name, position=branch.position
            )
        )
    model = build(config, dataset.image_shape, dataset.n_classes)
    set_weights(model, branch.snapshot.weights, parent.name)
    require_fitting_epochs(config, split, branch.history, parent.name)
    history = past_of(branch)
    history.add_learning_rate(history.n_steps, config.training.learning_rate)
    return TrainState(
        config=config,
        compiled=CompiledNetwork(model),
        split=split,
        history=history,
        position=branch.position,
        recorded=tuple(
            each for each in branch.earlier if parent.source and has_snapshot(parent.source, each)
        ),
        completes=(branch.snapshot, record),
        branched_from=branch.origin,
    )


def require_fitting_epochs(config: RunConfig, split: Split, history: History, owner: str) -> None:
    """Check that an epoch of the dataset has as many batches as an epoch of the history.

    Raises:
        CheckpointError: if the numbers differ because a file of the run was changed.
    """
    n_steps = len(split.train) // config.training.batch_size
    if n_steps != history.steps_per_epoch:
        raise CheckpointError(
            _(
                "“{owner}” is damaged: its epochs have {steps_per_epoch} batches, "
                "but those of its dataset {n_steps}."
            ).format(owner=owner, steps_per_epoch=history.steps_per_epoch, n_steps=n_steps)
        )


def network_of(about: RunInfo, weights: Weights, owner: str) -> Network:
    """Build the network of a run with these weights and a reset optimiser; see `set_weights`."""
    network = build(about.config, about.image_shape, about.n_classes)
    set_weights(network, weights, owner)
    return network


def set_weights(model: Network, weights: Weights, owner: str) -> None:
    """Assign the weights of a snapshot to a network.

    Args:
        weights: arrays by the paths of its variables.

    Raises:
        CheckpointError: if the paths or shapes are not those of the network's variables.
    """
    variables = model.variables_by_path
    shapes = {path: tuple(variable.shape) for path, variable in variables.items()}
    if shapes != {path: array.shape for path, array in weights.items()}:
        raise CheckpointError(
            _("“{owner}” is damaged: its weights do not fit its network.").format(owner=owner)
        )
    for path, variable in variables.items():
        variable.assign(weights[path])
