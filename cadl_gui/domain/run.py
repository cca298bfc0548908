"""What is known of a run besides its weights and its history."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.class_names import are_digits
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.graph import FROZEN_GRAPH, Graph
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.position import Position

RANDOMNESS = 2
"""Version of how random numbers follow from the seed of a new run; see `cadl_gui.models.randomness`."""

UNKNOWN_DATASET = "unknown"
"""Fingerprint of the dataset of a network that was trained elsewhere."""

OVERLAP_NOTE = (
    "The network was trained elsewhere, most likely on these test images too: the figures flatter it."
)
"""Said wherever a network with an unknown dataset is tested."""


@dataclass(frozen=True)
class InterruptedRun:
    """A run whose training died, and which can go on.

    Attributes:
        folder: where it lies.
        name: what people call it.
        epoch: its last complete epoch.
        epochs: how many it was to train.
    """

    folder: Path
    name: str
    epoch: int
    epochs: int


@dataclass(frozen=True, eq=False)
class RunDescription:
    """Fixed when a run starts; only its name can change.

    Attributes:
        run_id: names the run within the program; unique among those that are open.
        name: what people call it.
        config: what it is made from.
        image_shape: shape of one image.
        steps_per_epoch: batches of one epoch.
        dataset_name: what people call its dataset, such as "MNIST".
        examples: the dataset's first hundred images as the network sees them, for a denoising one
            corrupted, (≤100, height, width, channels) float32 in [0, 1], read-only; None where the dataset is
            not at hand.
        source: run folder or checkpoint file that its snapshots can be read from again, or None.
        dataset_fingerprint: by which the very same dataset is recognised again, or `UNKNOWN_DATASET`.
        class_names: what the dataset's labels mean, by their numbers; () where its images have none.
        is_ink_on_black: whether its images are like drawings: grey, with a black margin.
        graph: what it computes, where a frozen graph is all that is known of it: it has one position, no
            history and no weights to look at, and its configuration only says whether it classifies.
        branched_from: where it went its own way, such as “vae, epoch 3”; "" if it began untrained.
        randomness: version of how its random numbers follow from its seed; a run keeps its own for good.
    """

    run_id: str
    name: str
    config: RunConfig
    image_shape: ImageShape
    steps_per_epoch: int
    dataset_name: str
    examples: NDArray[np.float32] | None
    source: Path | None
    dataset_fingerprint: str
    class_names: tuple[str, ...] = ()
    is_ink_on_black: bool = False
    branched_from: str = ""
    graph: Graph | None = None
    randomness: int = RANDOMNESS

    @property
    def n_classes(self) -> int:
        """How many classes there are; 0 where the images have no labels."""
        return len(self.class_names)

    @property
    def shows_digits(self) -> bool:
        """Whether the classes are the digits 0 to 9."""
        return are_digits(self.class_names)

    @property
    def is_graph(self) -> bool:
        """Whether it is a frozen graph."""
        return self.graph is not None

    @property
    def may_overlap_training(self) -> bool:
        """Whether it may have been trained on the images that it is tested on."""
        return self.dataset_fingerprint == UNKNOWN_DATASET

    def position_text(self, position: Position) -> str:
        """A position in words."""
        return FROZEN_GRAPH if self.is_graph else str(position)
