"""Format versions of run files, and the conversion of older versions to the current one.

Every part states its own version under the name `format`, and is converted to the current version when it is
read. The parts of a folder may therefore have different versions, as they do in a run that a newer program
resumed. The files themselves are not changed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cadl_gui.domain.errors import CheckpointError
from cadl_gui.domain.model_spec import ModelSpec

RUN = 2
"""Version of `run.json`, also in a checkpoint. 1: no `randomness` member, which implies 1. 2: with it."""

HISTORY = 2
"""Version of a history. 1: no record states a version. 2: the first record does; the rest is unchanged."""

SNAPSHOT = 2
"""Version of a snapshot. 1: weights by index among the network's variables. 2: by variable path."""

CHECKPOINT = 2
"""Version of what a checkpoint holds besides the manifest. 1: among the manifest's members, with checksums by
variable index. 2: under a separate name, `checkpoint`, with checksums by variable path."""


def require_known(number: Any, newest: int, path: Path) -> int:
    """Check that a part was not written by a newer version of this program.

    Args:
        number: the version that the part states, untrusted.
        newest: the version that this program writes.
        path: the file, for the error message.

    Returns:
        The version of the part.

    Raises:
        CheckpointError: if the version is newer than `newest`.
        ValueError: if `number` is not a positive integer.
    """
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError(f"Expected a version. Received: {number!r:.100}")
    if number > newest:
        raise CheckpointError(f"“{path}” was written by a newer version of the program (format {number}).")
    return number


def run_from_version_1(values: Mapping[str, Any]) -> dict[str, Any]:
    """Convert the content of `run.json` from version 1 to version 2."""
    return {"versions": {}, **values, "randomness": 1}


def checkpoint_from_version_1(values: Mapping[str, Any], spec: ModelSpec) -> dict[str, Any]:
    """Convert what a checkpoint holds besides the manifest from version 1 to version 2.

    Args:
        values: content of `cadl/run.json`, version 1.
        spec: structure of the network in the checkpoint.

    Raises:
        KeyError: if a member is missing.
        ValueError: if the number of checksums is not that of the variables of the network and its optimiser.
        TypeError: if the checksums are not a list.
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
    """Return the paths of a network's variables in the order in which version 1 numbered them.

    The mean image comes first, then encoder, decoder and `z_log_var`; for each layer its kernel (unless
    tied), its bias, and the four variables of its batch normalisation, where it has them.
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
