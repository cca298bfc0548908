"""Argument types for numbers within a range."""

import argparse
from collections.abc import Callable

from cadl_gui.system.words import _


def int_range(low: int, high: int) -> Callable[[str], int]:
    """Return a type for `argparse`: an integer from `low` to `high`, both included."""

    def number(text: str) -> int:
        value = int(text)
        _require(
            low <= value <= high,
            _("{text} does not lie between {low:,} and {high:,}").format(text=text, low=low, high=high),
        )
        return value

    return number


def float_range(low: float, high: float) -> Callable[[str], float]:
    """Return a type for `argparse`: a number from `low` to `high`, both included."""

    def number(text: str) -> float:
        value = float(text)
        _require(
            low <= value <= high,
            _("{text} does not lie between {low:g} and {high:g}").format(text=text, low=low, high=high),
        )
        return value

    return number


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise argparse.ArgumentTypeError(message)
