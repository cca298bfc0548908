"""What the window shows, as one value: it is stored soon after a change, and restored at the next start."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.next_run import NextRun
from cadl_gui.domain.position import Position

_MOST_RUNS = 1_000
_MOST_LETTERS = 10_000
_MOST_STEPS = 10**9

_DAMAGE = (
    ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError, ConfigurationError,
)  # fmt: skip
"""What reading a part raises that this program did not write."""


@dataclass(frozen=True)
class View:
    """What is wished to be shown, whether or not it can be shown yet.

    A run's key is its `run_id` in the window: `shipped:` and its name, or `id:` and a UUID. Where a run lies
    is stored beside the view, and is no part of it: a view may come from elsewhere.

    Attributes:
        runs: keys of the open runs, in the order of the list.
        run: key of the run shown; "" for any.
        at: the position shown; None for the newest weights.
        compared: keys of the runs compared.
        tab: name of the page shown; "" before one was chosen.
        next: the settings of the next run.
    """

    runs: tuple[str, ...] = ()
    run: str = ""
    at: Position | None = None
    compared: tuple[str, ...] = ()
    tab: str = ""
    next: NextRun = field(default_factory=NextRun)

    def to_json(self) -> dict[str, Any]:
        """Return a representation that can be written as JSON."""
        return {
            "runs": list(self.runs),
            "run": self.run,
            "at": None if self.at is None else list(self.at),
            "compared": list(self.compared),
            "tab": self.tab,
            "next": self.next.to_json(),
        }

    @classmethod
    def from_json(cls, values: Any, report: Callable[[Exception], None]) -> Self:
        """Return the view that JSON describes; unknown keys are ignored.

        Args:
            values: what was read.
            report: told of each part that is not of its type or within its bounds; it is as at a first start.
        """
        parts = {}
        if not isinstance(values, dict):
            report(TypeError(f"Expected an object. Received: {type(values).__name__}"))
            return cls()
        for name, read in (_READ | {"next": partial(NextRun.from_json, report=report)}).items():
            try:
                if name in values:
                    parts[name] = read(values[name])
            except _DAMAGE as error:
                report(ValueError(f"“{name}”: {error}"))
        return cls(**parts)


def read_paths(values: Any, report: Callable[[Exception], None]) -> dict[str, str]:
    """Return the paths of runs by key, as stored beside a view; see `View.from_json`."""
    try:
        return dict(zip(_texts([*values]), _texts([*values.values()]), strict=True))
    except _DAMAGE as error:
        report(ValueError(f"“paths”: {error}"))
        return {}


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MOST_LETTERS or b"\0" in os.fsencode(value):
        raise ValueError("not a name")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or len(values) > _MOST_RUNS:
        raise ValueError("not a list of names")
    return tuple(map(_text, values))


def read_position(value: Any) -> Position | None:
    """Return the position that two whole numbers in JSON stand for, or None for null.

    Raises:
        TypeError: if the value is no sequence.
        ValueError: if it has not two whole numbers, or one is out of range.
    """
    if value is None:
        return None
    epoch, step = value
    if not all(type(number) is int and 0 <= number <= _MOST_STEPS for number in (epoch, step)):
        raise ValueError("not a position")
    return Position(epoch, step)


_READ: dict[str, Callable[[Any], Any]] = {
    "runs": _texts,
    "run": _text,
    "at": read_position,
    "compared": _texts,
    "tab": _text,
}
