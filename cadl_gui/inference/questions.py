"""Maps each class of request to the function of the network that computes its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from cadl_gui.domain.errors import NOT_FINITE, CadlError
from cadl_gui.domain.requests import (
    Classify,
    ComputeActivations,
    Decode,
    DecodeActivations,
    Encode,
    EncodeGaussian,
    FindEvidence,
    FindTopActivations,
    NetworkRequest,
    Reconstruct,
)
from cadl_gui.inference.activations import all_activations, peak_activations, split_activations
from cadl_gui.inference.contributions import contributions
from cadl_gui.models import Autoencoder, Classifier, Network, VariationalAutoencoder

Argument: TypeAlias = tuple[int | None, ...] | tf.TensorSpec
"""Shape of a float32 argument, or the full specification of an argument of another type."""


def _images(network: Network) -> tuple[Argument, ...]:
    return ((None, *network.image_shape),)


def _finite(network: Network, answer: NDArray[np.float32]) -> NDArray[np.float32]:  # noqa: ARG001 - as others
    if not np.isfinite(answer).all():
        raise CadlError(NOT_FINITE)
    return answer


def _as_it_is(network: Network, answer: NDArray[np.float32]) -> NDArray[np.float32]:  # noqa: ARG001 - as others
    """Return the answer unchecked; its images show where values are not finite."""
    return answer


@dataclass(frozen=True, eq=False)
class Question:
    """How a class of requests is answered.

    Attributes:
        of: class of the networks that support the request.
        compute: function of (network, tensors…, options=`Pass`) → tensor, or of (network, layer, tensors…,
            options=`Pass`) if the request names a layer. It is traced once per kind of network and layer.
        takes: function of the network, and the layer if any, to the shapes of the tensors; by default the
            shape of a batch of images.
        finish: function of the network and the computed array to the answer; raises `CadlError` if there is
            none. By default the array itself, which must be finite.
    """

    of: type[keras.Model]
    compute: Callable[..., Any]
    takes: Callable[..., tuple[Argument, ...]] = _images
    finish: Callable[[Network, NDArray[np.float32]], Any] = _finite


def _shape_of_layer(network: Network, layer: str) -> tuple[Argument, ...]:
    shapes = {own.name: own.output_shape for own in network.spec.layers}
    return ((None, *shapes[layer]),)


QUESTIONS: dict[type[NetworkRequest[Any]], Question] = {
    Classify: Question(Classifier, Classifier.call),
    Reconstruct: Question(Autoencoder, Autoencoder.call),
    Encode: Question(Autoencoder, Autoencoder.encode),
    EncodeGaussian: Question(
        VariationalAutoencoder,
        lambda network, images, options: network.functions(options).encode_gaussian(images),
    ),
    Decode: Question(Autoencoder, Autoencoder.decode, lambda network: ((None, network.latent_dim),)),
    DecodeActivations: Question(Autoencoder, Autoencoder.decode_from, _shape_of_layer, _as_it_is),
    ComputeActivations: Question(
        keras.Model,
        all_activations,
        finish=lambda network, given: split_activations(network.spec, given),
    ),
    FindTopActivations: Question(
        keras.Model, peak_activations, lambda network, _: _images(network), finish=_as_it_is
    ),
    FindEvidence: Question(
        Classifier, contributions, lambda network: (network.image_shape, tf.TensorSpec((None,), tf.int32))
    ),
}
"""Questions by class of request. To add one, add a class to `domain/requests.py` and an entry here."""
