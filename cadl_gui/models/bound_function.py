"""A network's function, selected by name: classify, reconstruct, encode or decode."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.exports import NetworkFunction
from cadl_gui.models.autoencoder import Autoencoder
from cadl_gui.models.network import Network


@dataclass(frozen=True, eq=False)
class BoundFunction:
    """One function of one network.

    Attributes:
        about: name, input and output of the function.
        network: the network that computes it.
    """

    about: NetworkFunction
    network: Network

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """Shape of a batch of images or latent vectors; its first dimension is None."""
        if self.about.takes == "images":
            return None, *self.network.image_shape
        assert isinstance(self.network, Autoencoder), "only autoencoders have latents"
        return None, self.network.latent_dim

    def with_weights(self, weights: list[Any], inputs: Any) -> Any:
        """Compute with the given tensors in place of the network's variables, eagerly or in any graph.

        Args:
            weights: one tensor for each of `network.variables`, in their order.
            inputs: tensor of shape `input_shape`.
        """
        with keras.StatelessScope(state_mapping=list(zip(self.network.variables, weights, strict=True))):
            return self._compute(inputs)

    def answers(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Outputs of the function with the network's current weights."""
        answers: NDArray[np.float32] = np.asarray(self._compute(inputs))
        return answers

    def inputs_from(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        """Inputs to test the function on: the images themselves, or their latent vectors.

        Args:
            images: (n, height, width, channels) float32 in [0, 1].
        """
        if self.about.takes == "images":
            return images
        assert isinstance(self.network, Autoencoder), "only autoencoders have latents"
        latents: NDArray[np.float32] = np.asarray(self.network.encode(images))
        return latents

    def _compute(self, inputs: Any) -> Any:
        return getattr(self.network.functions(), self.about.name)(inputs)
