"""What tells runs apart: the fields in which their configurations differ, and how good they became."""

from collections.abc import Sequence
from dataclasses import dataclass

from cadl_gui.domain.configuration import FIELDS, RunConfig, as_text, is_applicable
from cadl_gui.domain.model_config import ModelConfig

NOTHING = "–"
"""Stands where a field decides nothing, such as β for a classifier."""


@dataclass(frozen=True)
class Difference:
    """One field that is not the same everywhere.

    Attributes:
        label: its name in the interface, with its unit.
        values: of each configuration, as someone would type them, or `NOTHING`.
    """

    label: str
    values: tuple[str, ...]


def differences(configs: Sequence[RunConfig]) -> list[Difference]:
    """The fields in which configurations differ, in the order of the form; none for fewer than two."""
    found = []
    for name, about in FIELDS.items():
        values = tuple(_text(name, config) for config in configs)
        if len(set(values)) > 1:
            says_unit = not about.unit or about.unit == about.label.lower()
            found.append(Difference(about.label if says_unit else f"{about.label}, {about.unit}", values))
    return found


def are_comparable(one: ModelConfig, other: ModelConfig) -> bool:
    """Whether the losses of two runs measure the same, so that they belong into one plot.

    Squared errors per pixel, bounds in nats and cross-entropies lie on different scales.
    """
    return _scale(one) == _scale(other)


def _scale(config: ModelConfig) -> tuple[bool, bool, bool]:
    return config.is_classifier, config.is_variational, config.is_bernoulli


def _text(name: str, config: RunConfig) -> str:
    def text_of(field: str) -> str:
        return as_text(field, config.value(field))

    return (text_of(name) or NOTHING) if is_applicable(name, text_of) else NOTHING
