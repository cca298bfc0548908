"""Accuracy on drawings of any size, position, pen width and slant.

    python tests/tools/drawing_corpus.py [CLASSIFIER] [--digits 300]

Three kinds of digits are drawn on the real canvas with mouse events, and processed as in the Draw tab:
MNIST's test digits, which no network was trained on, converted to strokes; the digits of Hershey's vector
fonts; and handwriting variants (`handwriting.py`) with random deformations. For MNIST, one property is varied
at a time; all other drawings have random size, position, width and slant.

Goal: an accuracy of 97 % on MNIST's. Needs the package Hershey-Fonts (the extra `test`).
"""

import argparse
import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import math
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from figures import Figures
from handwriting import FONTS, Strokes, font_digits, shaky, written
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from skeleton import strokes_of

from cadl_gui.datasets.sources.mnist import load_mnist
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.drawing.normalisation import RAW_SIDE, normalise_drawing, shrunk
from cadl_gui.saved.opened import open_path
from cadl_gui.system.resources import resource_path
from cadl_gui.ui.draw.drawing_canvas import DrawingCanvas
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
        size: length of the digit's longer side, in units of the canvas side.
        place: position: 0 at the left and upper edge, 1 at the right and lower edge.
        width: width of the pen, in units of the canvas side.
        slant: slant to the right, in degrees.
    """

    size: float = 0.6
    place: tuple[float, float] = (0.5, 0.5)
    width: float = 0.08
    slant: float = 0.0

    def placed(self, strokes: Strokes) -> Strokes:
        """Strokes in units of the canvas side."""
        shear = np.array([[1, 0], [-math.tan(math.radians(self.slant)), 1]])
        slanted = [stroke @ shear for stroke in strokes]
        every = np.concatenate(slanted)
        low, extent = every.min(axis=0), np.ptp(every, axis=0)
        scale = self.size / extent.max()
        corner = (1 - extent * scale) * self.place
        return [(stroke - low) * scale + corner for stroke in slanted]


def cases() -> Iterator[tuple[str, Hand]]:
    """Cases that vary one property at a time."""
    yield from ((f"size {size}", Hand(size=size)) for size in SIZES)
    yield from ((f"{name}, size 0.3", Hand(size=0.3, place=place)) for name, place in PLACES.items())
    yield from ((f"width {width}", Hand(width=width)) for width in WIDTHS)
    yield from ((f"slant {slant}°", Hand(slant=slant)) for slant in SLANTS)


def by_lot(random: np.random.Generator) -> Hand:
    """Random size, position, width and slant."""
    width = math.exp(random.uniform(math.log(WIDTHS[0]), math.log(WIDTHS[-1])))
    return Hand(random.uniform(0.1, 1), (random.random(), random.random()), width, random.uniform(-20, 20))


def drawn(canvas: DrawingCanvas, strokes: Strokes, hand: Hand) -> tuple[NDArray, NDArray]:
    """Draw with the mouse; returns the network's input, (28, 28, 1), with and without normalisation."""
    canvas.clear()
    canvas.set_brush(hand.width)
    for stroke in hand.placed(strokes):
        send(canvas, QEvent.Type.MouseButtonPress, stroke[0])
        for point in stroke[1:-1:2]:
            send(canvas, QEvent.Type.MouseMove, point)
        send(canvas, QEvent.Type.MouseButtonRelease, stroke[-1])
    raw = canvas.raster(RAW_SIDE)
    stages = normalise_drawing(canvas.drawing, raw=raw), shrunk(raw)
    return stages[0].centred[..., np.newaxis], stages[1].centred[..., np.newaxis]


def send(canvas: DrawingCanvas, kind: QEvent.Type, point: NDArray[np.float64]) -> None:
    """Send a mouse event at a position in units of the canvas side."""
    place = QPointF(*(point * CANVAS_PX).tolist())
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    buttons = none if kind == QEvent.Type.MouseButtonRelease else left
    QApplication.sendEvent(
        canvas, QMouseEvent(kind, place, place, button, buttons, Qt.KeyboardModifier.NoModifier)
    )


