"""Configuration of a run: three validated, frozen dataclasses with self-describing fields.

`ModelConfig` determines the network's graph, `DataConfig` the images, and `TrainingConfig` everything else.
To add a field, add it to the class where it belongs: the form of the Train tab, `cadl presets`, `--set` and
files read `FIELDS`, a branch may change `TrainingConfig` only, and networks are the same if their
`ModelConfig` is.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any, Self

from cadl_gui.domain.configuration_part import picked, plain_values
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.fields import Field, field, fields_of
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.training_config import TrainingConfig
from cadl_gui.system.words import _


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Everything that determines a run: the switches of the course's general framework, and further ones.

    Field names are unique across the parts, so `of`, `replace`, `value` and `values` address fields by name
    alone.

    Raises:
        ConfigurationError: if any value is invalid; the error names the field.
    """

    preset: str = field(kind="text", label="Preset", help="The preset that the values started from.")
    model: ModelConfig = dataclasses.field(default_factory=ModelConfig)
    data: DataConfig = dataclasses.field(default_factory=DataConfig)
    training: TrainingConfig = dataclasses.field(default_factory=TrainingConfig)

    def __post_init__(self) -> None:
        object.__setattr__(self, "preset", validate("preset", self.preset))

    @property
    def is_denoising(self) -> bool:
        """Whether the network is trained on corrupted images."""
        return self.training.denoising and not self.model.is_classifier

    @property
    def seed_of_split(self) -> int:
        """The seed that determines the split into training, validation and test images."""
        return self.training.seed if self.data.split_seed < 0 else self.data.split_seed

    @classmethod
    def of(cls, /, *, preset: str, **values: Any) -> Self:
        """Create a configuration from field values by name; other fields take their defaults.

        Raises:
            ConfigurationError: if there is no such field, or a value is invalid.
        """
        return cls(preset=preset).replace(**values)

    def replace(self, /, **changes: Any) -> Self:
        """Return a validated copy with some fields changed, by name.

        Raises:
            ConfigurationError: if there is no such field, or a value is invalid.
        """
        for name in changes:
            if name not in ALL_FIELDS:
                raise ConfigurationError(
                    name, _("This version does not know the field “{name}”.").format(name=name)
                )
        parts = {
            part: dataclasses.replace(getattr(self, part), **picked(changes, fields_of(owner)))
            for part, owner in _PARTS.items()
        }
        return dataclasses.replace(self, **picked(changes, fields_of(RunConfig)), **parts)

    def value(self, name: str) -> Any:
        """The value of one field, by name."""
        part = _PART_OF[name]
        return getattr(getattr(self, part) if part else self, name)

    @property
    def values(self) -> dict[str, Any]:
        """The value of every field by name, in their order; of those not offered, if it is not 0."""
        values = {name: self.value(name) for name in ALL_FIELDS}
        return {name: value for name, value in values.items() if name in FIELDS or value}

    def to_json(self) -> dict[str, Any]:
        """JSON-serialisable values by field, without the parts."""
        return plain_values(self.values)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Create a configuration from the output of `to_json`.

        Raises:
            ConfigurationError: for unknown fields, a missing preset and invalid values.
        """
        if "preset" not in values:
            raise ConfigurationError("preset", _("The configuration does not name its preset."))
        return cls.of(**values)


_PARTS = {"model": ModelConfig, "data": DataConfig, "training": TrainingConfig}
_PART_OF = {name: part for part, owner in {"": RunConfig, **_PARTS}.items() for name in fields_of(owner)}
"""The part that a field belongs to, "" for those of the whole."""

ALL_FIELDS: Mapping[str, Field] = MappingProxyType(
    {name: about for owner in (RunConfig, *_PARTS.values()) for name, about in fields_of(owner).items()}
)
"""Every field by name, in display order."""

FIELDS: Mapping[str, Field] = MappingProxyType(
    {name: about for name, about in ALL_FIELDS.items() if about.offered}
)
"""Those that users see and set."""


def is_applicable(name: str, text_of: Callable[[str], str]) -> bool:
    """Whether a field has an effect, given the values of the others.

    Args:
        text_of: returns the value of a field by name, formatted by `as_text`.
    """
    needs = ALL_FIELDS[name].needs
    if not needs:
        return True
    other, _, value = needs.partition("=")
    return fnmatchcase(text_of(other), value or "on") and is_applicable(other, text_of)


def validate(name: str, value: Any) -> Any:
    """Validate and convert a value of a field; see `Field.validate`."""
    return FIELDS[name].validate(name, value)


def parse(name: str, text: str) -> Any:
    """Parse and validate a value typed by the user.

    Raises:
        ConfigurationError: if there is no such field, or the text is not a valid value.
    """
    if name not in FIELDS:
        raise ConfigurationError(
            name,
            _("There is no field “{name}”. Fields: {fields}.").format(name=name, fields=", ".join(FIELDS)),
        )
    return FIELDS[name].parse(name, text)


def as_text(name: str, value: Any) -> str:
    """Format a value as the user would type it; the inverse of `parse`."""
    return ALL_FIELDS[name].as_text(value)
