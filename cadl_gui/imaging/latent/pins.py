"""Pins that the hand sets, with undo."""

from collections.abc import Iterable

Pin = tuple[float, ...]
"""A latent vector of any length."""


class Pins:
    """Every change can be undone, and what was undone done again."""

    def __init__(self) -> None:
        self._states: list[tuple[Pin, ...]] = [()]
        self._now = 0

    @property
    def pins(self) -> tuple[Pin, ...]:
        """In the order in which a path visits them."""
        return self._states[self._now]

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._now > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to do again."""
        return self._now < len(self._states) - 1

    def add(self, pin: Iterable[float]) -> None:
        """Set a pin behind the others."""
        self._change((*self.pins, tuple(map(float, pin))))

    def extend(self, pins: Iterable[Iterable[float]]) -> None:
        """Set several behind the others, in one change."""
        self._change((*self.pins, *(tuple(map(float, pin)) for pin in pins)))

    def move(self, index: int, pin: Iterable[float]) -> None:
        """Set one elsewhere."""
        changed = list(self.pins)
        changed[index] = tuple(map(float, pin))
        self._change(tuple(changed))

    def remove(self, index: int) -> None:
        """Take one away."""
        changed = list(self.pins)
        del changed[index]
        self._change(tuple(changed))

    def clear(self) -> None:
        """Take all away."""
        if self.pins:
            self._change(())

    def undo(self) -> None:
        """Take back the last change, if there is one."""
        self._now = max(0, self._now - 1)

    def redo(self) -> None:
        """Do again what was undone last, if anything was."""
        self._now = min(len(self._states) - 1, self._now + 1)

    def _change(self, pins: tuple[Pin, ...]) -> None:
        self._states[self._now + 1 :] = [pins]
        self._now += 1
