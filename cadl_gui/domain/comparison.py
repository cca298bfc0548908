"""Comparison of runs: fields in which configurations differ, and scales of their losses."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cadl_gui.domain.configuration import FIELDS, RunConfig, as_text, is_applicable
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
    for name, about in FIELDS.items():
        values = tuple(_text(name, config) for config in configs)
        if len(set(values)) > 1:
            says_unit = not about.unit or about.unit == about.label.lower()
            found.append(Difference(about.label if says_unit else f"{about.label}, {about.unit}", values))
    return found


def differing_fields(config: RunConfig, others: Sequence[RunConfig]) -> tuple[str, ...]:
    """Return the fields that have an effect and another value in any of the other configurations.

    Args:
        config: the configuration.
        others: those that it is compared with, such as its preset's own.
    """

    def text_of(field: str) -> str:
        return as_text(field, config.value(field))

    return tuple(
        name
        for name in FIELDS
        if name != "preset"
        and any(config.value(name) != other.value(name) for other in others)
        and is_applicable(name, text_of)
    )


def loss_scale(config: ModelConfig, image_shape: ImageShape) -> tuple[object, ...]:
    """Return the scale of a run's loss; runs whose scales are equal can share a plot.

    Squared errors per pixel, bounds in nats and cross-entropies lie on different scales. A bound in nats is a
    sum over all pixels.
    """
    n_summed = math.prod(image_shape) if config.is_variational else 1
    return config.is_classifier, config.is_variational, config.is_bernoulli, n_summed


def _text(name: str, config: RunConfig) -> str:
    def text_of(field: str) -> str:
        return as_text(field, config.value(field))

    return (text_of(name) or NOTHING) if is_applicable(name, text_of) else NOTHING
