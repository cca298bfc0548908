"""Fits the thresholds of normalisation and plausibility on training digits, and reports them on test digits.

    python tests/tools/drawing_thresholds.py [--digits 6000]

They are fitted on the validation part of the shipped classifier's split: 6,000 of MNIST's training digits
that, like a drawing, are new to the network and to the digits that a drawing is compared with. Test digits
only show the effect of the program's current thresholds:

- `STROKE_WIDTHS` are the 5th and the 75th percentile of the stroke width, in pixels of 20×20;
- `_MOST_INK` is exceeded by one digit in 300, and so is `_FARTHEST`, the distance from the nearest training
  digit;
- `_FAR` is the distance beyond which one digit in fifty is doubted, because fewer than `_LEAST_AGREEING` of
  the ten nearest training digits have its label.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.load import load
from cadl_gui.datasets.split import split
from cadl_gui.datasets.store import ImageStore
from cadl_gui.domain.nearest import N_NEAREST
from cadl_gui.domain.presets import preset
from cadl_gui.imaging.drawing import plausibility
from cadl_gui.imaging.drawing.normalisation import STROKE_WIDTHS, ink_box
from cadl_gui.imaging.drawing.resampling import box_size, resized
from cadl_gui.imaging.drawing.stroke_width import stroke_width

MOST_INK, FARTHEST = plausibility._MOST_INK, plausibility._FARTHEST
FAR, LEAST_AGREEING = plausibility._FAR, plausibility._LEAST_AGREEING

_FIT, _FINE = 20, 4
_AT_ONCE = 500
_PERCENTILES = (5, 75)
_ONE_IN_300 = 100 * (1 - 1 / 300)
_ONE_IN_50 = 1 / 50


@dataclass(frozen=True)
class Digits:
    """Measurements of some digits, (n,) each.

    Attributes:
        widths: widths of their strokes, in pixels of 20×20.
        inks: means of their pixels.
        distances: Euclidean distances from the nearest training digit.
        agreeing: how many of the ten nearest training digits have the same label.
    """

    widths: NDArray[np.float64]
    inks: NDArray[np.float64]
    distances: NDArray[np.float32]
    agreeing: NDArray[np.int64]


def main() -> None:
    """Measure both parts; print thresholds that fit the first, and their effect on the second."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--digits", metavar="N", type=int, default=6000, help="at most so many of each part")
    n = parser.parse_args().digits
    dataset = load("mnist")
    parts = split(dataset, preset("conv-classifier").config)
    fitted = measured(dataset, _spread(parts.validation, n), parts.train)
    tested = measured(dataset, _spread(parts.test, n), parts.train)
    widths = np.percentile(fitted.widths, _PERCENTILES)
    ink, farthest = (np.percentile(values, _ONE_IN_300) for values in (fitted.inks, fitted.distances))
    print("                        fitted on validation digits   in the program")
    print(f"STROKE_WIDTHS           {widths[0]:.2f} to {widths[1]:.2f}                  {STROKE_WIDTHS}")
    print(f"_MOST_INK               {ink:.3f}                         {MOST_INK}")
    print(f"_FARTHEST               {farthest:.2f}                          {FARTHEST}")
    print(f"_FAR                    {doubted_from(fitted):.2f}                          {FAR}")
    for name, digits in (("validation", fitted), ("test", tested)):
        print(f"{name} digits, {len(digits.inks):,}, by the program's thresholds")
        for about, share in shares(digits).items():
            print(f"  {about:44} {100 * share:6.2f} %")


def _spread(which: NDArray[np.int32], n: int) -> NDArray[np.int32]:
    """Evenly spaced samples, since MNIST's digits are ordered by writer."""
    return which[np.linspace(0, len(which) - 1, min(n, len(which)), dtype=np.int64)]


def doubted_from(digits: Digits) -> float:
    """The distance beyond which one digit in fifty has mostly other labels among its neighbours."""
    disagreeing = digits.distances[digits.agreeing < LEAST_AGREEING]
    n = int(len(digits.distances) * _ONE_IN_50)
    return float(np.sort(disagreeing)[-n]) if n <= len(disagreeing) else 0.0


def shares(digits: Digits) -> dict[str, float]:
    """The fraction beyond each threshold of the program."""
    narrow, wide = STROKE_WIDTHS
    is_far = digits.distances > FAR
    disagrees = digits.agreeing < LEAST_AGREEING
    return {
        "strokes are narrower": float((digits.widths < narrow).mean()),
        "strokes are wider": float((digits.widths > wide).mean()),
        "more ink": float((digits.inks > MOST_INK).mean()),
        "farther from all training digits": float((digits.distances > FARTHEST).mean()),
        "far, and the nearest disagree": float((is_far & disagrees).mean()),
    }


def measured(dataset: ImageStore, which: NDArray[np.int32], train: NDArray[np.int32]) -> Digits:
    """Measure some digits, compared with those of the training part."""
    images = dataset.as_floats(which)
    widths = np.array([_width(image[..., 0]) for image in images])
    distances, agreeing = _nearest(dataset, which, train)
    return Digits(widths, images.mean(axis=(1, 2, 3), dtype=np.float64), distances, agreeing)


def _width(image: NDArray[np.float32]) -> float:
    """The stroke width, as `normalise` measures it."""
    box = ink_box(image)
    assert box is not None, "every digit has ink"
    cropped = image[box.top : box.bottom, box.left : box.right]
    return stroke_width(resized(cropped, *box_size(cropped.shape, _FIT * _FINE))) / _FINE


def _nearest(
    dataset: ImageStore, which: Sequence[int] | NDArray[np.int32], train: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    assert dataset.labels is not None, "MNIST has labels"
    compared = dataset.as_floats(train).reshape(len(train), -1)
    squares = np.einsum("ij,ij->i", compared, compared)
    labels = dataset.labels[train]
    distances, agreeing = [], []
    for first in range(0, len(which), _AT_ONCE):
        some = which[first : first + _AT_ONCE]
        images = dataset.as_floats(np.asarray(some)).reshape(len(some), -1)
        squared = squares - 2 * images @ compared.T + np.einsum("ij,ij->i", images, images)[:, None]
        nearest = np.argpartition(squared, N_NEAREST - 1)[:, :N_NEAREST]
        distances.append(np.sqrt(np.maximum(np.take_along_axis(squared, nearest, 1).min(axis=1), 0)))
        agreeing.append((labels[nearest] == dataset.labels[np.asarray(some)][:, None]).sum(axis=1))
    return np.concatenate(distances), np.concatenate(agreeing)


if __name__ == "__main__":
    main()
