"""Comparison of runs: fields in which configurations differ, and scales of their losses."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cadl_gui.domain.configuration import ALL_FIELDS, RunConfig, as_text, is_applicable
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_config import ModelConfig

NOTHING = "–"
"""Placeholder for a field that has no effect, such as β for a classifier."""


@dataclass(frozen=True)
class Difference:
    """A field that differs between configurations.

    Attributes:
        label: label of the field in the interface, with its unit.
        values: value in each configuration, as the user would type it, or `NOTHING`.
    """

    label: str
    values: tuple[str, ...]


def differences(configs: Sequence[RunConfig]) -> list[Difference]:
    """List the fields in which configurations differ, in the order of the form; empty for fewer than two."""
    found = []
    for name, about in ALL_FIELDS.items():
        values = tuple(_text(name, config) for config in configs)
        if len(set(values)) > 1:
            says_unit = not about.unit or about.unit == about.label.lower()
            found.append(Difference(about.label if says_unit else f"{about.label}, {about.unit}", values))
    return found


def varying_fields(configs: Iterable[RunConfig]) -> tuple[str, ...]:
    """Return the fields that do not have the same value in all configurations, in the order of the form.

    In any of the configurations, these are the fields in which it differs from some other.
    """
    distinct = set(configs)
    return tuple(name for name in ALL_FIELDS if len({config.value(name) for config in distinct}) > 1)


def has_effect(name: str, config: RunConfig) -> bool:
    """Whether a field has an effect in a configuration; β has none for a classifier."""
    return is_applicable(name, lambda field: as_text(field, config.value(field)))


def loss_scale(config: ModelConfig, image_shape: ImageShape) -> tuple[object, ...]:
    """Return the scale of a run's loss; runs whose scales are equal can share a plot.

    Squared errors per pixel, bounds in nats and cross-entropies lie on different scales. A bound in nats is a
    sum over all pixels.
    """
    n_summed = math.prod(image_shape) if config.is_variational else 1
    return config.kind, config.is_variational and config.likelihood, n_summed


def _text(name: str, config: RunConfig) -> str:
    return (as_text(name, config.value(name)) or NOTHING) if has_effect(name, config) else NOTHING
