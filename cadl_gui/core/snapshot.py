"""Weights of a network at one position of a run."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cadl_gui.core.position import Position
from cadl_gui.core.probes import Probes

Weights = tuple[NDArray[Any], ...]
"""Every variable of a model, trainable or not, in the order of `model.variables`; read-only arrays."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Weights at a position. The arrays are read-only, so any thread may read them.

    Attributes:
        position: where in the run they were taken.
        weights: see `Weights`.
        probes: what is kept beside them at a recorded position, or None.
    """

    position: Position
    weights: Weights
    probes: Probes | None = None

    @property
    def n_bytes(self) -> int:
        """Memory that weights and probes take."""
        weights = sum(array.nbytes for array in self.weights)
        return weights + (0 if self.probes is None else self.probes.n_bytes)


def freeze(arrays: Iterable[NDArray[Any]]) -> Weights:
    """Make arrays read-only, copying none."""
    frozen = []
    for array in arrays:
        view = np.asarray(array)
        view.flags.writeable = False
        frozen.append(view)
    return tuple(frozen)
