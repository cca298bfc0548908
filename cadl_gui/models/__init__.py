"""Keras models, built from a configuration.

Importing this package registers its classes with Keras; `keras.saving.load_model` needs nothing else to open
one of this program's `.keras` files.
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
