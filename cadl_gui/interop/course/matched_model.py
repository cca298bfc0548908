"""Describes the network in a checkpoint, as inferred from the names and shapes of its variables."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.images import ImageShape
from cadl_gui.system.words import _

Shapes = Mapping[str, tuple[int, ...]]
"""Shapes of variables, by name."""

STRIDE = 2
"""Stride of every convolution in the lecture and in the course's framework."""

MNIST_SHAPE = (28, 28, 1)
_CROP_SHAPE = (64, 64, 3)
"""Shape to which the course's `train_vae` crops images."""


@dataclass(frozen=True)
class Normalisation:
    """Names of the variables of a batch normalisation."""

    gamma: str
    beta: str
    mean: str
    variance: str


@dataclass(frozen=True)
class Source:
    """Names of the checkpoint variables for one layer.

    Attributes:
        kernel: name of its kernel.
        bias: name of its bias, or "".
        normalisation: names for the batch normalisation after the layer, or None.
    """

    kernel: str
    bias: str = ""
    normalisation: Normalisation | None = None

    @property
    def names(self) -> list[str]:
        """Names of all variables of the layer."""
        normalisation = [] if self.normalisation is None else list(vars(self.normalisation).values())
        return [self.kernel, *([self.bias] if self.bias else []), *normalisation]


@dataclass(frozen=True)
class GraphHints:
    """Properties read from the graph, if it was saved beside the variables.

    Attributes:
        activation: a valid value of `ModelConfig.activation`, or "" if unknown.
        image_shape: (height, width, channels) of the input, or None if unknown.
    """

    activation: str = ""
    image_shape: ImageShape | None = None


@dataclass(frozen=True, kw_only=True)
class MatchedModel:
    """A network recognised in a checkpoint.

    Attributes:
        config: configuration that builds the network.
        image_shape: (height, width, channels) of one image.
        n_classes: number of classes of a classifier, otherwise 0.
        steps_per_epoch: batches in one epoch, as the course trains the network.
        sources: sources of the variables, by name of each layer that has its own.
        assumptions: user-readable notes on what had to be assumed.
    """

    config: RunConfig
    image_shape: ImageShape
    steps_per_epoch: int
    sources: Mapping[str, Source]
    n_classes: int = 0
    assumptions: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Names of all checkpoint variables that belong to the network."""
        return frozenset(name for source in self.sources.values() for name in source.names)


def numbered(shapes: Shapes, name: str) -> list[tuple[int, ...]]:
    """Return the shapes of consecutive variables, by filling the `{}` in `name` with 0, 1, 2 …."""
    found: list[tuple[int, ...]] = []
    while (shape := shapes.get(name.format(len(found)))) is not None:
        found.append(shape)
    return found


def is_chain(kernels: Sequence[tuple[int, ...]]) -> bool:
    """Return whether kernels, all dense or all square convolutions, can belong to consecutive layers."""
    if not kernels or len({len(kernel) for kernel in kernels}) != 1:
        return False
    if len(kernels[0]) not in {2, 4} or any(kernel[0] != kernel[1] for kernel in kernels if len(kernel) == 4):
        return False
    pairs = itertools.pairwise(kernels)
    return 0 not in map(math.prod, kernels) and all(first[-1] == second[-2] for first, second in pairs)


def flat_image(n_pixels: int, hints: GraphHints) -> ImageShape | None:
    """Return the image shape for a flat input: the hinted shape if it fits, else square, grey or colour.

    The course's `to_tensor` interprets flat inputs in the same way. Returns None if no such shape fits.

    Args:
        n_pixels: size of the flat input, channels included.
    """
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
    """Return the shape of the images that the course's convolutions take, or None if none fits.

    Kernels do not determine the image size: it follows from the graph or from a dense layer after the
    convolutions, or is one of the sizes of the course's images.

    Args:
        n_layers: number of convolutions.
        n_positions: height × width of the last convolution's output, if known.
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
    """Return a note that the image size was assumed, or nothing if the graph states it."""
    if hints.image_shape == shape:
        return ()
    return (
        _("The kernels do not determine the size of the images: taken as {first}×{second}.").format(
            first=shape[0], second=shape[1]
        ),
    )


def plain(shape: Iterable[int]) -> str:
    """Format a shape for people, such as 3×3×1×16."""
    return "×".join(map(str, shape)) or _("one number")
