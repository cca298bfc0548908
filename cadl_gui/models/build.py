"""Builds networks from configurations, for training or for inference."""

from cadl_gui.domain.buildable import check_buildable, check_network
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.kinds import AUTOENCODER, CLASSIFIER, VARIATIONAL, Kind
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.training_config import TrainingConfig
from cadl_gui.models.autoencoder import Autoencoder
from cadl_gui.models.classifier import Classifier
from cadl_gui.models.network import Network
from cadl_gui.models.variational_autoencoder import VariationalAutoencoder

NETWORKS: dict[Kind, type[Network]] = {
    CLASSIFIER: Classifier, AUTOENCODER: Autoencoder, VARIATIONAL: VariationalAutoencoder,
}  # fmt: skip


def build(config: RunConfig, image_shape: ImageShape, n_classes: int) -> Network:
    """Build a network and its optimiser with all variables of both, so that both can be saved.

    Args:
        image_shape: (height, width, channels).
        n_classes: number of classes; 0 for an unlabelled dataset.

    Returns:
        The untrained network, compiled with Adam.

    Raises:
        ConfigurationError: if the network would not fit into memory, or is a classifier for unlabelled data.
    """
    check_buildable(config, image_shape, n_classes)
    network = NETWORKS[config.model.kind](config.model, image_shape, n_classes, config.training)
    network.compile(optimizer=network.new_optimizer())
    return network


def build_for_inference(config: ModelConfig, image_shape: ImageShape, n_classes: int) -> Network:
    """Build a network without an optimiser, to compute with weights from snapshots.

    Args:
        image_shape: (height, width, channels).
        n_classes: number of classes; 0 for an unlabelled dataset.

    Raises:
        ConfigurationError: if the network would not fit into memory, or is a classifier for unlabelled data.
    """
    check_network(config, image_shape, n_classes)
    return NETWORKS[config.kind](config, image_shape, n_classes, TrainingConfig())
