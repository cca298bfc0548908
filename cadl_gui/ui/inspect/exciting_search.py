"""Searches the training pictures for those that excite a unit most."""

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.core.exciting import Exciting
from cadl_gui.core.requests import FetchTrainingPictures, FindExciting, Reply
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.shown_weights import ShownWeights, is_about

_CHANNEL = "exciting"


class ExcitingSearch(QObject):
    """Goes through the pictures part by part, for all units of a layer at once; what is found comes at once.

    While a training moves the weights on, the search begins anew with each of them, so that it shows the most
    exciting of the first few.

    Args:
        engine: whose view state is followed.

    Signals:
        arrived: ((n, height, width, channels) uint8, `Exciting`) pictures for the chosen unit, the most
            exciting first, and how far the search is.
        failed: (str) why it could not be searched.
    """

    arrived = Signal(object, object)
    failed = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._layer, self._unit = "", 0
        self._weights: ShownWeights | None = None
        self._found: Exciting | None = None
        self._part = 0
        engine.view.position_changed.connect(self._begin)
        engine.replied.connect(self._on_replied)

    def search(self, layer: str, unit: int) -> None:
        """Search for a unit of a layer; "" stops the search."""
        is_other = layer != self._layer
        self._layer, self._unit = layer, unit
        if is_other:
            self._weights = None
            self._begin()
        else:
            self._fetch()

    @Slot()
    def _begin(self) -> None:
        weights = ShownWeights.in_view(self._engine) if self._layer else None
        if weights != self._weights:
            self._weights, self._found, self._part = weights, None, 0
            self._ask()

    def _ask(self) -> None:
        if weights := self._weights:
            self._engine.ask(
                FindExciting(_CHANNEL, weights.run_id, weights.position, self._layer, self._part)
            )

    def _fetch(self) -> None:
        weights = self._weights
        if weights is not None and self._found is not None:
            numbers = tuple(self._found.of(self._unit).tolist())
            self._engine.ask(FetchTrainingPictures(_CHANNEL, weights.run_id, weights.position, numbers))

    @Slot(object)
    def _on_replied(self, reply: Reply) -> None:
        request = reply.request
        if request.channel != _CHANNEL or not is_about(reply, self._weights):
            return
        if reply.sentence:
            self._weights = None
            self.failed.emit(reply.sentence)
        elif isinstance(request, FetchTrainingPictures):
            if self._found is not None and request.numbers == tuple(self._found.of(self._unit).tolist()):
                self.arrived.emit(reply.value, self._found)
        elif isinstance(request, FindExciting) and (request.layer, request.part) == (self._layer, self._part):
            self._take(reply.value)

    def _take(self, part: Exciting) -> None:
        self._found = part if self._found is None else self._found.merged(part)
        self._fetch()
        if not self._found.is_last:
            self._part += 1
            self._ask()
