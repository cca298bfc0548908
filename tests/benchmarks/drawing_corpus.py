"""How well drawings of any size, place, width and slant are read.

    python tests/benchmarks/drawing_corpus.py CLASSIFIER [--digits 300]

MNIST's test digits, which no network has learned from, are turned into strokes and drawn again on the real
canvas with mouse events; what the network sees is made as in the Draw tab. One property is varied at a time;
in the last line all of them are drawn by lot.

Wanted: 97 % read right.
"""

import argparse
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from skeleton import strokes_of

from cadl_gui.core.drawing.normalisation import RAW_SIDE, normalise_drawing, shrunk
from cadl_gui.datasets.mnist import load_mnist
from cadl_gui.training.stored import open_network
from cadl_gui.ui.draw.digit_canvas import DigitCanvas
from cadl_gui.ui.theme.theme import Theme

CANVAS_PX, N_TEST = 392, 10_000
PLACES = {
    "middle": (0.5, 0.5),
    "upper left": (0.0, 0.0),
    "upper right": (1.0, 0.0),
    "lower left": (0.0, 1.0),
    "lower right": (1.0, 1.0),
}
SIZES, WIDTHS, SLANTS = (
    (0.1, 0.2, 0.4, 0.6, 0.8, 1.0),
    (0.01, 0.02, 0.04, 0.08, 0.12, 0.16),
    (-20, -10, 10, 20),
)


@dataclass(frozen=True)
class Hand:
    """How digits are drawn.

    Attributes:
        size: of the digit's longer side, in sides of the canvas.
        place: 0 at the left and upper edge, 1 at the right and lower edge.
        width: of the pen, in sides of the canvas.
        slant: in degrees, to the right.
    """

    size: float = 0.6
    place: tuple[float, float] = (0.5, 0.5)
    width: float = 0.08
    slant: float = 0.0

    def placed(self, strokes: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
        """Strokes in sides of the canvas."""
        shear = np.array([[1, 0], [-math.tan(math.radians(self.slant)), 1]])
        slanted = [stroke @ shear for stroke in strokes]
        every = np.concatenate(slanted)
        low, extent = every.min(axis=0), np.ptp(every, axis=0)
        scale = self.size / extent.max()
        corner = (1 - extent * scale) * self.place
        return [(stroke - low) * scale + corner for stroke in slanted]


def cases() -> Iterator[tuple[str, Hand]]:
    """One property at a time."""
    yield from ((f"size {size}", Hand(size=size)) for size in SIZES)
    yield from ((f"{name}, size 0.3", Hand(size=0.3, place=place)) for name, place in PLACES.items())
    yield from ((f"width {width}", Hand(width=width)) for width in WIDTHS)
    yield from ((f"slant {slant}°", Hand(slant=slant)) for slant in SLANTS)


def by_lot(random: np.random.Generator) -> Hand:
    """Any size, place, width and slant."""
    width = math.exp(random.uniform(math.log(WIDTHS[0]), math.log(WIDTHS[-1])))
    return Hand(random.uniform(0.1, 1), (random.random(), random.random()), width, random.uniform(-20, 20))


def drawn(
    canvas: DigitCanvas, strokes: list[NDArray[np.float64]], hand: Hand, *, normalised: bool
) -> NDArray:
    """Draw with the mouse; (28, 28, 1) that the network sees."""
    canvas.clear()
    canvas.set_brush(hand.width)
    for stroke in hand.placed(strokes):
        send(canvas, QEvent.Type.MouseButtonPress, stroke[0])
        for point in stroke[1:-1:2]:
            send(canvas, QEvent.Type.MouseMove, point)
        send(canvas, QEvent.Type.MouseButtonRelease, stroke[-1])
    raw = canvas.raster(RAW_SIDE)
    stages = normalise_drawing(canvas.drawing, raw=raw) if normalised else shrunk(raw)
    return stages.centred[..., np.newaxis]


def send(canvas: DigitCanvas, kind: QEvent.Type, point: NDArray[np.float64]) -> None:
    """A mouse event at a place in sides of the canvas."""
    place = QPointF(*(point * CANVAS_PX).tolist())
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    buttons = none if kind == QEvent.Type.MouseButtonRelease else left
    QApplication.sendEvent(
        canvas, QMouseEvent(kind, place, place, button, buttons, Qt.KeyboardModifier.NoModifier)
    )


def main() -> None:
    """Print the share that is read right, case by case."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("classifier", type=Path, help="run folder or checkpoint")
    parser.add_argument("--digits", type=int, default=300)
    arguments = parser.parse_args()
    QApplication(["benchmark"])
    canvas = DigitCanvas(Theme("light"))
    canvas.resize(CANVAS_PX, CANVAS_PX)
    dataset = load_mnist()
    which = np.linspace(0, N_TEST - 1, arguments.digits).astype(int) + len(dataset.images) - N_TEST
    pictures, labels = dataset.pictures(which), dataset.labels[which]
    digits = [strokes_of(picture[..., 0]) for picture in pictures]
    network, _ = open_network(arguments.classifier)

    def share(seen: list[NDArray]) -> str:
        return f"{100 * np.mean(np.argmax(network(np.stack(seen)), axis=1) == labels):6.1f} %"

    print(f"{arguments.classifier.name}, {len(digits)} test digits, read right   (not normalised)")
    print(f"{'as they are in MNIST':24} {share(list(pictures))}")
    for name, hand in cases():
        shares = [
            share([drawn(canvas, digit, hand, normalised=normalised) for digit in digits])
            for normalised in (True, False)
        ]
        print(f"{name:24} {shares[0]}   {shares[1]}", flush=True)
    random = np.random.default_rng(0)
    hands = [by_lot(random) for _ in digits]
    mixed = [drawn(canvas, digit, hand, normalised=True) for digit, hand in zip(digits, hands, strict=True)]
    print(f"{'all by lot':24} {share(mixed)}")


if __name__ == "__main__":
    main()
