"""What the networks are asked: frozen dataclasses that go down to the inference thread, and the replies."""

from dataclasses import dataclass, field
from pathlib import Path
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
    """A question that the inference thread answers; `Answer` is the type of what comes back."""


@dataclass(frozen=True)
class NetworkRequest(Request[Answer]):
    """A question to a network.

    Attributes:
        run_id: about which run.
        position: about which weights; None means the newest of a live run.
        bends: of the network that answers; the broker fills in those in force.
    """

    run_id: str
    position: Position | None
    bends: Bends = field(default=(), kw_only=True)


@dataclass(frozen=True)
class DatasetRequest(Request[Answer]):
    """A question about the dataset of a run, whatever its network has learned.

    Attributes:
        run_id: about which run, which decides how the dataset is split.
    """

    run_id: str


@dataclass(frozen=True, eq=False)
class Reconstruct(NetworkRequest[NDArray[np.float32]]):
    """Encode and decode images. Answer: float32 in [0, 1] of the same shape.

    Attributes:
        images: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    images: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Classify(NetworkRequest[NDArray[np.float32]]):
    """Ask a classifier. Answer: probability of each label, (n, n_classes) float32.

    Attributes:
        images: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    images: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Encode(NetworkRequest[NDArray[np.float32]]):
    """Encode images. Answer: latent vectors, (n, latent_dim) float32; of a variational network `z_mean`.

    Attributes:
        images: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    images: NDArray[np.float32]


@dataclass(frozen=True)
class FetchPosteriors(NetworkRequest[NDArray[np.float32]]):
    """Encode some of the first test images, whose latent vectors are in the probes, as Gaussians.

    Answer: mean and standard deviation of each latent, (n, 2, latent_dim) float32; fewer than asked for, or
    none, beyond the last image. Only variational networks have them.

    Attributes:
        first: number of the first image.
        n: how many, at least 1; the hand waits for them.
    """

    first: int
    n: int


@dataclass(frozen=True, eq=False)
class EncodeGaussian(NetworkRequest[NDArray[np.float32]]):
    """Encode images by a variational network. Answer: see `FetchPosteriors`.

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
    """Ask a classifier which pixels speak for and against each label. Answer: an `Evidence`.

    Attributes:
        image: (height, width, channels) float32 in [0, 1], read-only.
    """

    image: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class FindNearest(NetworkRequest[NearestImages]):
    """Compare an image with a part of those that the run learned from. Answer: a `NearestImages`.

    All of them at once would take longer than a hand can wait.

    Attributes:
        image: (height, width, channels) float32 in [0, 1], read-only.
        part: from 0 on, as long as the answer is not the last part.
        by_latent: compare what the run's network, an autoencoder, makes of the images, instead of pixels.
    """

    image: NDArray[np.float32]
    part: int
    by_latent: bool = False


@dataclass(frozen=True)
class FetchTestImage(DatasetRequest[NDArray[np.uint8]]):
    """Hand out one of the images that the run does not learn from. Answer: (height, width, channels) uint8.

    Attributes:
        number: any number ≥ 0; beyond the last image it starts again with the first.
        is_new_to_all: hand out only those that no other open run learns from either: not every run splits
            its dataset in the same way.
    """

    number: int
    is_new_to_all: bool = False


@dataclass(frozen=True, eq=False)
class ComputeActivations(NetworkRequest[tuple[NDArray[np.float32], ...]]):
    """Follow images through every layer. Answer: what each gives, a tuple of (n, *output_shape) float32.

    The tuple is in the order of `ModelSpec.layers`. Activations are those after the layer's activation
    function; a variational network decodes the mean of its latent vector.

    Attributes:
        images: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    images: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class DecodeActivations(NetworkRequest[NDArray[np.float32]]):
    """Decode from the middle on. Answer: images, (n, height, width, channels) float32 in [0, 1].

    Attributes:
        layer: that gives the activations: the latent vector, or a layer of the decoder.
        activations: (n, *output_shape) float32, read-only.
    """

    layer: str
    activations: NDArray[np.float32]


@dataclass(frozen=True)
class FindTopActivations(NetworkRequest[TopActivations]):
    """Search a part of the images that the run learned from. Answer: the `TopActivations` of its units.

    Attributes:
        layer: whose units.
        part: from 0 on, as long as the answer is not the last part.
    """

    layer: str
    part: int


@dataclass(frozen=True)
class FetchTrainingImages(DatasetRequest[NDArray[np.uint8]]):
    """Hand out images that the run learned from. Answer: (n, height, width, channels) uint8.

    Attributes:
        numbers: of images, as an `TopActivations` tells them.
    """

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class ComputeQuantiles(NetworkRequest[WeightQuantiles]):
    """Survey the weights of a layer, as they were learned. Answer: a `WeightQuantiles`.

    Attributes:
        layer: its name.
    """

    layer: str


@dataclass(frozen=True)
class ListOperations(NetworkRequest[tuple[Operation, ...]]):
    """List the graph that the network computes with. Answer: a tuple of `Operation`."""


@dataclass(frozen=True, eq=False)
class SaveExamples(Request[Path]):
    """Write labelled images to a file. Answer: its path.

    Attributes:
        path: ends in `.npz` or `.h5`.
        images: (n, height, width, channels) uint8, read-only.
        labels: (n,) int64, read-only.
    """

    path: Path
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class FetchSnapshot(NetworkRequest[Snapshot]):
    """Hand out the weights themselves, and the probes beside them. Answer: a `Snapshot`.

    The weights are those that were learned, whatever the bends; probes that a bend makes untrue are left out.
    """


@dataclass(frozen=True, eq=False)
class Reply:
    """The answer to a request.

    Attributes:
        number: of the request, counted up by the broker.
        request: what was asked.
        position: of the weights that answered; None if none did.
        value: the answer, of the request's type; None on failure.
        message: what went wrong, or "".
    """

    number: int
    request: Request[Any]
    position: Position | None
    value: Any
    message: str = ""
