"""Colour maps for signed numbers, centred on zero, and for activations that are never negative."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from cadl_gui.system.resources import resource_path
from cadl_gui.system.words import _

_LECTURE, _LIGHT, _DARK = "coolwarm", "vik", "berlin"
_FOLDER = "colour_maps"
_ACTIVATIONS = "activations/"
_TITLES = {
    "coolwarm": _("Blue to red"),
    "vik": _("Zero is light"),
    "berlin": _("Zero is dark"),
    "grey": _("Grey"),
}
"""What the maps that ship are called in the window."""

_SIGNED = _("blue: below 0, red: above")
_IN_WORDS = {
    "coolwarm": _SIGNED,
    "vik": _SIGNED,
    "berlin": _SIGNED,
    "grey": _("black: below 0, white: above"),
    f"{_ACTIVATIONS}light": _("the darker, the larger"),
    f"{_ACTIVATIONS}dark": _("the brighter, the larger"),
}

N_COLOURS = 257
_ZERO = N_COLOURS // 2

NOT_A_NUMBER = N_COLOURS
"""Index of NaN and infinite values."""

EMPTY = N_COLOURS + 1
"""Index of cells without a number."""

NOT_A_NUMBER_COLOUR = (0xE7, 0x61, 0xBD)
"""Pink, which occurs in no colour map."""


@cache
def colour_maps() -> tuple[str, ...]:
    """Names of the colour maps, the lecture's first. Each is a file in `resources/colour_maps`."""
    names = {path.stem for path in resource_path(_FOLDER).glob("*.txt")}
    return (_LECTURE, *sorted(names - {_LECTURE}))


def colour_map_title(name: str) -> str:
    """Plain name of a colour map."""
    return _TITLES.get(name, name)


def in_words(name: str) -> str:
    """Say what the colours of a map mean; "" for one that does not ship."""
    return _IN_WORDS.get(name, "")


def activation_colour_map(values: NDArray[np.floating], signed: str, *, is_dark: bool) -> str:
    """Name of the colour map for activations, in which zero is the background if none is negative.

    Args:
        values: the activations, any shape.
        signed: name of the colour map to use if some are negative.
        is_dark: whether the background is dark.
    """
    if bool((values < 0).any()):
        return signed
    return f"{_ACTIVATIONS}{'dark' if is_dark else 'light'}"


def is_sequential(name: str) -> bool:
    """Whether a colour map is for numbers that are never negative."""
    return name.startswith(_ACTIVATIONS)


def usual_colour_map(preset: str, *, is_dark: bool = False) -> str:
    """Name of the default colour map for the weights of a run.

    Args:
        preset: preset of the run. The lecture's presets use the lecture's colours.
        is_dark: whether the background, which is the colour of zero in the other maps, is dark.
    """
    if preset.startswith("lecture-"):
        return _LECTURE
    return _DARK if is_dark else _LIGHT


@cache
def colour_map(name: str) -> NDArray[np.uint8]:
    """Colours from smallest to largest, (257, 3) uint8, read-only; zero has index 128.

    In a map for numbers that are never negative, all below zero have its colour.
    """
    lines = resource_path(f"{_FOLDER}/{name}.txt").read_text(encoding="ascii").split()
    colours = np.frombuffer(bytes.fromhex("".join(line[1:] for line in lines)), np.uint8).reshape(-1, 3)
    if is_sequential(name):
        colours = np.concatenate([np.repeat(colours[:1], _ZERO, axis=0), colours[::2]])
    colours.flags.writeable = False
    return colours


def colour_indices(values: NDArray[np.floating], limits: NDArray[np.floating] | float) -> NDArray[np.uint16]:
    """Map numbers to indices of a colour map that ranges from -limit to +limit.

    Args:
        values: any shape; values beyond the limits are clipped.
        limits: ≥ 0, broadcastable to `values`. A limit of 0 counts as 1.

    Returns:
        Indices from 0 to 256, with 128 for zero, or `NOT_A_NUMBER`; same shape as `values`.
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
    """Look up the colours of indices.

    Args:
        indices: any shape, from `colour_indices`, or `EMPTY`.
        background: red, green and blue of empty cells.

    Returns:
        (*indices.shape, 3) uint8.
    """
    table = np.concatenate([colour_map(name), np.array([NOT_A_NUMBER_COLOUR, background], np.uint8)])
    return np.take(table, indices, axis=0)


def signed_rgb(values: NDArray[np.float32], limits: NDArray[np.float64] | float) -> NDArray[np.uint8]:
    """Show signed amounts of red, green and blue as colours: grey is zero, white and black are the limits.

    Args:
        values: (…, 3); values beyond the limits are clipped, and a pixel with one that is not finite is pink.
        limits: ≥ 0, broadcastable to (…). A limit of 0 counts as 1.
    """
    indices = colour_indices(values, np.asarray(limits)[..., np.newaxis])
    levels = np.concatenate([np.rint(np.linspace(0, 255, N_COLOURS)), [0]]).astype(np.uint8)
    colours: NDArray[np.uint8] = levels[indices]
    colours[(indices == NOT_A_NUMBER).any(axis=-1)] = NOT_A_NUMBER_COLOUR
    return colours
