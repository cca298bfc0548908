"""Checks that a network fits into memory before it is built."""

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.model_spec import ModelSpec, model_spec
from cadl_gui.system.file_limits import MOST_ACTIVATIONS
from cadl_gui.system.words import _

MAX_PARAMETERS = 200_000_000
"""With Adam's two moments and a gradient, 3.2 GB of float32."""

MAX_BATCH_NUMBERS = 500_000_000
"""Largest number of activations in one training step: 2 GB of float32."""


def check_network(config: ModelConfig, image_shape: ImageShape, n_classes: int) -> ModelSpec:
    """Check a network before memory is allocated for it.

    Args:
        image_shape: (height, width, channels).
        n_classes: number of classes of the dataset; a classifier needs at least 2.

    Returns:
        The specification of its layers.

    Raises:
        ConfigurationError: if the network would not fit into memory, or is a classifier and there are fewer
            than 2 classes.
    """
    if config.is_classifier and n_classes < 2:
        raise ConfigurationError("model", _("A classifier needs images with at least two different labels."))
    spec = model_spec(config, image_shape, n_classes)
    if spec.n_parameters > MAX_PARAMETERS:
        raise ConfigurationError(
            "layers",
            _("These layers have {n_parameters:,} weights; at most {max_parameters:,} are allowed.").format(
                n_parameters=spec.n_parameters, max_parameters=MAX_PARAMETERS
            ),
        )
    if spec.n_activations > MOST_ACTIVATIONS:
        raise ConfigurationError(
            "layers",
            _(
                "One image becomes {n_activations:,} numbers on its way through these layers; at "
                "most {most_activations:,} are allowed."
            ).format(n_activations=spec.n_activations, most_activations=MOST_ACTIVATIONS),
        )
    return spec


def check_buildable(config: RunConfig, image_shape: ImageShape, n_classes: int) -> ModelSpec:
    """Check a network for training, including the memory of a batch; see `check_network`.

    Raises:
        ConfigurationError: as `check_network` does, or if a batch would not fit into memory.
    """
    spec = check_network(config.model, image_shape, n_classes)
    batch_numbers = config.training.batch_size * spec.n_activations
    if batch_numbers > MAX_BATCH_NUMBERS:
        gigabytes = 4 * batch_numbers / 1e9
        raise ConfigurationError(
            "batch_size",
            _(
                "A batch of {batch_size:,} images takes {gigabytes:,.1f} GB in this network; at "
                "most {most:g} GB are allowed."
            ).format(
                batch_size=config.training.batch_size,
                gigabytes=gigabytes,
                most=4 * MAX_BATCH_NUMBERS / 1e9,
            ),
        )
    return spec
