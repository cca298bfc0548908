"""The search for the training images that activate a unit most."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.requests import FetchTrainingImages, FindTopActivations
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.engine.weights_ref import WeightsRef
from cadl_gui.ui.run_text import lacks_images

if TYPE_CHECKING:
    from cadl_gui.domain.top_activations import TopActivations


class TopActivationsSearch(QObject):
    """Searches the images part by part for all units of a layer, and reports intermediate results.

    During training, the search restarts with each new snapshot, so the results cover the first few parts
    only.

    Args:
        engine: The engine whose view state is tracked.

    Signals:
        arrived: ((n, height, width, channels) uint8, `TopActivations`) Images for the chosen unit, highest
            activation first, and the state of the search.
        outdated: What arrived last is of another layer than that to be searched now, or there is nothing to
            search.
    """

    arrived = Signal(object, object)
    outdated = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._layer, self._unit = "", 0
        self._arrived_of = ""
        self._weights: WeightsRef | None = None
        self._parts = Question(engine, self, self._search, self._on_failure)
        self._images = Question(engine, self, self._fetch, self._on_failure)
        self._found: TopActivations | None = None
        engine.view.bind(self, lambda: engine.view.shown, self._begin)

    def search(self, layer: str, unit: int) -> None:
        """Search for a unit of a layer; a layer name of "" stops the search."""
        if (layer, unit) == (self._layer, self._unit):
            return
        is_other = layer != self._layer
        self._layer, self._unit = layer, unit
        if is_other:
            if layer not in {"", self._arrived_of}:
                self.outdated.emit()
            self._stop()
            self._begin()
        elif self._found is not None:
            self._images.ask_anew()

    def _stop(self) -> None:
        self._parts.cancel()
        self._images.cancel()
        self._weights = self._found = None

    @Slot()
    def _begin(self) -> None:
        before, view = self._weights, self._engine.view
        weights = WeightsRef.in_view(view, self._engine.bending) if self._layer else None
        if lacks_images(view.run):
            weights = None
            self.outdated.emit()
        if weights is None:
            self._stop()
        elif weights != before:
            # A pending first part is not dropped: during training none would ever arrive.
            awaits_first = self._found is None and before is not None and weights.continues(before)
            self._images.cancel()
            self._weights, self._found = weights, None
            self._parts.ask_more() if awaits_first else self._parts.ask_anew()

    async def _search(self) -> None:
        weights, found, number = self._weights, None, 0
        while weights is not None and weights == self._weights and not (found and found.is_last):
            part, _ = await FindTopActivations(weights.run_id, weights.position, self._layer, number)
            self._found = found = part if found is None else found.merged(part)
            number += 1
            self._images.ask_anew()

    async def _fetch(self) -> None:
        weights, found = self._weights, self._found
        assert weights is not None, "it has been searched"
        assert found is not None, "it has been searched"
        numbers = tuple(found.of(self._unit).tolist())
        images, _ = await FetchTrainingImages(weights.run_id, numbers)
        self._arrived_of = self._layer
        self.arrived.emit(images, found)

    def _on_failure(self, message: str) -> None:
        self._stop()
        self._engine.notifications.unanswered.emit(message)
