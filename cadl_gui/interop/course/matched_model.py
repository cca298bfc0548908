"""What is found out about a checkpoint from the names and shapes of its variables."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.images import ImageShape

Shapes = Mapping[str, tuple[int, ...]]
"""Of variables, by name."""

STRIDE = 2
"""Of every convolution in the lecture and in the course's framework."""

MNIST_SHAPE = (28, 28, 1)
_CROP_SHAPE = (64, 64, 3)
"""To which the course's `train_vae` crops images."""


@dataclass(frozen=True)
class Normalisation:
    """Names of a batch normalisation's variables."""

    gamma: str
    beta: str
    mean: str
    variance: str


@dataclass(frozen=True)
class Source:
    """Where a layer's variables come from.

    Attributes:
        kernel: name of its kernel.
        bias: name of its bias, or "".
        normalisation: of the batch normalisation behind it, or None.
    """

    kernel: str
    bias: str = ""
    normalisation: Normalisation | None = None

    @property
    def names(self) -> list[str]:
        """All of them."""
        normalisation = [] if self.normalisation is None else list(vars(self.normalisation).values())
        return [self.kernel, *([self.bias] if self.bias else []), *normalisation]


@dataclass(frozen=True)
class GraphHints:
    """What the graph tells, if it was saved beside the variables.

    Attributes:
        activation: a name of `ModelConfig.activation`, or "".
        image_shape: (height, width, channels) of what goes in, or None.
    """

    activation: str = ""
    image_shape: ImageShape | None = None


@dataclass(frozen=True, kw_only=True)
class MatchedModel:
    """A network that a checkpoint holds.

    Attributes:
        config: what builds it.
        image_shape: (height, width, channels).
        n_classes: of a classifier, else 0.
        steps_per_epoch: batches of one epoch, as the course trains it.
        sources: for each of its layers with variables of its own, by name.
        assumptions: in plain words, what the checkpoint does not tell.
    """

    config: RunConfig
    image_shape: ImageShape
    steps_per_epoch: int
    sources: Mapping[str, Source]
    n_classes: int = 0
    assumptions: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Of all variables that belong to it."""
        return frozenset(name for source in self.sources.values() for name in source.names)


def numbered(shapes: Shapes, name: str) -> list[tuple[int, ...]]:
    """Shapes of the variables that a name stands for with 0, 1, 2 … in place of its `{}`."""
    found: list[tuple[int, ...]] = []
    while (shape := shapes.get(name.format(len(found)))) is not None:
        found.append(shape)
    return found


def is_chain(kernels: Sequence[tuple[int, ...]]) -> bool:
    """Whether kernels of dense layers, or square ones of convolutions, can follow one another."""
    if not kernels or len({len(kernel) for kernel in kernels}) != 1:
        return False
    if len(kernels[0]) not in {2, 4} or any(kernel[0] != kernel[1] for kernel in kernels if len(kernel) == 4):
        return False
    pairs = itertools.pairwise(kernels)
    return 0 not in map(math.prod, kernels) and all(first[-1] == second[-2] for first, second in pairs)


def flat_image(n_pixels: int, hints: GraphHints) -> ImageShape | None:
    """The image that so many numbers are, by the course's `to_tensor`: square, in grey or in colour."""
    if hints.image_shape is not None and math.prod(hints.image_shape) == n_pixels:
        return hints.image_shape
    for channels in (1, 3):
        side = math.isqrt(n_pixels // channels)
        if side * side * channels == n_pixels and side > 0:
            return side, side, channels
    return None


def slid_image(
    channels: int, n_layers: int, hints: GraphHints, n_positions: int | None = None
) -> ImageShape | None:
    """The image that convolutions of the course go over.

    Kernels do not tell how large it is: the graph does, or a dense layer behind them, or it has the size that
    the course's images have.

    Args:
        channels: of the image.
        n_layers: how many convolutions there are.
        hints: of the graph.
        n_positions: in what comes out of the last one, if that is known.
    """
    shrunk = STRIDE**n_layers
    side = math.isqrt(n_positions or 0) * shrunk
    for shape in (hints.image_shape, MNIST_SHAPE, _CROP_SHAPE, (side, side, channels)):
        if shape is None or shape[2] != channels or 0 in shape:
            continue
        if n_positions in {None, math.ceil(shape[0] / shrunk) * math.ceil(shape[1] / shrunk)}:
            return shape
    return None


def size_assumption(shape: ImageShape, hints: GraphHints) -> tuple[str, ...]:
    """Tells that the size of the images was not in the file."""
    if hints.image_shape == shape:
        return ()
    return (f"The kernels do not tell how large the images are: taken as {shape[0]}×{shape[1]}.",)


def plain(shape: Iterable[int]) -> str:
    """A shape as people write it."""
    return "×".join(map(str, shape)) or "one number"
