"""The cached weight quantiles of a layer at every recorded position.

All epochs share one colour scale, the widest of any of them. The first and the last position are
asked first, so that it hardly grows while one looks.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import ComputeQuantiles
from cadl_gui.domain.weight_quantiles import WeightQuantiles
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run

_Key = tuple[str, str, bool, Position]


class QuantileHistory(QObject):
    """Requests one position after another and caches the results, since recorded weights never change.

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
        self._layer, self._in_colour = "", False
        self._question = Question(engine, self, self._survey, self._stop)
        self._remembered: dict[_Key, WeightQuantiles] = {}
        view, training = engine.view, engine.training
        view.bind(self, lambda: view.run, self._stop)
        view.bind(self, lambda: (view.run and view.run.weights, training.status), self._question.ask_more)
        engine.runs.removed.connect(self._forget)

    def set_layer(self, layer: str, *, in_colour: bool = False) -> None:
        """Compute quantiles of a layer of the run shown, as long as it is shown; "" stops.

        Args:
            in_colour: Whether the images of its weights are in colour.
        """
        if (layer, in_colour) != (self._layer, self._in_colour):
            self._stop()
            self._layer, self._in_colour = layer, in_colour
            self.changed.emit()
            self.limits_changed.emit()
        self._question.ask_more()

    def known(self) -> dict[Position, WeightQuantiles]:
        """Return the quantiles known so far, in the order of training."""
        run = self._engine.view.run
        if run is None:
            return {}
        keys = ((position, self._key(run, position)) for position in run.recorded)
        return {position: self._remembered[key] for position, key in keys if key in self._remembered}

    def limits(self) -> NDArray[np.float64] | None:
        """Return the largest limits of the layer and of each unit, (1 + units,), at all positions known."""
        known = [quantiles.limits for quantiles in self.known().values()]
        return np.max(known, axis=0) if known else None

    async def _survey(self) -> None:
        run = self._engine.view.run
        if run is None or not self._layer or not self._engine.is_ready:
            return
        # The first and the last one first: with them, the scale that all share hardly changes any more.
        for position in dict.fromkeys((*run.recorded[:1], *run.recorded[-1:], *run.recorded)):
            if (key := self._key(run, position)) not in self._remembered:
                before = self.limits()
                self._remembered[key], _ = await ComputeQuantiles(run.run_id, position, *key[1:3])
                self.changed.emit()
                now = self.limits()
                if before is None or now is None or not np.array_equal(before, now):
                    self.limits_changed.emit()

    @Slot(object)
    def _forget(self, run: Run) -> None:
        retained = {key: value for key, value in self._remembered.items() if key[0] != run.run_id}
        self._remembered = retained

    def _key(self, run: Run, position: Position) -> _Key:
        return run.run_id, self._layer, self._in_colour, position

    @Slot(str)
    def _stop(self, _: str = "") -> None:
        """Ask for no more, as another run may lack the layer; why weights cannot be read the montage says."""
        self._question.cancel()
        self._layer = ""
        self.changed.emit()
