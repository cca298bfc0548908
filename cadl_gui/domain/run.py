"""Description of a run, apart from its weights and history."""

from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.class_names import are_digits
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.graph import FROZEN_GRAPH, Graph
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_spec import ModelSpec, model_spec
from cadl_gui.domain.position import Position
from cadl_gui.system.words import _

UNKNOWN_DATASET = "unknown"
"""Dataset fingerprint of a network that was trained elsewhere."""

OVERLAP_NOTE = _(
    "The network was trained elsewhere, most likely on these test images too: the figures flatter it."
)
"""Shown wherever a network with an unknown dataset is tested."""


def new_uuid() -> str:
    """Return the identifier of a new run or checkpoint."""
    return str(uuid4())


def new_run_id() -> str:
    """Return what identifies a new run in the window."""
    return f"id:{uuid4()}"


@dataclass(frozen=True)
class InterruptedRun:
    """A run whose training was interrupted and can be resumed.

    Attributes:
        folder: the run folder.
        name: display name.
        epoch: last completed epoch.
        epochs: total number of epochs configured.
    """

    folder: Path
    name: str
    epoch: int
    epochs: int


@dataclass(frozen=True, eq=False, kw_only=True)
class RunInfo:
    """What a run is, in the program and in its files, without weights and history; only its name can change.

    Attributes:
        name: display name.
        config: configuration of the run.
        image_shape: (height, width, channels).
        steps_per_epoch: batches per epoch.
        dataset_name: display name of the dataset, such as "MNIST".
        dataset_fingerprint: fingerprint that identifies the dataset, or `UNKNOWN_DATASET`.
        class_names: class names by label; () if the images have no labels.
        is_ink_on_black: whether the images resemble bright drawings: they have a black margin.
        shows_others: whether the images are no digits, even if their classes are numbered as digits are.
        branched_from: position that the run was branched from, such as “vae, epoch 3”; "" if it started
            untrained.
        precision_reason: why `auto` chose the precision, as a sentence; "" if it was not `auto`.
        uuid: identifies the run in files, everywhere and for good; a copy of its folder has it, too.
    """

    name: str
    config: RunConfig
    image_shape: ImageShape
    steps_per_epoch: int
    dataset_name: str
    dataset_fingerprint: str
    class_names: tuple[str, ...] = ()
    is_ink_on_black: bool = False
    shows_others: bool = False
    branched_from: str = ""
    precision_reason: str = ""
    uuid: str = field(default_factory=new_uuid)

    @property
    def n_classes(self) -> int:
        """Number of classes; 0 if the images have no labels."""
        return len(self.class_names)

    @property
    def precision_choice(self) -> str:
        """What `auto` chose, and why; "" if the precision was not `auto`."""
        if not self.precision_reason:
            return ""
        return _("Precision auto chose {precision}. {reason}").format(
            precision=self.config.training.precision, reason=self.precision_reason
        )

    @property
    def info(self) -> dict[str, Any]:
        """The fields of this class by name, for another description of the same run."""
        return {each.name: getattr(self, each.name) for each in fields(RunInfo)}


@dataclass(frozen=True, eq=False, kw_only=True)
class RunDescription(RunInfo):
    """Description of a run that is open in the program.

    Attributes:
        run_id: id of the run within the program; unique among open runs.
        examples: images of all classes of the dataset as the network receives them (corrupted for a denoising
            network), (≤100, height, width, channels) float32 in [0, 1], read-only; None if the dataset is not
            available.
        source: run folder or checkpoint file from which snapshots can be re-read, or None.
        graph: the function of a run opened from a frozen graph, or None. Such a run has one position, no
            history and no weights, and its configuration only tells whether it is a classifier.
    """

    run_id: str
    examples: NDArray[np.float32] | None
    source: Path | None
    graph: Graph | None = None

    @cached_property
    def spec(self) -> ModelSpec:
        """The layers of the network; a frozen graph has none."""
        return model_spec(self.config.model, self.image_shape, self.n_classes)

    @property
    def shows_digits(self) -> bool:
        """Whether the classes are the digits 0 to 9."""
        return are_digits(self.class_names) and not self.shows_others

    @property
    def is_graph(self) -> bool:
        """Whether the run was opened from a frozen graph."""
        return self.graph is not None

    @property
    def may_overlap_training(self) -> bool:
        """Whether the network may have been trained on the images that it is tested on."""
        return self.dataset_fingerprint == UNKNOWN_DATASET

    def position_text(self, position: Position) -> str:
        """Format a position for display, such as “epoch 3”; `FROZEN_GRAPH` for a frozen graph."""
        return FROZEN_GRAPH if self.is_graph else str(position)
