"""Classifies kernels as patterns, noise or constant, after the lecture's rule.

Lecture, *Convolutional Networks*: "Some filters may even seem to respond to things that are mostly constant.
However, if our network has learned a lot of filters that look like that, it's likely that the network hasn't
really learned anything at all. The flip side of this is if the filters all look more or less random. That's
also a bad sign."
"""

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from cadl_gui.imaging.weights.weight_images import WeightImages
from cadl_gui.system.words import _, ngettext

_CONSTANT_SHARE = 0.1
"""A kernel is constant if at most this share of its energy, the sum of squares, remains without its mean."""

_LEAST_WEIGHTS = 25
"""Fewest weights, 5×5, for the noise test: 30 of 32 kernels of 4×4 that have learned well would pass it."""

_CHANCE = 2.0
"""Threshold of the noise test in standard deviations: 95 % of random kernels, and few others, lie within."""


class Look(Enum):
    """Appearance of a weight image."""

    PATTERN = 0
    NOISE = 1
    CONSTANT = 2
    NOT_FINITE = 3


REASONS = {
    Look.PATTERN: "",
    Look.NOISE: _(
        "Looks like noise: neighbouring weights have no more to do with each other than by chance."
    ),
    Look.CONSTANT: _("Nearly constant: it responds to how bright a place is, not to what is on it."),
    Look.NOT_FINITE: _("Some of its weights are not finite numbers (pink)."),
}
"""Why an image is marked."""


@dataclass(frozen=True, eq=False)
class Reading:
    """Appearance of all weight images of a layer.

    Attributes:
        looks: (inputs, units) values of `Look`.
    """

    looks: NDArray[np.uint8]

    def look(self, tile: int) -> Look:
        """Appearance of one image, by its index, input * units + unit."""
        return Look(int(self.looks.reshape(-1)[tile]))

    def message(self) -> str:
        """Sentence about conspicuous images of the layer, or ""."""
        n = self.looks.size
        counts = {look: int((self.looks == look.value).sum()) for look in Look}
        if counts[Look.NOT_FINITE]:
            hold = ngettext("holds", "hold", counts[Look.NOT_FINITE])
            return _("{of} {hold} weights that are not finite numbers (pink).").format(
                of=_of(counts[Look.NOT_FINITE], n), hold=hold
            )
        said = [
            (Look.NOISE, ngettext("looks like noise", "look like noise", counts[Look.NOISE])),
            (Look.CONSTANT, ngettext("is nearly constant", "are nearly constant", counts[Look.CONSTANT])),
        ]
        for look, words in said:
            if counts[look] > n / 2:
                return _("{of} {words}: a sign that this layer has learned little.").format(
                    of=_of(counts[look], n), words=words
                )
        found = [f"{counts[look]:,} {words}" for look, words in said if counts[look]]
        return _("Of {n:,}, {found}.").format(n=n, found=_(" and ").join(found)) if found else ""


def read(images: WeightImages) -> Reading:
    """Classify every weight image of a layer."""
    patches = images.patches
    finite = np.asarray(np.isfinite(patches).all(axis=(2, 3, 4)))
    retained = (
        patches if finite.all() else np.where(finite[..., np.newaxis, np.newaxis, np.newaxis], patches, 0)
    )
    values = retained.astype(np.float64)
    looks = np.full(finite.shape, Look.PATTERN.value, np.uint8)
    *_, channels, height, width = patches.shape
    if images.is_spatial and height * width >= _LEAST_WEIGHTS:
        looks[_is_noise(values)] = Look.NOISE.value
    if channels * height * width > 1:
        looks[_is_constant(values)] = Look.CONSTANT.value
    looks[~finite] = Look.NOT_FINITE.value
    return Reading(looks)


def _is_constant(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    energy = _dot(values, values)
    n = math.prod(values.shape[2:])
    deviation = energy - np.square(values.sum(axis=(2, 3, 4))) / n
    constant: NDArray[np.bool_] = deviation <= _CONSTANT_SHARE * energy
    return constant


def _is_noise(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether neighbours are correlated no more than by chance: Moran's I, tested under normality.

    Moran, *Notes on Continuous Stochastic Phenomena*, Biometrika 37, 1950. Neighbours share an edge, and each
    channel is centred separately. The variance is the limit for many neighbours, one over their number.
    """
    centred = values - values.mean(axis=(3, 4), keepdims=True)
    channels, height, width = values.shape[2:]
    n, n_pairs = height * width, height * (width - 1) + width * (height - 1)
    products = _dot(centred[..., 1:], centred[..., :-1]) + _dot(centred[..., 1:, :], centred[..., :-1, :])
    energy = _dot(centred, centred)
    index = np.divide(products / n_pairs, energy / n, out=np.ones_like(energy), where=energy > 0)
    by_chance: NDArray[np.bool_] = np.abs(index + 1 / (n - 1)) < _CHANCE / np.sqrt(n_pairs * channels)
    return by_chance


def _dot(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Dot product per image, without an intermediate array of products."""
    dot: NDArray[np.float64] = np.einsum("iuchw,iuchw->iu", one, other)
    return dot


def _of(count: int, n: int) -> str:
    if n == 1:
        return _("It")
    return _("All {n:,}").format(n=n) if count == n else _("{count:,} of {n:,}").format(count=count, n=n)
