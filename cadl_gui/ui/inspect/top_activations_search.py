"""The search for the training images that activate a unit most."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchTrainingImages, FindTopActivations
from cadl_gui.domain.top_activations import TopActivations
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.weights_ref import WeightsRef


class TopActivationsSearch(QObject):
    """Searches the images part by part for all units of a layer, and reports intermediate results.

    During training, the search restarts with each new snapshot, so the results cover the first few parts
    only.

    Args:
        engine: The engine whose view state is tracked.

    Signals:
        arrived: ((n, height, width, channels) uint8, `TopActivations`) Images for the chosen unit, highest
            activation first, and the state of the search.
        outdated: What arrived last is of another layer than that to be searched now.
    """

    arrived = Signal(object, object)
    outdated = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._layer, self._unit = "", 0
        self._arrived_of = ""
        self._weights: WeightsRef | None = None
        self._client = InferenceClient(engine.inference, self, lambda: self._weights)
        self._found: TopActivations | None = None
        self._part = 0
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
            self._client.cancel()
            self._weights = None
            self._begin()
        else:
            self._fetch()

    @Slot()
    def _begin(self) -> None:
        weights = WeightsRef.in_view(self._engine.view, self._engine.bending) if self._layer else None
        if weights != self._weights:
            if self._found is not None:
                # A pending first part is not cancelled: during training none would ever arrive.
                self._client.cancel()
            self._weights, self._found, self._part = weights, None, 0
            self._ask()

    def _ask(self) -> None:
        if weights := self._weights:
            request = FindTopActivations(weights.run_id, weights.position, self._layer, self._part)
            self._client.ask(request, partial(self._take, self._part), self._on_failure)

    def _fetch(self) -> None:
        weights = self._weights
        if weights is not None and self._found is not None:
            numbers = tuple(self._found.of(self._unit).tolist())
            self._client.cancel(FetchTrainingImages)
            request = FetchTrainingImages(weights.run_id, numbers)
            self._client.ask(request, self._on_images, self._on_failure)

    def _on_images(self, images: NDArray[np.uint8], _: Position | None) -> None:
        self._arrived_of = self._layer
        self.arrived.emit(images, self._found)

    def _on_failure(self, message: str) -> None:
        self._client.cancel()
        self._weights = None
        self._engine.notifications.unanswered.emit(message)

    def _take(self, number: int, part: TopActivations, _: Position | None) -> None:
        if number != self._part:
            return  # the first part was asked for twice, and its images must not be counted twice
        self._found = part if self._found is None else self._found.merged(part)
        self._part += 1
        self._fetch()
        if not self._found.is_last:
            self._ask()
