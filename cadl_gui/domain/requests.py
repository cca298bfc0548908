"""What the networks are asked: frozen dataclasses that go down to the inference thread, and the replies."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from cadl_gui.domain.bends import Bends
from cadl_gui.domain.evidence import Evidence
from cadl_gui.domain.exciting import Exciting
from cadl_gui.domain.nearest import NearestPictures
from cadl_gui.domain.operations import Operation
from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.weight_survey import WeightSurvey

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
    """Encode and decode pictures. Answer: float32 in [0, 1] of the same shape.

    Attributes:
        pictures: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    pictures: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Classify(NetworkRequest[NDArray[np.float32]]):
    """Ask a classifier. Answer: probability of each label, (n, n_labels) float32.

    Attributes:
        pictures: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    pictures: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Encode(NetworkRequest[NDArray[np.float32]]):
    """Encode pictures. Answer: codes, (n, latent_dim) float32; of a variational network `z_mean`.

    Attributes:
        pictures: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    pictures: NDArray[np.float32]


@dataclass(frozen=True)
class FetchPosteriors(NetworkRequest[NDArray[np.float32]]):
    """Encode some of the first test pictures, whose codes are in the probes, as Gaussians.

    Answer: mean and standard deviation of each latent, (n, 2, latent_dim) float32; fewer than asked for, or
    none, beyond the last picture. Only variational networks have them.

    Attributes:
        first: number of the first picture.
        n: how many, at least 1; the hand waits for them.
    """

    first: int
    n: int


@dataclass(frozen=True, eq=False)
class EncodeGaussian(NetworkRequest[NDArray[np.float32]]):
    """Encode pictures by a variational network. Answer: see `FetchPosteriors`.

    Attributes:
        pictures: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    pictures: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Decode(NetworkRequest[NDArray[np.float32]]):
    """Decode codes. Answer: (n, height, width, channels) float32 in [0, 1].

    Attributes:
        codes: (n, latent_dim) float32, read-only.
    """

    codes: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Explain(NetworkRequest[Evidence]):
    """Ask a classifier which pixels speak for and against each label. Answer: an `Evidence`.

    Attributes:
        picture: (height, width, channels) float32 in [0, 1], read-only.
    """

    picture: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class FindNearest(NetworkRequest[NearestPictures]):
    """Compare a picture with a part of those that the run learned from. Answer: a `NearestPictures`.

    All of them at once would take longer than a hand can wait.

    Attributes:
        picture: (height, width, channels) float32 in [0, 1], read-only.
        part: from 0 on, as long as the answer is not the last part.
        by_code: compare what the run's network, an autoencoder, makes of the pictures, instead of pixels.
    """

    picture: NDArray[np.float32]
    part: int
    by_code: bool = False


@dataclass(frozen=True)
class FetchTestPicture(DatasetRequest[NDArray[np.uint8]]):
    """Hand out one of the pictures that the run does not learn from. Answer: (height, width, channels) uint8.

    Attributes:
        number: any number ≥ 0; beyond the last picture it starts again with the first.
        is_new_to_all: hand out only those that no other open run learns from either: not every run splits
            its dataset in the same way.
    """

    number: int
    is_new_to_all: bool = False


@dataclass(frozen=True, eq=False)
class FollowThrough(NetworkRequest[tuple[NDArray[np.float32], ...]]):
    """Follow pictures through every layer. Answer: what each gives, a tuple of (n, *output_shape) float32.

    The tuple is in the order of `Architecture.layers`. Activations are those after the layer's activation
    function; a variational network decodes the mean of its code.

    Attributes:
        pictures: (n, height, width, channels) float32 in [0, 1], read-only.
    """

    pictures: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Paint(NetworkRequest[NDArray[np.float32]]):
    """Decode from the middle on. Answer: pictures, (n, height, width, channels) float32 in [0, 1].

    Attributes:
        layer: that gives the activations: the code, or a layer of the decoder.
        activations: (n, *output_shape) float32, read-only.
    """

    layer: str
    activations: NDArray[np.float32]


@dataclass(frozen=True)
class FindExciting(NetworkRequest[Exciting]):
    """Search a part of the pictures that the run learned from. Answer: an `Exciting` of all units of a layer.

    Attributes:
        layer: whose units.
        part: from 0 on, as long as the answer is not the last part.
    """

    layer: str
    part: int


@dataclass(frozen=True)
class FetchTrainingPictures(DatasetRequest[NDArray[np.uint8]]):
    """Hand out pictures that the run learned from. Answer: (n, height, width, channels) uint8.

    Attributes:
        numbers: of pictures, as an `Exciting` tells them.
    """

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class SurveyWeights(NetworkRequest[WeightSurvey]):
    """Survey the weights of a layer, as they were learned. Answer: a `WeightSurvey`.

    Attributes:
        layer: its name.
    """

    layer: str


@dataclass(frozen=True)
class ListOperations(NetworkRequest[tuple[Operation, ...]]):
    """List the graph that the network computes with. Answer: a tuple of `Operation`."""


@dataclass(frozen=True, eq=False)
class SaveExamples(Request[Path]):
    """Write labelled pictures to a file. Answer: its path.

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
        sentence: what went wrong, or "".
    """

    number: int
    request: Request[Any]
    position: Position | None
    value: Any
    sentence: str = ""