class Reader:
    """Draws digits and counts those that a classifier predicts correctly."""

    def __init__(self, classifier: Path) -> None:
        self._network = open_path(classifier).network()
        self._canvas = DrawingCanvas(Theme("light"), BackgroundJobs(), ViewState())
        self._canvas.resize(CANVAS_PX, CANVAS_PX)

    def answers(self, images: Sequence[NDArray]) -> NDArray:
        """Predicted digits, (n,)."""
        return np.argmax(self._network(np.stack(images)), axis=1)

    def tell(
        self, figures: Figures, name: str, digits: Sequence[tuple[int, Strokes]], hands: Sequence[Hand]
    ) -> float:
        """Add a row; returns the accuracy with normalisation."""
        seen = [drawn(self._canvas, strokes, hand) for (_, strokes), hand in zip(digits, hands, strict=True)]
        labels = [label for label, _ in digits]
        right = [self.answers(images) == labels for images in zip(*seen, strict=True)]
        shares = [round(100 * float(answers.mean()), 1) for answers in right]
        wrong = Counter(label for label, is_right in zip(labels, right[0], strict=True) if not is_right)
        figures.row(name, *shares, _of_each(wrong))
        return shares[0]


def _of_each(wrong: Counter[int]) -> str:
    return ", ".join(f"{n} × {label}" for label, n in sorted(wrong.items()))


def mnist_digits(n: int) -> tuple[list[tuple[int, Strokes]], NDArray]:
    """Labels and strokes of some of MNIST's test digits, and their images."""
    dataset = load_mnist()
    which = np.linspace(0, N_TEST - 1, n).astype(int) + len(dataset.images) - N_TEST
    images = dataset.as_floats(which)
    strokes = [strokes_of(image[..., 0]) for image in images]
    return list(zip(dataset.labels[which].tolist(), strokes, strict=True)), images


def main() -> None:
    """Print the accuracy for each case."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "classifier",
        type=Path,
        nargs="?",
        default=resource_path("pretrained/conv-classifier"),
        help="run or checkpoint",
    )
    parser.add_argument("--digits", type=int, default=300)
    parser.add_argument("--hands", type=int, default=20, help="for each way of writing and font")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    with Figures(arguments.json) as figures:
        tabulate(figures, arguments.classifier, arguments.digits, arguments.hands)


def tabulate(figures: Figures, classifier: Path, n_digits: int, n_hands: int) -> None:
    """The three kinds of digits, a table each; the columns are per cent."""
    QApplication(["benchmark"])
    reader, random = Reader(classifier), np.random.default_rng(0)
    digits, images = mnist_digits(n_digits)
    right = reader.answers(images) == [label for label, _ in digits]
    heads = ("with normalisation, %", "without, %", "misread")
    print(f"{len(digits)} of MNIST's test digits as they are: {100 * right.mean():.1f} %")
    figures.begin("strokes", "MNIST’s test digits as strokes", *heads)
    shares = [reader.tell(figures, name, digits, [hand] * len(digits)) for name, hand in cases()]
    shares.append(reader.tell(figures, "all at random", digits, [by_lot(random) for _ in digits]))
    print(f"least {min(shares):.1f} %, mean {np.mean(shares):.1f} %  (wanted ≥ 97 %)")
    figures.begin("fonts", "Hershey’s fonts, all at random", *heads)
    for font in FONTS:
        font_drawn = list(enumerate(font_digits(font))) * n_hands
        reader.tell(figures, font, font_drawn, [by_lot(random) for _ in font_drawn])
    figures.begin("written", "ways of writing, all at random", *heads)
    for label, name, strokes in written():
        by_hands = [(label, shaky(strokes, random)) for _ in range(n_hands)]
        reader.tell(figures, f"{label} {name}", by_hands, [by_lot(random) for _ in by_hands])


if __name__ == "__main__":
    main()
