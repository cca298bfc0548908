"""From a configuration to a network that is ready to train."""

from cadl_gui.core.architecture import architecture
from cadl_gui.core.configuration import Configuration
from cadl_gui.core.errors import ConfigurationError
from cadl_gui.core.run import PictureShape
from cadl_gui.models.autoencoder import Autoencoder
from cadl_gui.models.classifier import Classifier
from cadl_gui.models.network import Network
from cadl_gui.models.optimizer import optimizer_for
from cadl_gui.models.variational_autoencoder import VariationalAutoencoder

MAX_PARAMETERS = 200_000_000
"""With Adam's two moments and a gradient, 3.2 GB of float32."""

MAX_BATCH_NUMBERS = 500_000_000
"""Numbers that one step may hold between its layers: 2 GB of float32."""


def build(configuration: Configuration, picture_shape: PictureShape, n_labels: int) -> Network:
    """Build a network and its optimiser, every variable of both included, so that both can be saved.

    Args:
        configuration: what to build.
        picture_shape: (height, width, channels).
        n_labels: how many kinds of pictures there are; 0 where they have no labels.

    Returns:
        The untrained network, compiled with Adam.

    Raises:
        ConfigurationError: if it would not fit into memory, or is to classify what has no labels.
    """
    if configuration.is_classifier and n_labels < 2:
        raise ConfigurationError("model", "A classifier needs pictures with at least two different labels.")
    _check_size(configuration, picture_shape, n_labels)
    network = _network_class(configuration)(configuration, picture_shape, n_labels)
    network.compile(optimizer=optimizer_for(network))
    return network


def _network_class(configuration: Configuration) -> type[Network]:
    if configuration.is_classifier:
        return Classifier
    return VariationalAutoencoder if configuration.is_variational else Autoencoder


def _check_size(configuration: Configuration, picture_shape: PictureShape, n_labels: int) -> None:
    table = architecture(configuration, picture_shape, n_labels)
    if table.n_parameters > MAX_PARAMETERS:
        raise ConfigurationError(
            "layers",
            f"These layers have {table.n_parameters:,} weights; at most {MAX_PARAMETERS:,} are allowed.",
        )
    batch_numbers = configuration.batch_size * table.n_activations
    if batch_numbers > MAX_BATCH_NUMBERS:
        gigabytes = 4 * batch_numbers / 1e9
        raise ConfigurationError(
            "batch_size",
            f"A batch of {configuration.batch_size:,} pictures takes {gigabytes:,.1f} GB in this network; "
            f"at most {4 * MAX_BATCH_NUMBERS / 1e9:g} GB are allowed.",
        )
