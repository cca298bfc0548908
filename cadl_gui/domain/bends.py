"""Bends: what a hand changes in a trained network, beside its weights, which stay as they were learned."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cadl_gui.domain.errors import CadlError

WHOLE_UNIT = -1
"""Instead of an input channel: the unit with all that it looks at."""

LARGEST_FACTOR = 10.0


@dataclass(frozen=True, order=True)
class Part:
    """A unit or, with a source, its kernel for one input channel.

    Attributes:
        layer: name of its layer.
        unit: number of the unit, or output channel.
        source: number of the input channel; `WHOLE_UNIT` for the unit itself.
    """

    layer: str
    unit: int
    source: int = WHOLE_UNIT

    @property
    def is_unit(self) -> bool:
        """Whether it is a whole unit."""
        return self.source == WHOLE_UNIT

    def __str__(self) -> str:
        kernel = "" if self.is_unit else f" · kernel of input {self.source}"
        return f"{self.layer} · unit {self.unit}{kernel}"


@dataclass(frozen=True, order=True)
class Bend:
    """What stands in the place of a part: some part of the same layer, times a factor.

    Attributes:
        part: the place.
        origin: what stands there; the part itself unless it was swapped.
        factor: 0 mutes, 1 changes nothing.
    """

    part: Part
    origin: Part
    factor: float = 1.0

    def __str__(self) -> str:
        words = [] if self.origin == self.part else [f"from {_place(self.origin)}"]
        if self.factor == 0:
            words.append("muted")
        elif self.factor != 1:
            words.append(f"× {self.factor:g}".replace("-", "−"))
        return ", ".join(words)


Bends = tuple[Bend, ...]
"""Of different parts, in their order; only those that change something. () is the network as it learned."""


def bend_of(bends: Bends, part: Part) -> Bend:
    """What stands in the place of a part."""
    return next((bend for bend in bends if bend.part == part), Bend(part, part))


def scaled(bends: Bends, part: Part, factor: float) -> Bends:
    """Multiply what stands in a place by this factor, and no longer by the one before; 0 mutes it."""
    return _with(bends, [replace(bend_of(bends, part), factor=factor)])


def swapped(bends: Bends, part: Part, other: Part) -> Bends:
    """Put each of two parts, with its factor, into the place of the other.

    Raises:
        CadlError: if one is a unit and the other a kernel, or they are of different layers.
    """
    if part.layer != other.layer:
        raise CadlError(f"{part} and {other} are not of one layer: they cannot be swapped.")
    if part.is_unit is not other.is_unit:
        raise CadlError("A unit can be swapped with a unit, and a kernel with a kernel.")
    here, there = bend_of(bends, part), bend_of(bends, other)
    return _with(bends, [replace(there, part=part), replace(here, part=other)])


def bends_text(bends: Bends) -> str:
    """All of them in words, such as "encoder_1 · unit 3: muted; logits · unit 7: × 2"."""
    return "; ".join(f"{bend.part}: {bend}" for bend in bends)


def _with(bends: Bends, changed: Iterable[Bend]) -> Bends:
    together = {bend.part: bend for bend in (*bends, *changed)}
    return tuple(sorted(bend for bend in together.values() if bend != Bend(bend.part, bend.part)))


def _place(part: Part) -> str:
    return f"unit {part.unit}" if part.is_unit else f"unit {part.unit}, input {part.source}"
