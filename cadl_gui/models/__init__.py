"""Keras models, built from a configuration.

Importing this package registers its classes, which is all that `keras.saving.load_model` needs to open one of
our `.keras` files.
"""

from cadl_gui.models.autoencoder import Autoencoder
from cadl_gui.models.bound_function import BoundFunction
from cadl_gui.models.build import build, build_for_inference
from cadl_gui.models.classifier import Classifier
from cadl_gui.models.network import Network
from cadl_gui.models.variational_autoencoder import VariationalAutoencoder

__all__ = [
    "Autoencoder",
    "BoundFunction",
    "Classifier",
    "Network",
    "VariationalAutoencoder",
    "build",
    "build_for_inference",
]
