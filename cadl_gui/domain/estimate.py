"""Estimates the disk space and memory of a training before it starts."""

import math
from dataclasses import dataclass

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.model_spec import ModelSpec
from cadl_gui.domain.position import EARLY_BATCHES, Position
from cadl_gui.domain.snapshot_retention import positions_to_retain
from cadl_gui.system.file_limits import megabytes
from cadl_gui.system.words import _

_FLOAT32 = 4
_ADAM = 3
"""Numbers per weight in a checkpoint: the weight and Adam's two moments; training adds a gradient."""

_TEST_IMAGES, _MISTAKES = 2000, 25
"""Sizes of the evaluation artifacts: latents and labels of test images, or a classifier's worst mistakes."""


@dataclass(frozen=True)
class Estimate:
    """Space that a complete training takes, in bytes.

    Attributes:
        disk: size of the run folder.
        memory: memory of the network, its optimiser and one batch, without the images and the program.
    """

    disk: int
    memory: int

    def __str__(self) -> str:
        """Format for display: “31 MB on disk, 12 MB in memory”."""
        return _("{disk} on disk, {memory} in memory").format(
            disk=megabytes(self.disk), memory=megabytes(self.memory)
        )


def training_seconds(config: RunConfig, n_images: int, images_per_second: float) -> float:
    """Estimate how long a complete training takes, from the speed of one of the same network."""
    return config.training.epochs * n_images / images_per_second


def estimate(config: RunConfig, spec: ModelSpec) -> Estimate:
    """Estimate disk space and memory from the shapes of a network's layers, without building it."""
    weights = _FLOAT32 * spec.n_parameters
    beside = _TEST_IMAGES * (2 * spec.latent_dim + 8)
    if config.model.is_classifier:
        n_classes, n_pixels = spec.latent_dim, math.prod(spec.encoder[0].input_shape)
        beside = 8 * n_classes**2 + _MISTAKES * n_pixels
    epochs = range(config.training.epochs + 1)
    retained = len(positions_to_retain(map(Position, epochs), best_epoch=None)) + len(EARLY_BATCHES)
    activations = _FLOAT32 * config.training.batch_size * spec.n_activations
    return Estimate(
        disk=retained * (weights + beside) + _ADAM * weights,
        memory=(_ADAM + 1) * weights + 2 * activations,
    )
