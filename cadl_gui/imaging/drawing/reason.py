"""Says in words why a classifier prefers one class to another."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadl_gui.system.words import _

_PLACES = (
    (_("at the top left"), _("at the top"), _("at the top right")),
    (_("at the left"), _("in the middle"), _("at the right")),
    (_("at the bottom left"), _("at the bottom"), _("at the bottom right")),
)
_WORTH_SAYING = 0.1
"""A place that speaks for the second class is named from this share of what the best place says."""

_MANY_TIMES = 1_000_000


class Places(NamedTuple):
    """The ninths of an image whose pixels say most.

    Attributes:
        best: where they speak most for the first class; "" if they do nowhere.
        worst: where they speak most against it; "" if they hardly do anywhere.
    """

    best: str
    worst: str


def places(difference: NDArray[np.floating]) -> Places:
    """Return where the pixels speak for the first of two classes, and where for the second.

    The image is divided into ninths within the box of those pixels that say anything.

    Args:
        difference: (height, width), contributions to the first class less those to the second.
    """
    rows, columns = np.nonzero(difference)
    if not len(rows):
        return Places("", "")
    inside = difference[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    sums = [[float(part.sum()) for part in np.array_split(band, 3, axis=1)] for band in _bands(inside)]
    flat = [(value, _PLACES[i][j]) for i, row in enumerate(sums) for j, value in enumerate(row)]
    (low, worst), (high, best) = min(flat), max(flat)
    return Places(best if high > 0 else "", worst if low < -_WORTH_SAYING * max(high, 0.0) else "")


def reason(difference: NDArray[np.floating], bias: float, names: tuple[str, str]) -> str:
    """Say why a classifier answers with the first of two classes and not with the second.

    Args:
        difference: (height, width), contributions to the first class less those to the second.
        bias: the same of what does not come from the pixels, for the total only: which biases of a deep
            network count depends on the drawing.
    """
    first, second = names
    best, worst = places(difference)
    sentences = []
    if best:
        sentences.append(
            _("Most of all, what is {best} makes it {first} rather than {second}.").format(
                best=best, first=first, second=second
            )
        )
    if worst:
        sentences.append(_("What is {worst} would suit {second} better.").format(worst=worst, second=second))
    sentences.append(
        _("In all, {first} is {times} as likely as {second}.").format(
            first=first, times=_times(float(difference.sum()) + bias), second=second
        )
    )
    return " ".join(sentences)


def _bands(image: NDArray[np.floating]) -> list[NDArray[np.floating]]:
    return np.array_split(image, 3, axis=0)


def _times(log_odds: float) -> str:
    """Format how many times one class is as likely as another, given the difference of their logits."""
    if log_odds >= math.log(_MANY_TIMES):
        return _("more than a million times")
    odds = math.exp(log_odds)
    if round(odds, 1) == 1.0:
        return _("about")
    return _("{odds:,.0f} times").format(odds=odds) if odds >= 10 else _("{odds:.1f} times").format(odds=odds)
