"""Requests to the inference thread and their replies, as frozen dataclasses."""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.evidence import Evidence
from cadl_gui.domain.nearest import NearestImages
from cadl_gui.domain.operations import Operation
from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.top_activations import TopActivations
from cadl_gui.domain.weight_quantiles import WeightQuantiles

Answer = TypeVar("Answer")


class Request(Generic[Answer]):
    """Base class of requests to the inference thread; `Answer` is the type of the reply's value."""

    def __await__(
        self,
    ) -> Generator["Request[Answer]", Any, tuple[Answer, Position | None]]:
        """Give the answer, and the position of the weights that computed it; see `Question`."""
        answer: tuple[Answer, Position | None] = yield self
        return answer


@dataclass(frozen=True)
class NetworkRequest(Request[Answer]):
    """A request that a network answers.

    Attributes:
        run_id: the run whose network answers.
        position: position of the weights to use; None for the newest weights of a live run.
        bends: bends applied to the network; the broker fills in those currently in force.
    """

    run_id: str
    position: Position | None
    bends: Bends = field(default=(), kw_only=True)


@dataclass(frozen=True)
class RunImagesRequest(Request[Answer]):
    """A request for images of a run's dataset; see `dataset_requests` for questions without a run.

    Attributes:
        run_id: the run, which determines how the dataset is split.
    """

    run_id: str


@dataclass(frozen=True, eq=False)
class Reconstruct(NetworkRequest[NDArray[np.float32]]):
    """Reconstruct images. Answer: reconstructions of the same shape, float32 in [0, 1].

    Attributes:
        images: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    images: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Classify(NetworkRequest[NDArray[np.float32]]):
    """Classify images. Answer: probability of each class, (n, n_classes) float32.

    Attributes:
        images: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    images: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Encode(NetworkRequest[NDArray[np.float32]]):
    """Encode images. Answer: latent vectors, (n, latent_dim) float32; `z_mean` if variational.

    Attributes:
        images: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    images: NDArray[np.float32]


@dataclass(frozen=True)
class FetchPosteriors(NetworkRequest[NDArray[np.float32]]):
    """Encode some of the test images whose latent vectors are in the evaluation artifacts, as Gaussians.

    Answer: mean and standard deviation of each latent dimension, (n, 2, latent_dim) float32; fewer rows, or
    none, past the last image. Only variational networks support this.

    Attributes:
        first: index of the first image.
        n: number of images, at least 1; keep it small, because an interaction waits for the answer.
    """

    first: int
    n: int


@dataclass(frozen=True, eq=False)
class EncodeGaussian(NetworkRequest[NDArray[np.float32]]):
    """Encode images with a variational network. Answer: as for `FetchPosteriors`.

    Attributes:
        images: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    images: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Decode(NetworkRequest[NDArray[np.float32]]):
    """Decode latent vectors. Answer: (n, height, width, channels) float32 in [0, 1].

    Attributes:
        latents: (n, latent_dim) float32, read-only.
    """

    latents: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class FindEvidence(NetworkRequest[Evidence]):
    """Attribute a classifier's logits to the pixels of an image. Answer: an `Evidence`.

    Attributes:
        image: (height, width, channels) float32 in [0, 1], read-only.
    """

    image: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class FindNearest(NetworkRequest[NearestImages]):
    """Compare an image with one part of the run's training images. Answer: a `NearestImages`.

    Searching all of them at once would take too long for an interactive reply.

    Attributes:
        image: (height, width, channels) float32 in [0, 1], read-only.
        part: index of the part, from 0; request further parts until `NearestImages.is_last`.
        by_latent: compare latent vectors instead of pixels; the run must be an autoencoder.
    """

    image: NDArray[np.float32]
    part: int
    by_latent: bool = False


@dataclass(frozen=True)
class FetchTestImage(RunImagesRequest[NDArray[np.uint8]]):
    """Fetch an image that the run is not trained on. Answer: (height, width, channels) uint8.

    Attributes:
        number: index ≥ 0 of the image; it wraps around after the last image.
        is_new_to_all: choose only from images that no other open run is trained on either, because runs
            may split the same dataset differently.
    """

    number: int
    is_new_to_all: bool = False


@dataclass(frozen=True, eq=False)
class ComputeActivations(NetworkRequest[tuple[NDArray[np.float32], ...]]):
    """Compute the activations of every layer. Answer: a tuple of (n, *output_shape) float32 arrays.

    The tuple is in the order of `ModelSpec.layers`. Activations are taken after the layer's activation
    function; a variational network decodes `z_mean`.

    Attributes:
        images: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    images: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class DecodeActivations(NetworkRequest[NDArray[np.float32]]):
    """Decode from a given layer. Answer: images, (n, height, width, channels) float32 in [0, 1].

    Attributes:
        layer: name of the layer whose output is given: the latent layer or a layer of the decoder.
        activations: (n, *output_shape) float32, read-only.
    """

    layer: str
    activations: NDArray[np.float32]


@dataclass(frozen=True)
class FindTopActivations(NetworkRequest[TopActivations]):
    """Search one part of the training images for a layer's top activations. Answer: `TopActivations`.

    Attributes:
        layer: name of the layer.
        part: index of the part, from 0; request further parts until `TopActivations.is_last`.
    """

    layer: str
    part: int


@dataclass(frozen=True)
class FetchTrainingImages(RunImagesRequest[NDArray[np.uint8]]):
    """Fetch training images of the run. Answer: (n, height, width, channels) uint8.

    Attributes:
        numbers: indices of the images, as in `TopActivations.numbers`.
    """

    numbers: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class ComputeErrors(NetworkRequest[NDArray[np.float32]]):
    """Compute how badly the network does on images of the run's dataset. Answer: (n,) float32.

    The error of a classifier is the cross-entropy of the label, that of an autoencoder the mean squared
    difference of its reconstruction.

    Attributes:
        numbers: indices in the dataset, (n,) int32, read-only; keep them few, because an interaction waits.
        predicted: of images that a classifier takes for another class than this, the error is −1; None for
            no such class.
    """

    numbers: NDArray[np.int32]
    predicted: int | None = None


@dataclass(frozen=True)
class ComputeQuantiles(NetworkRequest[WeightQuantiles]):
    """Compute quantiles of a layer's learned weights, without bends. Answer: a `WeightQuantiles`.

    Attributes:
        layer: name of the layer.
        in_colour: whether its images are in colour, which decides whose weights they are.
    """

    layer: str
    in_colour: bool = False


@dataclass(frozen=True)
class ListOperations(NetworkRequest[tuple[Operation, ...]]):
    """List the operations of the network's graph. Answer: a tuple of `Operation`."""


@dataclass(frozen=True)
class FetchSnapshot(NetworkRequest[Snapshot]):
    """Fetch the weights and their evaluation artifacts. Answer: a `Snapshot`.

    The weights are the learned ones, without bends; artifacts that a bend invalidates are left out.
    """


@dataclass(frozen=True, eq=False)
class Reply:
    """The reply to a request.

    Attributes:
        number: serial number of the request, assigned by the broker.
        request: the request.
        position: position of the weights that were used; None if none were.
        value: the answer, of the request's `Answer` type; None on failure.
        message: error message, or "".
    """

    number: int
    request: Request[Any]
    position: Position | None
    value: Any
    message: str = ""
