"""Presets, the fields that users set, and exports, without the sentences that explain them."""

import math
from typing import Any

from cadl_gui.domain.configuration import FIELDS
from cadl_gui.domain.exports import FORMATS, TENSORBOARD, WEB_PAGE
from cadl_gui.domain.presets import PRESETS, preset

_SENTENCES = {"label", "help", "offered"}


def presets() -> dict[str, Any]:
    """All presets with the values of all fields."""
    return {name: about.config.to_json() for name, about in PRESETS.items()}


def fields() -> dict[str, Any]:
    """All fields with kind, range and choices."""
    return {name: _facts(about) for name, about in FIELDS.items()}


def exports() -> dict[str, Any]:
    """All formats; those of one network with their functions for each kind: the defaults, then the others."""
    networks = {"classifier": preset("softmax"), "autoencoder": preset("vae")}
    formats = {
        name: _facts(made)
        | {
            kind: {
                "by default": [each.name for each in about.config.model.kind.functions_for(made)],
                "can be chosen": [each.name for each in about.config.model.kind.functions],
            }
            for kind, about in networks.items()
        }
        for name, made in FORMATS.items()
    }
    return formats | {made.name: _facts(made) for made in (WEB_PAGE, TENSORBOARD)}


def _facts(about: Any) -> dict[str, Any]:
    facts = ((key, tuple(value) if isinstance(value, dict) else value) for key, value in vars(about).items())
    return {key: value for key, value in facts if key not in _SENTENCES and _says_something(value)}


def _says_something(value: Any) -> bool:
    return value not in {"", ()} and not (isinstance(value, float) and math.isinf(value))
