"""The shipped classifier is confident about scribbles, too; those are detected, and digits are not."""

from functools import reduce

import numpy as np
import pytest

from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.presets import preset
from cadl_gui.imaging.drawing.normalisation import normalise_drawing
from cadl_gui.imaging.drawing.plausibility import looks_like_a_digit
from cadl_gui.system.resources import resource_path

pytestmark = pytest.mark.tf


def drawing(*strokes, width=0.08):
    return Drawing(tuple(Stroke(tuple(Point(*point) for point in points), width) for points in strokes))


def scribble(seed, n=40):
    """A stroke that goes back and forth at random inside the canvas."""
    random, points = np.random.default_rng(seed), [np.array([0.5, 0.5])]
    for _ in range(n):
        points.append(np.clip(points[-1] + random.normal(0, 0.25, 2), 0.05, 0.95))
    return drawing([point.tolist() for point in points])


def filled(width):
    rows = np.arange(0, 1.01, width / 2)
    return drawing(
        [(x, float(y)) for i, y in enumerate(rows) for x in ((0, 1) if i % 2 else (1, 0))], width=width
    )


NONSENSE = {
    "dot": drawing([(0.5, 0.5)]),
    "fat dot": drawing([(0.3, 0.7)], width=0.2),
    "hardly moved": drawing([(0.5, 0.5), (0.53, 0.52)]),
    "full canvas": filled(0.12),
    "full canvas, thin pen": filled(0.04),
    "square": drawing([(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9), (0.1, 0.1)]),
    **{f"scribble {seed}": scribble(seed) for seed in range(8)},
}
DIGITS = {
    1: drawing([(0.5, 0.1), (0.5, 0.9)]),
    4: drawing([(0.4, 0.1), (0.25, 0.55), (0.75, 0.55)], [(0.65, 0.3), (0.6, 0.95)]),
    7: drawing([(0.3, 0.25), (0.7, 0.25), (0.46, 0.78)]),
}


@pytest.fixture(scope="module")
def answer_to():
    """Classifies a drawing as the Draw tab does: returns the label, and whether it looks like a digit."""
    from cadl_gui.inference.neighbour_index import NeighbourIndex
    from cadl_gui.saved.opened import open_path

    network = open_path(resource_path("pretrained/conv-classifier")).network()
    compared = NeighbourIndex(preset("conv-classifier").config)

    def parts(seen):
        part, is_last = 0, False
        while not is_last:
            nearest = compared.nearest(seen, part)
            yield nearest
            part, is_last = part + 1, nearest.is_last

    def answer(drawn):
        seen = normalise_drawing(drawn).centred[..., np.newaxis]
        probabilities = np.asarray(network(seen[np.newaxis]))[0]
        nearest = reduce(lambda before, later: before.merged(later), parts(seen))
        return int(probabilities.argmax()), looks_like_a_digit(drawn, seen, probabilities, nearest)

    return answer


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_gets_a_hint(answer_to, name):
    assert not answer_to(NONSENSE[name])[1]


@pytest.mark.parametrize("digit", DIGITS)
def test_digits_get_none(answer_to, digit):
    assert answer_to(DIGITS[digit]) == (digit, True)
