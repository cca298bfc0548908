"""Checks the configuration requested for a resumed run: only epochs, and where the images are, may differ."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cadl_gui.domain.configuration import ALL_FIELDS, RunConfig, as_text
from cadl_gui.domain.data_config import PATH_FIELDS
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.training_config import AUTO
from cadl_gui.system.words import _


def require_same_run(folder: Path, run: RunConfig, learning_rate: float, asked: Mapping[str, Any]) -> None:
    """Require that the requested field values match those of the run to resume.

    Args:
        learning_rate: learning rate that the run resumes with, which may have been changed since it started.
        asked: requested field values. `epochs`, the total, may be any, as may paths, since the images there
            are compared; and `precision` may be `auto`, which the run has chosen already.

    Raises:
        ConfigurationError: if a field differs; the error names the first one.
    """
    for name, value in asked.items():
        own = learning_rate if name == "learning_rate" else run.value(name)
        if name in {"epochs", *PATH_FIELDS} or value == own or (name, value) == ("precision", AUTO):
            continue
        mine, other = (as_text(name, of) for of in (own, value))
        raise ConfigurationError(
            name,
            _(
                "The run in “{folder}” is resumed with {label} {mine}, not {other}: only Epochs "
                "can be changed; `cadl branch` begins a run that differs."
            ).format(folder=folder, label=_(ALL_FIELDS[name].label), mine=mine, other=other),
        )
