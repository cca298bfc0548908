"""A network at one position, with bends, and its activations for one image."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.bends import Bends, Part, bend_of
from cadl_gui.domain.class_names import unit_name
from cadl_gui.domain.model_spec import LayerSpec, ModelSpec
from cadl_gui.domain.snapshot import Weights
from cadl_gui.imaging.weights.activation_maps import ActivationMaps, activation_maps
from cadl_gui.imaging.weights.arithmetic import UnitComputation
from cadl_gui.imaging.weights.bent_weights import bent_kernels, bent_units
from cadl_gui.imaging.weights.layer_weights import MEAN_PATH, LayerWeights, layer_weights
from cadl_gui.imaging.weights.weight_images import WeightImages


class InspectedNetwork:
    """Collects weights and activations, which arrive separately, for an inspection.

    Args:
        spec: specification of the network.
        class_names: names of its classes by label.

    Attributes:
        weights: weights by layer name, with bends applied; empty until available.
        maps: activation maps by layer name; empty until available.
    """

    def __init__(self, spec: ModelSpec, class_names: tuple[str, ...] = ()) -> None:
        self.spec = spec
        self._class_names = class_names
        self.weights: dict[str, LayerWeights] = {}
        self.maps: dict[str, ActivationMaps] = {}
        self._given: Weights | None = None
        self._unbent: dict[str, LayerWeights] = {}
        self._mean: NDArray[np.float32] | None = None
        self._image: NDArray[np.float32] | None = None
        self._activations: dict[str, NDArray[np.float32]] = {}

    def take_weights(self, weights: Weights, bends: Bends) -> None:
        """Set the weights and apply bends to a copy.

        Raises:
            CadlError: if the weights do not match the network, or a bent kernel does not exist.
        """
        self._given, self._mean = weights, weights.get(MEAN_PATH)
        self.bend(bends)

    def bend(self, bends: Bends) -> None:
        """Apply other bends to the weights, if there are any yet.

        Raises:
            CadlError: as `take_weights`.
        """
        if self._given is not None:
            kernels = bent_kernels(self.spec, self._given, bends)
            self._unbent = layer_weights(self.spec, kernels, self._class_names)
            self.weights = {name: bent_units(own, bends) for name, own in self._unbent.items()}

    def take_activations(
        self, image: NDArray[np.float32] | None, activations: Sequence[NDArray[np.float32]]
    ) -> None:
        """Set the activations for an image.

        Args:
            image: (height, width, channels), or None.
            activations: (1, *output_shape) for each layer, in the order of `ModelSpec.layers`.
        """
        layers = self.spec.layers
        self._image = image
        self._activations = {layer.name: given[0] for layer, given in zip(layers, activations, strict=True)}
        self.maps = {layer.name: activation_maps(layer, self._activations[layer.name]) for layer in layers}

    def forget_activations(self) -> None:
        """Clear the image and its activations."""
        self._image, self._activations, self.maps = None, {}, {}

    def owner_of(self, images: WeightImages) -> LayerSpec:
        """The layer whose units the weight images belong to: the previous one if they show outputs."""
        if not images.paints:
            return images.layer
        way = (*self.spec.encoder, *self.spec.decoder)
        return way[way.index(images.layer) - 1]

    def paints(self, layer: LayerSpec) -> bool:
        """Whether an image can be decoded from the activations of a layer."""
        return bool(self.spec.decoder) and layer in (
            self.spec.encoder[-1],
            *self.spec.decoder[:-1],
        )

    def alone(self, layer: LayerSpec, unit: int) -> NDArray[np.float32] | None:
        """Activations of one unit, all others being 0, (1, *output_shape), read-only; None if unavailable."""
        given = self._activations.get(layer.name)
        if given is None or not self.paints(layer):
            return None
        alone = np.zeros_like(given)
        alone[..., unit] = given[..., unit]
        alone = alone[np.newaxis]
        alone.flags.writeable = False
        return alone

    def unit_name(self, part: Part) -> str:
        """What a unit is called, such as "unit 3" or "class 3"."""
        return unit_name(self.weights[part.layer].class_names, part.unit)

    def work_of(self, layer: LayerSpec, unit: int, source: int, bends: Bends) -> UnitComputation | None:
        """The computation of a unit for the image; None if it is unavailable or not shown.

        If the unit has been swapped, this is the computation of the unit that replaces it.
        """
        inputs = self._inputs_of(layer)
        if layer.name not in self._unbent or inputs is None:
            return None
        if layer.kind == "dense" and len(layer.output_shape) == 3:
            return None
        maps = self.maps[layer.name].maps
        bend = bend_of(bends, Part(layer.name, unit))
        weights = self._unbent[layer.name]
        return UnitComputation(weights, bend.origin.unit, source, inputs, maps[unit], bend.factor)

    def _inputs_of(self, layer: LayerSpec) -> NDArray[np.float32] | None:
        """Input of a layer: the output of the previous one, or the image minus the mean image."""
        if self._image is None or self._mean is None:
            return None
        encoder, decoder = self.spec.encoder, self.spec.decoder
        way = (*encoder, *decoder)
        place = len(encoder) - 1 if layer == self.spec.z_log_var else way.index(layer)
        if place == 0:
            centred: NDArray[np.float32] = self._image - self._mean
            return centred
        return self._activations[way[place - 1].name].reshape(layer.input_shape)
