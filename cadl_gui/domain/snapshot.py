"""Weights of a network at one position of a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts
from cadl_gui.domain.position import Position

Weights = Mapping[str, NDArray[Any]]
"""Every variable of a network, trainable or not, by its path within the network, such as
`encoder_1/linear/kernel`; a read-only mapping of read-only arrays."""

NO_WEIGHTS: Weights = MappingProxyType({})
"""Weights of a network whose weights are not accessible, such as a frozen graph."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Weights at a position. The arrays are read-only, so any thread may read them.

    Attributes:
        position: position in the run.
        weights: see `Weights`.
        artifacts: evaluation artifacts of a recorded position, or None.
    """

    position: Position
    weights: Weights
    artifacts: EvaluationArtifacts | None = None

    @property
    def n_bytes(self) -> int:
        """Size of weights and evaluation artifacts, in bytes."""
        weights = sum(array.nbytes for array in self.weights.values())
        return weights + (0 if self.artifacts is None else self.artifacts.n_bytes)


def freeze(arrays: Mapping[str, NDArray[Any]]) -> Weights:
    """Make arrays read-only, in place, without copying."""
    frozen = {path: np.asarray(array) for path, array in arrays.items()}
    for array in frozen.values():
        array.flags.writeable = False
    return MappingProxyType(frozen)
