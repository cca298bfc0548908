"""The cached weight quantiles of a layer at every recorded position.

All epochs share one colour scale, the widest of any of them. The first and the last position are
asked first, so that it hardly grows while one looks.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import ComputeQuantiles
from cadl_gui.domain.weight_quantiles import WeightQuantiles
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.kept_answers import KeptAnswers


class QuantileHistory(QObject):
    """Computes the quantiles of a layer, as long as it is shown.

    Args:
        engine: The engine whose view state is tracked.

    Signals:
        changed: The layer changed, or more quantiles arrived.
        limits_changed: `limits` changed.
    """

    changed = Signal()
    limits_changed = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shown = "", False
        self._limits: NDArray[np.float64] = np.empty(0)
        self._answers: KeptAnswers[WeightQuantiles] = KeptAnswers(engine, self, self._wanted, is_bent=False)
        self._answers.arrived.connect(self._tell)
        view, training = engine.view, engine.training
        view.bind(self, lambda: view.run, self.set_layer)
        view.bind(self, lambda: (view.run and view.run.weights, training.status), self._answers.ask_more)

    def set_layer(self, layer: str = "", *, in_colour: bool = False) -> None:
        """Compute quantiles of a layer of the run shown, as long as it is shown; "" stops.

        Args:
            in_colour: Whether the images of its weights are in colour.
        """
        if (layer, in_colour) != self._shown:
            self._shown = layer, in_colour
            self._answers.ask_anew(layer, in_colour)
            self._tell()

    def known(self) -> dict[Position, WeightQuantiles]:
        """Return the quantiles known so far, in the order of training."""
        run = self._engine.view.run
        return {} if run is None else self._answers.known(run)

    def limits(self) -> NDArray[np.float64]:
        """Return the largest limits of the layer and each unit, (1 + units,), at all positions known."""
        known = [quantiles.limits for quantiles in self.known().values()]
        return np.max(known, axis=0) if known else np.empty(0)

    def _wanted(self, *about: Any) -> Iterable[ComputeQuantiles]:
        run = self._engine.view.run
        if run is not None and self._shown[0] and self._engine.is_ready:
            for at in (*run.recorded[:1], *run.recorded[-1:], *run.recorded):
                yield ComputeQuantiles(run.run_id, at, *about)

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()
        before, self._limits = self._limits, self.limits()
        if not np.array_equal(before, self._limits):
            self.limits_changed.emit()
