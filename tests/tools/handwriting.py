"""Digits as strokes, for the corpora: handwriting variants, and Hershey's vector fonts.

Variants are a few points in a box from (0, 0) at the upper left to (1, 1), connected by a smooth curve; a
point that occurs twice is a corner.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from HersheyFonts import HersheyFonts
from numpy.typing import NDArray

Strokes = list[NDArray[np.float64]]

FONTS = ("futural", "futuram", "rowmans", "rowmand", "scripts", "scriptc", "cursive")

WAYS: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (0, "round", ("50,0 15,20 8,60 35,98 70,92 90,55 80,15 45,2",)),
    (0, "narrow", ("55,0 30,15 25,60 45,99 65,85 72,40 52,1",)),
    (0, "with a slash", ("50,0 15,20 8,60 35,98 70,92 90,55 80,15 45,2", "92,5 92,5 10,95 10,95")),
    (1, "a line", ("50,0 50,0 50,100 50,100",)),
    (1, "leaning", ("65,0 65,0 35,100 35,100",)),
    (1, "with a serif", ("30,25 30,25 55,0 55,0 55,100 55,100",)),
    (1, "with serif and foot", ("28,22 28,22 52,0 52,0 52,98 52,98", "25,99 25,99 80,99 80,99")),
    (1, "with a long serif", ("12,45 12,45 60,0 60,0 60,100 60,100",)),
    (2, "plain", ("15,22 40,0 78,15 65,50 10,98 10,98 88,98 88,98",)),
    (2, "with a loop", ("15,20 45,0 80,20 55,65 20,92 12,75 40,78 90,98",)),
    (2, "angular", ("15,5 15,5 80,5 80,5 80,45 80,45 15,98 15,98 85,98 85,98",)),
    (3, "round", ("15,10 55,0 80,22 45,45 45,45 85,65 60,98 12,90",)),
    (3, "with a flat top", ("15,4 15,4 80,4 80,4 45,42 45,42 85,65 60,98 12,88",)),
    (4, "open", ("25,0 25,0 15,58 15,58 88,58 88,58", "68,25 68,25 66,100 66,100")),
    (4, "closed", ("70,0 70,0 10,65 10,65 92,65 92,65", "70,0 70,0 70,100 70,100")),
    (4, "in one stroke", ("70,100 70,100 70,0 70,0 10,65 10,65 92,65 92,65",)),
    (5, "in one stroke", ("82,3 82,3 25,3 25,3 20,42 20,42 60,38 85,65 60,97 12,88",)),
    (5, "in two strokes", ("25,3 25,3 20,42 20,42 60,38 85,65 60,97 12,88", "25,3 25,3 85,2 85,2")),
    (6, "curled", ("75,4 35,30 15,70 40,98 78,82 70,52 35,55 18,75",)),
    (6, "straight", ("65,0 30,50 18,80 45,99 75,80 60,58 22,72",)),
    (7, "plain", ("12,5 12,5 85,5 85,5 40,100 40,100",)),
    (7, "with a bar", ("12,5 12,5 85,5 85,5 40,100 40,100", "25,52 25,52 80,50 80,50")),
    (7, "with a hook", ("12,22 12,22 14,5 14,5 85,6 85,6 55,45 42,100",)),
    (8, "in one stroke", ("75,15 45,0 22,22 50,47 80,75 48,99 18,76 50,47 77,22 72,12",)),
    (8, "of two", ("50,0 25,12 30,40 50,46 72,38 74,12 50,0", "50,46 20,60 22,92 50,99 80,90 78,60 50,46")),
    (9, "with a straight tail", ("78,18 45,0 18,28 45,52 75,40 78,15 78,15 74,100 74,100",)),
    (9, "with a curled tail", ("78,18 45,0 18,28 45,52 75,40 78,15 80,60 60,96 18,90",)),
    (9, "with a slanted tail", ("75,18 45,2 22,28 45,50 72,35 78,12 78,12 40,100 40,100",)),
)  # fmt: skip
"""Label, name, and the points of each stroke in hundredths."""


def written() -> Iterator[tuple[int, str, Strokes]]:
    """All variants as (label, name, strokes of (n, 2) points)."""
    for label, name, lines in WAYS:
        points = [
            np.array([[float(number) for number in point.split(",")] for point in line.split()]) / 100
            for line in lines
        ]
        yield label, name, [_smooth(stroke) for stroke in points]


def font_digits(font: str) -> list[Strokes]:
    """The ten digits of one of Hershey's fonts, by label."""
    fonts = HersheyFonts()
    fonts.load_default_font(font)
    fonts.normalize_rendering(1)
    digits = []
    for digit in "0123456789":
        strokes = [np.array(list(stroke), np.float64) for stroke in fonts.strokes_for_text(digit)]
        digits.append([_dense(stroke * (1, -1)) for stroke in strokes if len(stroke)])
    return digits


def shaky(strokes: Strokes, random: np.random.Generator) -> Strokes:
    """A random deformation: stretched, slightly curved, with strokes slightly displaced."""
    stretched = random.uniform((0.8, 0.9), (1.15, 1.1))
    phases, waves = random.uniform(0, 2 * np.pi, 2), random.uniform(0.01, 0.03, 2)
    return [
        stroke * stretched
        + waves * np.sin(2 * np.pi * stroke[:, ::-1] * random.uniform(0.7, 1.3) + phases)
        + random.normal(0, 0.01, 2)
        for stroke in strokes
    ]


def _smooth(points: NDArray[np.float64], steps: int = 8) -> NDArray[np.float64]:
    """A curve through the points (Catmull and Rom, 1974); repeated points are corners."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, np.newaxis]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        if np.array_equal(b, c):
            continue
        into = (c - a) / 2 if not np.array_equal(a, b) else c - b
        out = (d - b) / 2 if not np.array_equal(c, d) else c - b
        pieces.append(
            (2 * t**3 - 3 * t**2 + 1) * b
            + (t**3 - 2 * t**2 + t) * into
            + (3 * t**2 - 2 * t**3) * c
            + (t**3 - t**2) * out
        )
    return np.concatenate([*pieces, points[-1:]])


def _dense(points: NDArray[np.float64], steps: int = 6) -> NDArray[np.float64]:
    """More points on the same straight segments, as a mouse would send them."""
    if len(points) < 2:
        return points
    t = np.linspace(0, 1, steps, endpoint=False)[:, np.newaxis]
    pieces = [a + (b - a) * t for a, b in pairwise(points)]
    return np.concatenate([*pieces, points[-1:]])
