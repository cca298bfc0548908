"""What every network of the app has in common."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import keras

from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.model_spec import LayerSpec, model_spec
from cadl_gui.domain.run import RANDOMNESS
from cadl_gui.domain.snapshot import Weights, freeze
from cadl_gui.domain.training_config import TrainingConfig
from cadl_gui.models.layers.block import Block
from cadl_gui.models.layers.mean_subtraction import MeanSubtraction
from cadl_gui.models.optimizer import optimizer_for
from cadl_gui.models.randomness import RngStream, fold_in, initializer_seed, layer_number


@dataclass(frozen=True, eq=False)
class Pass:
    """How a pass through a network goes.

    Attributes:
        training: whether batches are normalised by themselves, and units left out.
        key: (2,) int32, decides which units; needed only where there is dropout.
        after: gets the row of each layer and what that gives, (batch, *output_shape), and returns what goes
            on in its place: so layers are looked at, and bent.
    """

    training: bool = False
    key: Any = None
    after: Callable[[LayerSpec, Any], Any] = lambda _, given: given


ASKED = Pass()
"""Nothing is left out or bent."""


class Network(keras.Model):
    """Layers in the order of their architecture's table. Takes images in [0, 1], wherever it is loaded.

    Images are (batch, height, width, channels) float32 in [0, 1]. Keys are (2,) int32 and decide all that
    is random (see `cadl_gui.models.randomness`).

    Args:
        config: what to build.
        image_shape: (height, width, channels).
        n_classes: how many kinds of images there are; only classifiers need it.
        training_config: how it is trained, which its answers do not depend on.
        randomness: version of how first weights and noise follow from the seed.

    Attributes:
        metric_names: what `compute_metrics` gives, `loss` first.
        config: what it was built from.
        training_config: as above.
        image_shape: (height, width, channels).
        n_classes: as above.
        randomness: as above.
        spec: the table of its layers.
        mean_subtraction: holds the mean image; zero until one is assigned.
        encoder_layers: from the image to the latent vector, or to the logits.
        decoder_layers: from the latent vector to the image; none in a classifier.
    """

    metric_names: ClassVar[tuple[str, ...]] = ("loss",)

    def __init__(
        self,
        config: ModelConfig,
        image_shape: ImageShape,
        n_classes: int,
        training_config: TrainingConfig,
        randomness: int = RANDOMNESS,
    ) -> None:
        super().__init__(name=config.model)
        self.config = config
        self.training_config = training_config
        self.image_shape = image_shape
        self.n_classes = n_classes
        self.randomness = randomness
        self.spec = model_spec(config, image_shape, n_classes, training_config)
        self.mean_subtraction = MeanSubtraction(name="mean_subtraction")
        self.encoder_layers = [self._block(layer) for layer in self.spec.encoder]
        self.decoder_layers = [self._block(layer) for layer in self.spec.decoder]
        self.z_log_var_layer = None if self.spec.z_log_var is None else self._block(self.spec.z_log_var)
        self.build((None, *image_shape))

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create every variable, so that the model can be saved and loaded before it has seen an image."""
        self.mean_subtraction.build(input_shape)
        for layer in (*self.encoder_layers, *self.decoder_layers, self.z_log_var_layer):
            if layer is not None:
                layer.build((None, *layer.spec.input_shape))

    @property
    def layers_with_kernels(self) -> list[Block]:
        """Every layer that has a kernel of its own, in the order of the architecture's table."""
        blocks = (*self.encoder_layers, *filter(None, [self.z_log_var_layer]), *self.decoder_layers)
        return [layer for layer in blocks if not layer.spec.tied_to]

    @property
    def variables_by_path(self) -> dict[str, Any]:
        """Every variable, by its path without the network's own name: `encoder_1/linear/kernel`.

        These are the names of weights on disk and in `Weights`: layers and what is in them are named by hand,
        since Keras's own names count what the process has built before.
        """
        return {variable.path.removeprefix(f"{self.name}/"): variable for variable in self.variables}

    @property
    def weights_by_path(self) -> Weights:
        """A copy of every variable, as it is now."""
        return freeze({path: variable.value.numpy() for path, variable in self.variables_by_path.items()})

    @abstractmethod
    def compute_metrics(self, images: Any, labels: Any, key: Any, *, training: bool) -> dict[str, Any]:
        """How well the network does on each image.

        Args:
            images: see above.
            labels: (batch,) int64; networks that need none ignore them.
            key: see above.
            training: whether it is trained on them: with dropout, augmentation and normalised batches.

        Returns:
            For each of `metric_names`, (batch,) float32. The mean of `loss` is what training minimises.
        """

    @abstractmethod
    def follow(self, images: Any, way: Pass) -> None:
        """Compute every layer that the table has, in its order: for what `way.after` does with them."""

    def compile_from_config(self, config: Mapping[str, Any]) -> None:  # noqa: ARG002 - Keras's signature
        """Make the optimiser anew: Keras's file does not tell what weight decay leaves out."""
        self.compile(optimizer=self.new_optimizer())

    def new_optimizer(self) -> keras.optimizers.Optimizer:
        """One that has taken no step yet."""
        kernels = [layer.kernel for layer in self.layers_with_kernels]
        return optimizer_for(self.training_config, self.trainable_variables, kernels)

    def get_config(self) -> dict[str, Any]:
        """What `from_config` needs."""
        return {
            "configuration": {**self.config.to_json(), **self.training_config.to_json()},
            "picture_shape": list(self.image_shape),
            "n_labels": self.n_classes,
            "randomness": self.randomness,
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Build the network that `get_config` describes.

        Raises:
            ConfigurationError: if the configuration is not a valid one.
        """
        height, width, channels = config["picture_shape"]
        values = config["configuration"]
        return cls(
            ModelConfig.from_json(values),
            (height, width, channels),
            config["n_labels"],
            TrainingConfig.from_json(values),
            config.get("randomness", 1),
        )

    def _encoded(self, images: Any, layers: Sequence[Block], way: Pass) -> Any:
        """What comes out of the first layers of the encoder."""
        hidden = self.mean_subtraction(images)
        for place, layer in enumerate(layers):
            hidden = self._given(layer, hidden, place, way)
        return hidden

    def _given(self, layer: Block, inputs: Any, place: int, way: Pass, kernel: Any = None) -> Any:
        """What one layer gives: each pass through each network goes through here."""
        key = self._dropout_key(layer, way.key, place)
        return way.after(layer.spec, layer(inputs, kernel=kernel, training=way.training, key=key))

    def _block(self, layer: LayerSpec) -> Block:
        number = layer_number(self.randomness, layer.name, self.spec.layers.index(layer))
        return Block(
            layer,
            seed=initializer_seed(self.training_config.seed, number),
            initial_stddev=self.training_config.initial_stddev,
        )

    def _dropout_key(self, layer: Block, key: Any, place: int) -> Any:
        """A layer's own key; none is made where nothing is left out, since even that takes time."""
        if key is None or not layer.spec.dropout:
            return None
        return fold_in(key, RngStream.DROPOUT + layer_number(self.randomness, layer.spec.name, place))
