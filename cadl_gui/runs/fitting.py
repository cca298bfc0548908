"""Checks that a file holds enough weights for the network it describes, before that network is built."""

from pathlib import Path

from cadl_gui.domain.buildable import check_buildable
from cadl_gui.domain.errors import CheckpointError, ConfigurationError
from cadl_gui.runs.manifest import Manifest
from cadl_gui.system.words import _


def require_fitting(manifest: Manifest, n_weights: int, path: Path) -> None:
    """Check that building a network takes no more memory than its weights take in the file.

    Args:
        n_weights: upper bound on the number of weights in the file.

    Raises:
        CheckpointError: if the network has more weights than that, or cannot be built at all.
    """
    try:
        spec = check_buildable(manifest.config, manifest.image_shape, manifest.n_classes)
    except ConfigurationError as error:
        raise CheckpointError(
            _("“{path}” describes no network that can be built: {error}").format(path=path, error=error)
        ) from error
    needed = spec.n_parameters
    if needed > n_weights:
        raise CheckpointError(
            _(
                "“{path}” is damaged: its network has {needed:,} weights, and it holds {n_weights:,} at most."
            ).format(path=path, needed=needed, n_weights=n_weights)
        )
