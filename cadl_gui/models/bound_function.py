"""A function of a network by its name: classify, reconstruct, encode or decode."""

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
    """What a network computes when it is asked for something.

    Attributes:
        about: its name, what it takes and what it gives.
        network: whose function it is.
    """

    about: NetworkFunction
    network: Network

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """Of any number of images, or of latent vectors."""
        if self.about.takes == "pictures":
            return None, *self.network.image_shape
        assert isinstance(self.network, Autoencoder), "only autoencoders have codes"
        return None, self.network.latent_dim

    def with_weights(self, weights: list[Any], inputs: Any) -> Any:
        """Compute with these tensors in the place of the network's variables, in a graph of any kind."""
        with keras.StatelessScope(state_mapping=list(zip(self.network.variables, weights, strict=True))):
            return self._compute(inputs)

    def answers(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the network answers with its own weights."""
        answers: NDArray[np.float32] = np.asarray(self._compute(inputs))
        return answers

    def inputs_from(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the function can be tried on: images, or their latent vectors."""
        if self.about.takes == "pictures":
            return images
        assert isinstance(self.network, Autoencoder), "only autoencoders have codes"
        latents: NDArray[np.float32] = np.asarray(self.network.encode(images))
        return latents

    def _compute(self, inputs: Any) -> Any:
        match self.network, self.about.name:
            case Autoencoder(), "encode":
                return self.network.encode(inputs)
            case Autoencoder(), "decode":
                return self.network.decode(inputs)
        return self.network(inputs)
