"""What the parts of a configuration have in common: how their fields are checked, written and read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

from cadl_gui.domain.fields import Field, fields_of


@dataclass(frozen=True, kw_only=True)
class ConfigurationPart:
    """A dataclass whose fields are checked, and written, by what they say of themselves.

    Raises:
        ConfigurationError: if any value is impossible; the error names the field.
    """

    def __post_init__(self) -> None:
        for name, about in fields_of(type(self)).items():
            object.__setattr__(self, name, about.validate(name, getattr(self, name)))

    def to_json(self) -> dict[str, Any]:
        """Plain values for a file, by field: numbers, strings, booleans and lists."""
        return plain_values({name: getattr(self, name) for name in fields_of(type(self))})

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote, perhaps among fields of other parts, which are ignored.

        Raises:
            ConfigurationError: if a value is impossible.
        """
        return cls(**picked(renamed(values, fields_of(cls)), fields_of(cls)))


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a file holds them: lists in the place of tuples."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def renamed(values: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    """Values by the names that their fields have now; names of no field stay."""
    now = {former: name for name, about in fields.items() for former in about.formerly}
    return {now.get(name, name): value for name, value in values.items()}


def picked(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Those of the values that have one of these names."""
    return {name: value for name, value in values.items() if name in names}
