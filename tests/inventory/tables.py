"""Presets and their fields, exports, and the rows of the F1 page."""

import dataclasses
import math
from typing import Any

from PySide6.QtWidgets import QMainWindow

from cadl_gui.domain.configuration import FIELDS
from cadl_gui.domain.exports import FORMATS, TENSORBOARD, chosen_functions, functions_of
from cadl_gui.domain.presets import PRESETS, preset
from cadl_gui.ui.shell.help_pages import key_rows
from inventory.keys import portable


def presets() -> dict[str, Any]:
    """All presets with the values of all fields."""
    return {name: {"line": about.line, **about.config.to_flat_json()} for name, about in PRESETS.items()}


def fields() -> dict[str, Any]:
    """All fields with kind, range, choices and help."""
    return {
        name: {key: value for key, value in dataclasses.asdict(about).items() if _says_something(value)}
        for name, about in FIELDS.items()
    }


def exports() -> dict[str, Any]:
    """All formats; those of networks with their functions for each kind: the defaults, then the others."""
    networks = {"classifier": preset("softmax"), "autoencoder": preset("vae")}
    formats = {
        name: dataclasses.asdict(made)
        | {
            kind: {
                "by default": [each.name for each in chosen_functions(about.config.model, made)],
                "can be chosen": [each.name for each in functions_of(about.config.model)],
            }
            for kind, about in networks.items()
        }
        for name, made in FORMATS.items()
    }
    return formats | {TENSORBOARD.name: dataclasses.asdict(TENSORBOARD)}


def f1_rows(window: QMainWindow) -> dict[str, list[str]]:
    """The rows of the F1 page by section: name, keys, help."""
    return {
        title: [" | ".join((row.name, portable(row.keys), row.help)) for row in rows]
        for title, rows in key_rows(window).items()
    }


def _says_something(value: Any) -> bool:
    return value not in {"", ()} and not (isinstance(value, float) and math.isinf(value))
