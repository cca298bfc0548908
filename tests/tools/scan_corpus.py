"""Accuracy on digits in image files: scans, photographs of paper, and other common images.

    python tests/tools/scan_corpus.py [CLASSIFIER] [--hands 3] [--keep FOLDER]

Handwriting variants (`handwriting.py`) are put on all kinds of paper, written to files and read like `cadl
classify` and the Draw tab do.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from figures import Figures
from handwriting import Strokes, shaky, written
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from cadl_gui.cli.image_input import read_seen
from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.imaging.drawing.ink import rasterised
from cadl_gui.imaging.drawing.normalisation import ink_box
from cadl_gui.saved.opened import open_path
from cadl_gui.system.resources import resource_path

SIDE_PX = 480
WHITE, PAPER, CHALKBOARD = 255, 225, 60

Ink = NDArray[np.float32]
Random = np.random.Generator


def ink_of_pen(strokes: Strokes, random: Random) -> Ink:
    """A digit at a random position of the sheet, a third to four fifths of its size, (480, 480) in [0, 1]."""
    every = np.concatenate(strokes)
    size, width = random.uniform(0.33, 0.8), random.uniform(0.012, 0.06)
    scale = size / np.ptp(every, axis=0).max()
    room = 0.96 - np.ptp(every, axis=0) * scale
    corner = 0.02 + room * random.uniform(0.1, 0.9, 2) - every.min(axis=0) * scale
    drawn = [Stroke(tuple(Point(*point) for point in stroke * scale + corner), width) for stroke in strokes]
    return rasterised(Drawing(tuple(drawn)), SIDE_PX)


def lit(random: Random) -> NDArray[np.float64]:
    """Uneven illumination, (480, 480): brighter towards one corner, with the soft edge of a shadow."""
    rows, columns = np.mgrid[0:1:480j, 0:1:480j]
    angle = random.uniform(0, 2 * np.pi)
    across = rows * np.sin(angle) + columns * np.cos(angle)
    shadow = 1 / (1 + np.exp((across - random.uniform(-0.2, 0.6)) * 15))
    return np.clip(0.75 + 0.3 * across - 0.25 * shadow, 0.25, 1.05)


def photograph(ink: Ink, random: Random, paper: int = PAPER, pen: int = 50, noise: float = 4) -> NDArray:
    """The sheet under uneven light, slightly out of focus, with noise, (480, 480) uint8."""
    grey = (paper + (pen - paper) * ink) * lit(random)
    soft = np.asarray(
        Image.fromarray(grey.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.2))
    )
    return (soft + random.normal(0, noise, ink.shape)).clip(0, 255).astype(np.uint8)


def ruled(ink: Ink, *, squared: bool) -> Ink:
    """Faint lines every sixteenth of the sheet, beneath the digit."""
    lines = np.zeros_like(ink)
    lines[20::30] = lines[21::30] = 1
    if squared:
        lines[:, 20::30] = lines[:, 21::30] = 1
    return np.maximum(ink, 0.22 * lines)


def tinted(grey: NDArray, ink: Ink) -> NDArray:
    """A blue pen on yellowish paper."""
    paper, blue = np.array([1.0, 0.97, 0.85]), np.array([0.45, 0.6, 1.6])
    tint = paper + (blue - paper) * ink[..., np.newaxis]
    return (grey[..., np.newaxis] * tint).clip(0, 255).astype(np.uint8)


def rgba(ink: Ink, level: int) -> NDArray:
    """Ink of one grey level on a transparent background."""
    return np.dstack([np.full((*ink.shape, 3), level, np.uint8), (ink * 255).astype(np.uint8)])


def write_plain(path: Path, ink: Ink, random: Random) -> Path:
    """Black on white, made by a program."""
    return _save(path, ".png", 255 - (ink * 255).astype(np.uint8))


def write_scan(path: Path, ink: Ink, random: Random) -> Path:
    """Grey paper from a scanner, as JPEG."""
    noisy = (235 + (70 - 235) * ink + random.normal(0, 2, ink.shape)).clip(0, 255)
    return _save(path, ".jpg", noisy.astype(np.uint8), quality=75)


def write_photograph(path: Path, ink: Ink, random: Random) -> Path:
    """Paper under uneven light."""
    return _save(path, ".jpg", photograph(ink, random), quality=85)


def write_strong_jpeg(path: Path, ink: Ink, random: Random) -> Path:
    """The same with strong compression."""
    return _save(path, ".jpg", photograph(ink, random), quality=12)


def write_dim(path: Path, ink: Ink, random: Random) -> Path:
    """A pencil in dim light."""
    return _save(path, ".jpg", photograph(ink, random, paper=130, pen=85, noise=5), quality=85)


def write_ruled(path: Path, ink: Ink, random: Random) -> Path:
    """On ruled paper."""
    return _save(path, ".jpg", photograph(ruled(ink, squared=False), random), quality=85)


def write_squared(path: Path, ink: Ink, random: Random) -> Path:
    """On squared paper."""
    return _save(path, ".jpg", photograph(ruled(ink, squared=True), random), quality=85)


def write_blue(path: Path, ink: Ink, random: Random) -> Path:
    """Blue ink on yellowish paper."""
    return _save(path, ".jpg", tinted(photograph(ink * 0, random), ink), quality=85)


def write_board(path: Path, ink: Ink, random: Random) -> Path:
    """Chalk on a blackboard."""
    return _save(path, ".jpg", photograph(ink, random, paper=CHALKBOARD, pen=210), quality=85)


def write_on_table(path: Path, ink: Ink, random: Random) -> Path:
    """A sheet that does not fill the image: a dark table at one edge."""
    grey = photograph(ink, random)
    grey[-12:] = 70 + random.normal(0, 4, (12, SIDE_PX))
    return _save(path, ".jpg", grey, quality=85)


def write_transparent_black(path: Path, ink: Ink, random: Random) -> Path:
    """Black on a transparent background."""
    return _save(path, ".png", rgba(ink, 0))


def write_transparent_white(path: Path, ink: Ink, random: Random) -> Path:
    """White on a transparent background."""
    return _save(path, ".png", rgba(ink, 255))


def write_sixteen_bits(path: Path, ink: Ink, random: Random) -> Path:
    """16 bits per pixel, from a scanner."""
    grey = photograph(ink, random).astype(np.uint16) * 257
    Image.fromarray(grey).save(path.with_suffix(".png"))
    return path.with_suffix(".png")


def write_turned(path: Path, ink: Ink, random: Random) -> Path:
    """A phone held upright: the image lies on its side, and its EXIF data say so."""
    image = Image.fromarray(photograph(ink, random)).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(path.with_suffix(".jpg"), exif=exif, quality=85)
    return path.with_suffix(".jpg")


def write_large(path: Path, ink: Ink, random: Random) -> Path:
    """Twelve megapixels."""
    image = Image.fromarray(photograph(ink, random)).resize((3464, 3464), Image.Resampling.BICUBIC)
    image.save(path.with_suffix(".jpg"), quality=85)
    return path.with_suffix(".jpg")


def write_white_scan(path: Path, ink: Ink, random: Random) -> Path:
    """Paper that a scanner made white, with a dark strip beside it at one edge."""
    grey = 255 - (ink * 255).astype(np.uint8)
    edge = random.integers(4)
    np.rot90(grey, edge)[-random.integers(6, 20) :] = random.integers(0, 120)
    return _save(path, ".png", grey)


def write_cropped(path: Path, ink: Ink, random: Random) -> Path:
    """White on black without a margin, as in datasets and screenshots."""
    return _save(path, ".png", (_cropped(ink) * 255).astype(np.uint8))


def write_tiny(path: Path, ink: Ink, random: Random) -> Path:
    """The same, 8 to 24 pixels along its longer side, black on white."""
    close = Image.fromarray(255 - (_cropped(ink) * 255).astype(np.uint8))
    scale = random.integers(8, 25) / max(close.size)
    small = close.resize([max(3, round(scale * side)) for side in close.size], Image.Resampling.BOX)
    return _save(path, ".png", np.asarray(small))


def _cropped(ink: Ink) -> Ink:
    box = ink_box(ink)
    assert box is not None, "every digit has ink"
    return ink[box.top : box.bottom, box.left : box.right]


KINDS: tuple[Callable[[Path, Ink, Random], Path], ...] = (
    write_plain, write_scan, write_photograph, write_strong_jpeg, write_dim, write_ruled, write_squared,
    write_blue, write_board, write_on_table, write_transparent_black, write_transparent_white,
    write_sixteen_bits, write_turned, write_large, write_white_scan, write_cropped, write_tiny,
)  # fmt: skip


def _save(path: Path, suffix: str, array: NDArray, **options: int) -> Path:
    Image.fromarray(array).save(path.with_suffix(suffix), **options)
    return path.with_suffix(suffix)


def main() -> None:
    """Print the accuracy for each kind."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "classifier",
        type=Path,
        nargs="?",
        help="run or checkpoint; by default what ships",
        default=resource_path("pretrained/conv-classifier"),
    )
    parser.add_argument("--hands", type=int, default=3, help="for each way of writing and kind of image")
    parser.add_argument("--keep", type=Path, help="where to leave the images; by default they are deleted")
    Figures.add_option(parser)
    arguments = parser.parse_args()
    opened = open_path(arguments.classifier)
    network, manifest = opened.network(), opened.manifest
    random = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as scratch, Figures(arguments.json) as figures:
        figures.begin("kinds", "images", "read correctly, %", "of", "misread")
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for write in KINDS:
            kind = write.__name__.removeprefix("write_")
            hands = [way for way in written() for _ in range(1 if kind == "large" else arguments.hands)]
            paths = [
                write(folder / f"{kind}-{label}-{i}", ink_of_pen(shaky(strokes, random), random), random)
                for i, (label, _, strokes) in enumerate(hands)
            ]
            labels = np.array([label for label, _, _ in hands])
            answers = np.argmax(
                network(read_seen(paths, manifest.image_shape, is_ink=True, raw=False)), axis=1
            )
            wrong = Counter(labels[answers != labels].tolist())
            reported = ", ".join(f"{n} × {label}" for label, n in sorted(wrong.items()))
            share = round(100 * float(np.mean(answers == labels)), 1)
            figures.row(kind.replace("_", " "), share, len(labels), reported)


if __name__ == "__main__":
    main()
