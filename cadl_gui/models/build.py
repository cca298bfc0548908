"""From a configuration to a network that is ready to train."""

from cadl_gui.core.buildable import check_buildable
from cadl_gui.core.configuration import Configuration
from cadl_gui.core.run import PictureShape
from cadl_gui.models.autoencoder import Autoencoder
from cadl_gui.models.classifier import Classifier
from cadl_gui.models.network import Network
from cadl_gui.models.optimizer import optimizer_for
from cadl_gui.models.variational_autoencoder import VariationalAutoencoder


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
    check_buildable(configuration, picture_shape, n_labels)
    network = _network_class(configuration)(configuration, picture_shape, n_labels)
    network.compile(optimizer=optimizer_for(network))
    return network


def _network_class(configuration: Configuration) -> type[Network]:
    if configuration.is_classifier:
        return Classifier
    return VariationalAutoencoder if configuration.is_variational else Autoencoder
