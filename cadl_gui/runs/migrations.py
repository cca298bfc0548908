"""Versions of what runs write, and how what an older program wrote becomes what this one writes.

Every part says its own version under the name `format`, and is brought to the newest one when it is read: so
the parts of a folder may be of different versions, as those of a run are that a newer program went on with.
Files are never changed for it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.model_spec import ModelSpec

RUN = 2
"""Of `run.json`, which a checkpoint holds, too. 1: nothing of randomness, which is that of version 1."""

HISTORY = 2
"""Of a history. 1: no record says a version. 2: the first one does; the others are as they were."""

SNAPSHOT = 2
"""Of a snapshot. 1: weights by their places among the network's variables. 2: by their paths."""

CHECKPOINT = 2
"""Of what a checkpoint holds besides `run.json`. 1: among its members, with checksums of variables by their
places. 2: under a name of its own, with checksums by their paths."""


def require_known(number: Any, newest: int, path: Path) -> int:
    """Make sure that a part is not of a newer version than this program writes.

    Args:
        number: the version that the part says, not trusted.
        newest: the one that this program writes.
        path: of the file, for the sentence.

    Raises:
        CheckpointError: if it is newer.
        ValueError: if it is no version.
    """
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError(f"Expected a version. Received: {number!r:.100}")
    if number > newest:
        raise CheckpointError(f"“{path}” was written by a newer version of the program (format {number}).")
    return number


def run_from_version_1(values: Mapping[str, Any]) -> dict[str, Any]:
    """What `run.json` of version 1 holds, as version 2 has it."""
    return {"versions": {}, **values, "randomness": 1}


def checkpoint_from_version_1(values: Mapping[str, Any], spec: ModelSpec) -> dict[str, Any]:
    """What a checkpoint of version 1 holds besides `run.json`, as version 2 has it.

    Raises:
        KeyError: if something is missing.
        ValueError: if there are not as many checksums as such a network and its optimiser have variables.
        TypeError: if they are no list.
    """
    weights = paths_of_version_1(spec)
    trained = [path for path in weights if not path.endswith(("/mean", "/moving_mean", "/moving_variance"))]
    moments = [
        f"adam/{path.replace('/', '_')}_{moment}" for path in trained for moment in ("momentum", "velocity")
    ]
    paths = [*weights, "adam/iteration", "adam/learning_rate", *moments]
    checksums = dict(zip(paths, values["variables"], strict=True))
    return {"position": values["position"], "variables": checksums, "history": values.get("history", [])}


def paths_of_version_1(spec: ModelSpec) -> list[str]:
    """The paths of a network's variables in the order in which version 1 counted them.

    First the mean image, then encoder, decoder and `z_log_var`; of each layer kernel (unless tied), bias,
    and four of its batch normalisation, as far as it has them.
    """
    log_var = () if spec.z_log_var is None else (spec.z_log_var,)
    paths = ["mean_subtraction/mean"]
    for layer in (*spec.encoder, *spec.decoder, *log_var):
        names = [] if layer.tied_to else ["linear/kernel"]
        names += ["linear/bias"] if layer.use_bias else []
        if layer.batch_normalisation:
            normalised = ("gamma", "beta", "moving_mean", "moving_variance")
            names += [f"batch_normalisation/{name}" for name in normalised]
        paths += [f"{layer.name}/{name}" for name in names]
    return paths
