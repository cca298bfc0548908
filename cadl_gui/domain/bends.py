"""Bends: manual edits to a trained network, stored apart from its learned weights.

They are part of each request, so no tab can show a mixture of the network with and without them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cadl_gui.domain.errors import CadlError
from cadl_gui.system.words import _

WHOLE_UNIT = -1
"""Value of `Part.source` for a whole unit rather than one of its input channels."""

LARGEST_FACTOR = 10.0


@dataclass(frozen=True, order=True)
class Part:
    """A unit of a layer or, with a source, the unit's kernel for one input channel.

    Attributes:
        layer: name of the layer.
        unit: index of the unit or output channel.
        source: index of the input channel; `WHOLE_UNIT` for the whole unit.
    """

    layer: str
    unit: int
    source: int = WHOLE_UNIT

    @property
    def is_unit(self) -> bool:
        """Whether the part is a whole unit."""
        return self.source == WHOLE_UNIT

    def __str__(self) -> str:
        kernel = "" if self.is_unit else _(" · kernel of input {source}").format(source=self.source)
        return _("{layer} · unit {unit}{kernel}").format(layer=self.layer, unit=self.unit, kernel=kernel)


@dataclass(frozen=True, order=True)
class Bend:
    """Replacement of a part by a part of the same layer, multiplied by a factor.

    Attributes:
        part: the part that is replaced.
        origin: the part that replaces it; the same part unless it was swapped.
        factor: multiplier; 0 mutes, 1 changes nothing.
    """

    part: Part
    origin: Part
    factor: float = 1.0

    def __str__(self) -> str:
        words = [] if self.origin == self.part else [_("from {place}").format(place=_place(self.origin))]
        if self.factor == 0:
            words.append("muted")
        elif self.factor != 1:
            words.append(f"× {self.factor:g}".replace("-", "−"))
        return ", ".join(words)


Bends = tuple[Bend, ...]
"""Effective bends, sorted, at most one for each part; () is the network as trained."""


def bend_of(bends: Bends, part: Part) -> Bend:
    """Return the bend of a part; one that changes nothing if the part is not bent."""
    return next((bend for bend in bends if bend.part == part), Bend(part, part))


def scaled(bends: Bends, part: Part, factor: float) -> Bends:
    """Set the factor of a part, replacing its previous factor; 0 mutes the part."""
    return _with(bends, [replace(bend_of(bends, part), factor=factor)])


def swapped(bends: Bends, part: Part, other: Part) -> Bends:
    """Swap two parts, each with its factor.

    Raises:
        CadlError: if one is a unit and the other a kernel, or they belong to different layers.
    """
    if part.layer != other.layer:
        raise CadlError(
            _("{part} and {other} are not of one layer: they cannot be swapped.").format(
                part=part, other=other
            )
        )
    if part.is_unit is not other.is_unit:
        raise CadlError(_("A unit can be swapped with a unit, and a kernel with a kernel."))
    here, there = bend_of(bends, part), bend_of(bends, other)
    return _with(bends, [replace(there, part=part), replace(here, part=other)])


def bends_text(bends: Bends) -> str:
    """Format bends for display, such as "encoder_1 · unit 3: muted; logits · unit 7: × 2"."""
    return "; ".join(f"{bend.part}: {bend}" for bend in bends)


def _with(bends: Bends, changed: Iterable[Bend]) -> Bends:
    together = {bend.part: bend for bend in (*bends, *changed)}
    return tuple(sorted(bend for bend in together.values() if bend != Bend(bend.part, bend.part)))


def _place(part: Part) -> str:
    return (
        _("unit {unit}").format(unit=part.unit)
        if part.is_unit
        else _("unit {unit}, input {source}").format(unit=part.unit, source=part.source)
    )
