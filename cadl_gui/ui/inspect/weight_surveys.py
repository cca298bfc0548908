"""How the weights of a layer spread at every kept position, remembered."""

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.position import Position
from cadl_gui.core.requests import Reply, SurveyWeights
from cadl_gui.core.weights.survey import WeightSurvey
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run

_CHANNEL = "weight surveys"


class WeightSurveys(QObject):
    """Asks for one position after the other while nothing else is asked; kept weights never change.

    Args:
        engine: whose view state is followed.

    Signals:
        changed: another layer is followed, or more is known of it.
    """

    changed = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._layer = ""
        self._is_asking = False
        self._remembered: dict[tuple[str, str, Position], WeightSurvey] = {}
        engine.run_changed.connect(self._ask_for_next)
        engine.view.run_changed.connect(self._ask_for_next)
        engine.run_removed.connect(self._forget)
        engine.replied.connect(self._on_replied)

    def follow(self, layer: str) -> None:
        """Survey this layer of the run that is shown; "" surveys none."""
        if layer != self._layer:
            self._layer = layer
            self.changed.emit()
        self._ask_for_next()

    def known(self) -> dict[Position, WeightSurvey]:
        """What is known of the layer that is followed, in the order of training."""
        run = self._engine.view.run
        if run is None:
            return {}
        keys = ((position, (run.run_id, self._layer, position)) for position in run.recorded)
        return {position: self._remembered[key] for position, key in keys if key in self._remembered}

    @Slot()
    def _ask_for_next(self) -> None:
        run = self._engine.view.run
        if run is None or not self._layer or self._is_asking or not self._engine.is_ready:
            return
        for position in run.recorded:
            if (run.run_id, self._layer, position) not in self._remembered:
                self._is_asking = True
                self._engine.ask(SurveyWeights(_CHANNEL, run.run_id, position, self._layer))
                return

    @Slot(object)
    def _forget(self, run: Run) -> None:
        kept = {key: value for key, value in self._remembered.items() if key[0] != run.run_id}
        self._remembered = kept

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        request = reply.request
        if request.channel != _CHANNEL or not isinstance(request, SurveyWeights):
            return
        self._is_asking = False
        if reply.sentence or reply.position is None:
            # The montage says why weights cannot be read; without them there is nothing to compare.
            self._layer = ""
            return
        self._remembered[request.run_id, request.layer, reply.position] = reply.value
        self.changed.emit()
        self._ask_for_next()
