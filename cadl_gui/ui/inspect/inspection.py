"""The weights of the run and position shown, and the activations they produce for one image."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.errors import CadlError
from cadl_gui.domain.model_spec import ModelSpec
from cadl_gui.domain.operations import Operation
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import (
    ComputeActivations,
    DecodeActivations,
    FetchSnapshot,
    ListOperations,
    Reconstruct,
)
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.run import Run
from cadl_gui.engine.weights_ref import WeightsRef
from cadl_gui.imaging.weights.inspected_network import InspectedNetwork


class Inspection(QObject):
    """Fetches weights and activations for the view state, or for the run's first position, while active.

    Args:
        engine: Answers, and holds the view state.
        of_first: Whether to inspect the first recorded position, the untrained network, in place of the shown
            one, as it was: without bends. It is fetched once.

    Signals:
        weights_arrived: (`Snapshot`) The weights to show.
        activations_arrived: (tuple of arrays) Activations of every layer, (1, *output_shape) each.
        reconstructed: ((height, width, channels) float32 or None) The reconstruction of the image by an
            autoencoder; None if it could not be computed.
        failed: (str) A sentence saying why the weights could not be fetched.
    """

    weights_arrived = Signal(object)
    activations_arrived = Signal(object)
    reconstructed = Signal(object)
    failed = Signal(str)

    def __init__(self, engine: Engine, parent: QObject | None = None, *, of_first: bool = False) -> None:
        super().__init__(parent)
        self._engine, self._fail = engine, engine.notifications.unanswered.emit
        self._of_first = of_first
        self._asked: WeightsRef | None = None
        self._is_active = False
        self._network: InspectedNetwork | None = None
        self._position: Position | None = None
        self._image: NDArray[np.float32] | None = None
        self._client = InferenceClient(
            engine.inference, self, lambda: self._weights_to_ask, is_bent=not of_first
        )
        # The graph of a run is the same at every position.
        self._listing = InferenceClient(engine.inference, self)
        engine.view.bind(self, lambda: engine.view.run, self._listing.cancel)
        engine.view.bind(self, lambda: engine.view.shown, self._ask)

    def set_network(self, spec: ModelSpec | None) -> None:
        """Set the network of the run shown; None if there is none."""
        run = self._engine.view.run
        names = () if run is None else run.description.class_names
        self._network = None if spec is None else InspectedNetwork(spec, names)
        self._position = None

    @property
    def network(self) -> InspectedNetwork | None:
        """The network with the weights and activations that have arrived, or None."""
        return self._network

    @property
    def position(self) -> Position | None:
        """The position of its weights; None until they have arrived."""
        return self._position

    def take_weights(self, snapshot: Snapshot) -> None:
        """Give the network the weights of a snapshot, with the bends in force, and emit `weights_arrived`."""
        run = self._engine.view.run
        if self._network is not None and run is not None:
            try:
                self._network.take_weights(snapshot.weights, self._bends_of(run))
            except CadlError as error:
                self.failed.emit(str(error))
                return
            self._position = snapshot.position
        self.weights_arrived.emit(snapshot)

    def bend(self) -> None:
        """Apply the bends in force to the weights that have arrived."""
        run = self._engine.view.run
        if self._network is not None and run is not None:
            self._network.bend(self._bends_of(run))

    def set_active(self, active: bool) -> None:
        """Set whether results are needed; while inactive, no weights are fetched from training."""
        self._is_active = active
        self._ask()

    def set_image(self, image: NDArray[np.float32] | None) -> None:
        """Set the image to compute activations for, (height, width, channels) in [0, 1]; None for none."""
        self._image = None if image is None else image[np.newaxis]
        if image is None and self._network is not None:
            self._network.forget_activations()
        for kind in (ComputeActivations, Reconstruct, DecodeActivations):
            self._client.cancel(kind)
        self._ask_activations()

    def paint(
        self,
        layer: str,
        activations: NDArray[np.float32],
        on_painted: Callable[[NDArray[np.float32] | None], object],
    ) -> None:
        """Decode an image from the activations of a layer.

        Args:
            activations: (1, *output_shape), read-only.
            on_painted: called with the image, (height, width, channels); None if it could not be computed.
        """
        self._client.cancel(DecodeActivations)
        if shown := self._weights_to_ask:
            request = DecodeActivations(shown.run_id, shown.position, layer, activations)

            def fail(message: str) -> None:
                on_painted(None)
                self._fail(message)

            self._client.ask(request, lambda images, _: on_painted(images[0]), fail)

    def list_operations(self, on_listed: Callable[[tuple[Operation, ...]], object]) -> None:
        """Request the graph of the run shown."""
        if shown := self._weights_to_ask:
            request = ListOperations(shown.run_id, shown.position)
            self._listing.ask(request, lambda operations, _: on_listed(operations), self._fail)

    @property
    def _weights_to_ask(self) -> WeightsRef | None:
        """The weights to request; None while inactive, or where the run has no earlier position."""
        view, bending = self._engine.view, self._engine.bending
        if not self._is_active or view.run is None:
            return None
        if not self._of_first:
            return WeightsRef.in_view(view, bending)
        run = view.run
        return WeightsRef.of(run, run.recorded[0], self._bends_of(run)) if len(run.recorded) > 1 else None

    def _bends_of(self, run: Run) -> Bends:
        """Return the bends in force; the untrained network has none, to be compared with."""
        return () if self._of_first else self._engine.bending.of(run.run_id)

    @Slot()
    def _ask(self) -> None:
        shown, asked = self._weights_to_ask, self._asked
        self._asked = shown
        if self._of_first and shown == asked:
            return
        if shown is not None:
            request = FetchSnapshot(shown.run_id, shown.position)
            self._client.ask(request, self._on_weights, self.failed.emit)
        self._ask_activations()

    def _ask_activations(self) -> None:
        shown = self._weights_to_ask
        if shown is not None and self._image is not None:
            request = ComputeActivations(shown.run_id, shown.position, self._image)
            self._client.ask(request, self._on_activations, self._fail)
            run = self._engine.view.run
            if run is not None and not self._of_first and not run.description.config.model.is_classifier:
                again = Reconstruct(shown.run_id, shown.position, self._image)
                self._client.ask(again, self._on_reconstructed, self._on_not_reconstructed)

    def _on_weights(self, snapshot: Snapshot, _: Position | None) -> None:
        self.take_weights(snapshot)

    def _on_activations(self, activations: tuple[NDArray[np.float32], ...], _: Position | None) -> None:
        if self._network is not None and self._image is not None:
            self._network.take_activations(self._image[0], activations)
        self.activations_arrived.emit(activations)

    def _on_reconstructed(self, images: NDArray[np.float32], _: Position | None) -> None:
        self.reconstructed.emit(images[0])

    def _on_not_reconstructed(self, message: str) -> None:
        self.reconstructed.emit(None)  # what was shown is of other weights
        self._fail(message)
