"""Signed numbers as colours: zero in the middle, the same number the same colour."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from cadl_gui.system.resources import resource_path

_LECTURE, _LIGHT, _DARK = "coolwarm", "vik", "berlin"
_FOLDER = "colour_maps"

N_COLOURS = 257
_ZERO = N_COLOURS // 2

NOT_A_NUMBER = N_COLOURS
"""Index of what is not a number, or infinite."""

EMPTY = N_COLOURS + 1
"""Index of places where there is no number at all."""

NOT_A_NUMBER_COLOUR = (0xE7, 0x61, 0xBD)
"""Pink: in no colour map."""


@cache
def colour_maps() -> tuple[str, ...]:
    """Names of the colour maps: the lecture's, then the others. Each is a file of `resources/colour_maps`."""
    names = {path.stem for path in resource_path(_FOLDER).glob("*.txt")}
    return (_LECTURE, *sorted(names - {_LECTURE}))


def usual_colour_map(preset: str, *, is_dark: bool = False) -> str:
    """Name of the colour map that weights of a run are shown in until another one is chosen.

    Args:
        preset: of the run. Those of the lecture have the lecture's colours.
        is_dark: whether zero, which is the background in the others, is dark.
    """
    if preset.startswith("lecture-"):
        return _LECTURE
    return _DARK if is_dark else _LIGHT


@cache
def colour_map(name: str) -> NDArray[np.uint8]:
    """Colours from the smallest number to the largest, (257, 3) uint8, read-only; zero is the 129th."""
    lines = resource_path(f"{_FOLDER}/{name}.txt").read_text(encoding="ascii").split()
    colours = np.frombuffer(bytes.fromhex("".join(line[1:] for line in lines)), np.uint8).reshape(-1, 3)
    colours.flags.writeable = False
    return colours


def colour_indices(values: NDArray[np.floating], limits: NDArray[np.floating] | float) -> NDArray[np.uint16]:
    """Where numbers lie on a colour map that goes from -limit to +limit.

    Args:
        values: any shape; what lies beyond the limits gets the colour of the limit.
        limits: ≥ 0, and such that they broadcast to `values`. Where one is 0, everything is the colour of 0.

    Returns:
        0 … 256 with 128 for zero, or `NOT_A_NUMBER`; the same shape.
    """
    finite = np.isfinite(values)
    divisors = np.where(np.asarray(limits) > 0, limits, 1).astype(np.float32)
    all_finite = bool(finite.all())
    shares = np.clip((values if all_finite else np.where(finite, values, 0)) / divisors, -1, 1)
    indices = (np.rint(_ZERO * shares) + _ZERO).astype(np.uint16)
    if not all_finite:
        indices[~finite] = NOT_A_NUMBER
    return indices


def coloured(indices: NDArray[np.uint16], name: str, background: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Look the colours of indices up.

    Args:
        indices: any shape, from `colour_indices`, or `EMPTY`.
        name: of the colour map.
        background: red, green, blue of what is empty.

    Returns:
        (*indices.shape, 3) uint8.
    """
    table = np.concatenate([colour_map(name), np.array([NOT_A_NUMBER_COLOUR, background], np.uint8)])
    return np.take(table, indices, axis=0)
