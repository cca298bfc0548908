"""What may be asked of a run that is resumed: it goes on as it is, for more epochs if need be."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cadl_gui.domain.configuration import FIELDS, RunConfig, as_text
from cadl_gui.domain.errors import ConfigurationError


def require_same_run(folder: Path, run: RunConfig, learning_rate: float, asked: Mapping[str, Any]) -> None:
    """Make sure that nothing is asked for that the run in a folder is not.

    Args:
        folder: of the run.
        run: its configuration.
        learning_rate: with which it goes on, and which may have been changed since it began.
        asked: values of fields. `epochs`, the total, may be any.

    Raises:
        ConfigurationError: about the first field that differs.
    """
    for name, value in asked.items():
        own = learning_rate if name == "learning_rate" else run.value(name)
        if name == "epochs" or value == own:
            continue
        mine, other = (as_text(name, of) for of in (own, value))
        raise ConfigurationError(
            name,
            f"The run in “{folder}” goes on with {FIELDS[name].label} {mine}, not {other}: "
            f"only Epochs can be changed; `cadl branch` begins a run that differs.",
        )
