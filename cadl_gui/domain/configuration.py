"""What a run is made from: three validated, frozen dataclasses whose fields describe themselves.

What decides a network's graph is its `ModelConfig`, what decides which images are seen the `DataConfig`,
and all the rest the `TrainingConfig`. To add a field, add it to the class where it belongs: the form of the
Train tab, `cadl presets`, `--set` and files read `FIELDS`, a branch may change what is of the training, and
networks are the same where their `ModelConfig` is.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from cadl_gui.domain.configuration_part import picked, plain_values, renamed
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.fields import Field, field, fields_of
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.training_config import TrainingConfig


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Everything that decides how a run comes out: the switches of the course's general framework, and ours.

    Each name belongs to one field of one part, and people need not know of which: `of`, `replace`, `value`
    and `values` speak of fields by their names alone.

    Raises:
        ConfigurationError: if any value is impossible; the error names the field.
    """

    preset: str = field(kind="text", label="Preset", help="The preset that the values started from.")
    model: ModelConfig = dataclasses.field(default_factory=ModelConfig)
    data: DataConfig = dataclasses.field(default_factory=DataConfig)
    training: TrainingConfig = dataclasses.field(default_factory=TrainingConfig)

    def __post_init__(self) -> None:
        object.__setattr__(self, "preset", validate("preset", self.preset))

    @property
    def is_denoising(self) -> bool:
        """Whether the network sees corrupted images while it is trained."""
        return self.training.denoising and not self.model.is_classifier

    @property
    def seed_of_split(self) -> int:
        """The seed that decides which images are trained on, and which validate and test."""
        return self.training.seed if self.data.split_seed < 0 else self.data.split_seed

    @classmethod
    def of(cls, /, *, preset: str, **values: Any) -> Self:
        """Make one from fields by name; those that are not named have their defaults.

        Raises:
            ConfigurationError: if there is no such field, or a value is impossible.
        """
        return cls(preset=preset).replace(**values)

    def replace(self, /, **changes: Any) -> Self:
        """Copy with other values of some fields, by name, checked again.

        Raises:
            ConfigurationError: if there is no such field, or a value is impossible.
        """
        for name in changes:
            if name not in FIELDS:
                raise ConfigurationError(name, f"This version does not know the field “{name}”.")
        parts = {
            part: dataclasses.replace(getattr(self, part), **picked(changes, fields_of(owner)))
            for part, owner in _PARTS.items()
        }
        return dataclasses.replace(self, **picked(changes, fields_of(RunConfig)), **parts)

    def value(self, name: str) -> Any:
        """The value of one field, by name."""
        return self.values[name]

    @property
    def values(self) -> dict[str, Any]:
        """The value of every field by name, in the order of `FIELDS`."""
        owners = (self, *(getattr(self, part) for part in _PARTS))
        return {name: getattr(owner, name) for owner in owners for name in fields_of(type(owner))}

    def to_json(self) -> dict[str, Any]:
        """Plain values for a file: the preset, and for each part its fields."""
        return {"preset": self.preset, **{part: getattr(self, part).to_json() for part in _PARTS}}

    def to_flat_json(self) -> dict[str, Any]:
        """Plain values by field, whatever part it is of: what people see, and files of format 1 hold."""
        return plain_values(self.values)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read back what `to_json` or `to_flat_json` wrote.

        Raises:
            ConfigurationError: for unknown or missing fields and impossible values.
        """
        flat: dict[str, Any] = {}
        for name, value in values.items():
            flat |= value if name in _PARTS and isinstance(value, Mapping) else {name: value}
        if "preset" not in flat:
            raise ConfigurationError("preset", "The configuration does not name its preset.")
        return cls.of(**renamed(flat, FIELDS))


_PARTS = {"model": ModelConfig, "data": DataConfig, "training": TrainingConfig}

FIELDS: Mapping[str, Field] = MappingProxyType(
    {name: about for owner in (RunConfig, *_PARTS.values()) for name, about in fields_of(owner).items()}
)
"""Every field by name, in the order in which they are shown."""

_FORMER_NAMES = {former: name for name, about in FIELDS.items() for former in about.formerly}


def is_applicable(name: str, text_of: Callable[[str], str]) -> bool:
    """Whether a field decides anything, given the values of the others.

    Args:
        name: of the field.
        text_of: the value of a field by its name, as `as_text` writes it.
    """
    needs = FIELDS[name].needs
    if not needs:
        return True
    other, _, value = needs.partition("=")
    return text_of(other) == (value or "on") and is_applicable(other, text_of)


def validate(name: str, value: Any) -> Any:
    """Check one value of a field; see `Field.validate`."""
    return FIELDS[name].validate(name, value)


def current_name(name: str) -> str:
    """The name of a field now, given that or one that it had before; any other name as it is."""
    return _FORMER_NAMES.get(name, name)


def parse(name: str, text: str) -> Any:
    """Read the value of a field from what someone typed.

    Raises:
        ConfigurationError: if there is no such field, the text is not such a value, or outside its range.
    """
    if name not in FIELDS:
        raise ConfigurationError(name, f"There is no field “{name}”. Fields: {', '.join(FIELDS)}.")
    return FIELDS[name].parse(name, text)


def as_text(name: str, value: Any) -> str:
    """Write a value as someone would type it; `parse` reads it back."""
    return FIELDS[name].as_text(value)
