"""A network at one position, bent as it is, and what its layers make of one picture."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.architecture import Architecture, Layer
from cadl_gui.domain.bends import Bends, Part, bend_of
from cadl_gui.domain.snapshot import Weights
from cadl_gui.imaging.weights.activation_maps import ActivationMaps, activation_maps
from cadl_gui.imaging.weights.arithmetic import UnitAtWork
from cadl_gui.imaging.weights.bent_weights import bent_kernels, bent_units
from cadl_gui.imaging.weights.layer_weights import MEAN_PATH, LayerWeights, layer_weights
from cadl_gui.imaging.weights.weight_pictures import WeightPictures


class InspectedNetwork:
    """Puts together what an inspection asks for one by one.

    Args:
        architecture: of the network.

    Attributes:
        weights: of every layer by its name, as they are bent; empty until they are there.
        maps: what every layer makes of the picture, by its name; likewise.
    """

    def __init__(self, architecture: Architecture) -> None:
        self.architecture = architecture
        self.weights: dict[str, LayerWeights] = {}
        self.maps: dict[str, ActivationMaps] = {}
        self._unbent: dict[str, LayerWeights] = {}
        self._mean: NDArray[np.float32] | None = None
        self._picture: NDArray[np.float32] | None = None
        self._activations: dict[str, NDArray[np.float32]] = {}

    def take_weights(self, weights: Weights, bends: Bends) -> None:
        """Have these weights, with these bends.

        Raises:
            CadlError: if they are not those of such a network.
        """
        self._mean = weights.get(MEAN_PATH)
        self._unbent = layer_weights(self.architecture, bent_kernels(self.architecture, weights, bends))
        self.weights = {name: bent_units(own, bends) for name, own in self._unbent.items()}

    def take_activations(
        self, picture: NDArray[np.float32] | None, activations: Sequence[NDArray[np.float32]]
    ) -> None:
        """Have what the layers make of a picture (height, width, channels), (1, *output_shape) each."""
        layers = self.architecture.layers
        self._picture = picture
        self._activations = {layer.name: given[0] for layer, given in zip(layers, activations, strict=True)}
        self.maps = {layer.name: activation_maps(layer, self._activations[layer.name]) for layer in layers}

    def forget_activations(self) -> None:
        """There is no picture any more."""
        self._picture, self._activations, self.maps = None, {}, {}

    def owner_of(self, pictures: WeightPictures) -> Layer:
        """The layer whose units a layer's pictures belong to: what is painted belongs to the one before."""
        if not pictures.paints:
            return pictures.layer
        way = (*self.architecture.encoder, *self.architecture.decoder)
        return way[way.index(pictures.layer) - 1]

    def paints(self, layer: Layer) -> bool:
        """Whether a picture can be decoded from what its units give."""
        return bool(self.architecture.decoder) and layer in (
            self.architecture.encoder[-1],
            *self.architecture.decoder[:-1],
        )

    def alone(self, layer: Layer, unit: int) -> NDArray[np.float32] | None:
        """What a layer gives if only one of its units gives anything, (1, *output_shape); None if unknown."""
        given = self._activations.get(layer.name)
        if given is None or not self.paints(layer):
            return None
        alone = np.zeros_like(given)
        alone[..., unit] = given[..., unit]
        alone = alone[np.newaxis]
        alone.flags.writeable = False
        return alone

    def work_of(self, layer: Layer, unit: int, source: int, bends: Bends) -> UnitAtWork | None:
        """A unit at work on the picture; None where its arithmetic is not shown, or not yet.

        In the place of a bent unit another one may be at work.
        """
        inputs = self._inputs_of(layer)
        if layer.name not in self._unbent or inputs is None:
            return None
        if layer.kind == "dense" and len(layer.output_shape) == 3:
            return None
        maps = self.maps[layer.name].maps
        bend = bend_of(bends, Part(layer.name, unit))
        weights = self._unbent[layer.name]
        return UnitAtWork(weights, bend.origin.unit, source, inputs, maps[unit], bend.factor)

    def _inputs_of(self, layer: Layer) -> NDArray[np.float32] | None:
        """What a layer gets: what the one before gives, or the picture less the mean picture."""
        if self._picture is None or self._mean is None:
            return None
        encoder, decoder = self.architecture.encoder, self.architecture.decoder
        way = (*encoder, *decoder)
        place = len(encoder) - 1 if layer == self.architecture.z_log_var else way.index(layer)
        if place == 0:
            centred: NDArray[np.float32] = self._picture - self._mean
            return centred
        return self._activations[way[place - 1].name].reshape(layer.input_shape)
