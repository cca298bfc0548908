"""Which networks are built: those that fit into memory."""

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.model_spec import ModelSpec, model_spec
from cadl_gui.system.file_limits import MOST_ACTIVATIONS

MAX_PARAMETERS = 200_000_000
"""With Adam's two moments and a gradient, 3.2 GB of float32."""

MAX_BATCH_NUMBERS = 500_000_000
"""Numbers that one step may hold between its layers: 2 GB of float32."""


def check_network(config: ModelConfig, image_shape: ImageShape, n_classes: int) -> ModelSpec:
    """Make sure of a network before any room is made for it; returns its layers.

    Raises:
        ConfigurationError: if it would not fit into memory, or is to classify what has no labels.
    """
    if config.is_classifier and n_classes < 2:
        raise ConfigurationError("model", "A classifier needs images with at least two different labels.")
    spec = model_spec(config, image_shape, n_classes)
    if spec.n_parameters > MAX_PARAMETERS:
        raise ConfigurationError(
            "layers",
            f"These layers have {spec.n_parameters:,} weights; at most {MAX_PARAMETERS:,} are allowed.",
        )
    if spec.n_activations > MOST_ACTIVATIONS:
        raise ConfigurationError(
            "layers",
            f"One image becomes {spec.n_activations:,} numbers on its way through these layers; "
            f"at most {MOST_ACTIVATIONS:,} are allowed.",
        )
    return spec


def check_buildable(config: RunConfig, image_shape: ImageShape, n_classes: int) -> ModelSpec:
    """Make sure of a network that is to be trained, in batches; see `check_network`."""
    spec = check_network(config.model, image_shape, n_classes)
    batch_numbers = config.training.batch_size * spec.n_activations
    if batch_numbers > MAX_BATCH_NUMBERS:
        gigabytes = 4 * batch_numbers / 1e9
        raise ConfigurationError(
            "batch_size",
            f"A batch of {config.training.batch_size:,} images takes {gigabytes:,.1f} GB in this network; "
            f"at most {4 * MAX_BATCH_NUMBERS / 1e9:g} GB are allowed.",
        )
    return spec
