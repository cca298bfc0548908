"""From a configuration to a network that is ready to train."""

from cadl_gui.domain.buildable import check_buildable, check_network
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.run import RANDOMNESS
from cadl_gui.domain.training_config import TrainingConfig
from cadl_gui.models.autoencoder import Autoencoder
from cadl_gui.models.classifier import Classifier
from cadl_gui.models.network import Network
from cadl_gui.models.variational_autoencoder import VariationalAutoencoder


def build(
    config: RunConfig, image_shape: ImageShape, n_classes: int, randomness: int = RANDOMNESS
) -> Network:
    """Build a network and its optimiser, every variable of both included, so that both can be saved.

    Args:
        config: what to build.
        image_shape: (height, width, channels).
        n_classes: how many kinds of images there are; 0 where they have no labels.
        randomness: version of how first weights and noise follow from the seed; that of new runs.

    Returns:
        The untrained network, compiled with Adam.

    Raises:
        ConfigurationError: if it would not fit into memory, or is to classify what has no labels.
    """
    check_buildable(config, image_shape, n_classes)
    network = _built(config.model, image_shape, n_classes, config.training, randomness)
    network.compile(optimizer=network.new_optimizer())
    return network


def build_for_inference(config: ModelConfig, image_shape: ImageShape, n_classes: int) -> Network:
    """Build a network that is only asked, with whatever weights: it has no optimiser.

    Args:
        config: what to build.
        image_shape: (height, width, channels).
        n_classes: how many kinds of images there are; 0 where they have no labels.

    Raises:
        ConfigurationError: if it would not fit into memory, or is to classify what has no labels.
    """
    check_network(config, image_shape, n_classes)
    return _built(config, image_shape, n_classes, TrainingConfig(), RANDOMNESS)


def _built(
    config: ModelConfig,
    image_shape: ImageShape,
    n_classes: int,
    training_config: TrainingConfig,
    randomness: int,
) -> Network:
    return _network_class(config)(config, image_shape, n_classes, training_config, randomness)


def _network_class(config: ModelConfig) -> type[Network]:
    if config.is_classifier:
        return Classifier
    return VariationalAutoencoder if config.is_variational else Autoencoder
