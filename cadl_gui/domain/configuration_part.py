"""Base class of the parts of a configuration: validation and serialisation of their fields."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from cadl_gui.domain.fields import fields_of


@dataclass(frozen=True, kw_only=True)
class ConfigurationPart:
    """A dataclass that validates and serialises its fields according to their metadata.

    Raises:
        ConfigurationError: if any value is invalid; the error names the field.
    """

    def __post_init__(self) -> None:
        for name, about in fields_of(type(self)).items():
            object.__setattr__(self, name, about.validate(name, getattr(self, name)))

    def to_json(self) -> dict[str, Any]:
        """JSON-serialisable values by field: numbers, strings, booleans and lists."""
        return plain_values({name: getattr(self, name) for name in fields_of(type(self))})

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Create a part from the output of `to_json`; fields of other parts are ignored.

        Raises:
            ConfigurationError: if a value is invalid.
        """
        return cls(**picked(values, fields_of(cls)))


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Convert tuples to lists, as JSON requires."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def picked(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Select the values with the given names."""
    return {name: value for name, value in values.items() if name in names}
