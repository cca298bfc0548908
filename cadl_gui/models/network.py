"""Base class of all networks, and the options of a forward pass."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Self

import keras
from keras import ops

from cadl_gui.domain.forward_pass import ForwardPass
from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.model_spec import LayerSpec, model_spec
from cadl_gui.domain.snapshot import Weights, freeze
from cadl_gui.domain.training_config import TrainingConfig
from cadl_gui.models.layers.block import Block
from cadl_gui.models.layers.mean_subtraction import MeanSubtraction
from cadl_gui.models.optimizer import optimizer_for
from cadl_gui.models.randomness import RngStream, fold_in, initializer_seed, layer_number


@dataclass(frozen=True, eq=False)
class Pass:
    """Options of a forward pass.

    Attributes:
        training: whether dropout is active and batch normalisation uses the statistics of the batch.
        key: (2,) int32, selects the units that dropout omits; required only with dropout.
        after: called with each layer's `LayerSpec` and output, (batch, *output_shape). Its return value
            replaces the output, so that layers can be inspected and bent.
        as_logits: whether the decoder gives its last layer's output before the activation function.
    """

    training: bool = False
    key: Any = None
    after: Callable[[LayerSpec, Any], Any] = lambda _, given: given
    as_logits: bool = False


INFERENCE = Pass()
"""The pass of inference: no dropout, nothing bent."""


class Network(keras.Model):
    """A network whose layers follow a `ModelSpec`; base class of classifiers and autoencoders.

    Images are (batch, height, width, channels) float32 in [0, 1]; the mean image is subtracted inside the
    network, so that this also holds for loaded models. Keys are (2,) int32 and determine all random numbers
    (see `cadl_gui.models.randomness`).

    Args:
        config: configuration of the model.
        image_shape: (height, width, channels).
        n_classes: number of classes; only classifiers use it.
        training_config: configuration of the training; it does not affect inference.

    Attributes:
        metric_names: names of the metrics that `compute_metrics` returns, `loss` first.
        config: as above.
        training_config: as above.
        image_shape: as above.
        n_classes: as above.
        spec: specification of the layers.
        mean_subtraction: layer that holds the mean image, which is zero until one is assigned.
        encoder_layers: layers from the image to the latent vector or to the logits.
        decoder_layers: layers from the latent vector to the image; empty for a classifier.
        z_log_var_layer: layer that outputs `z_log_var`; None unless the model is variational.
    """

    metric_names: ClassVar[tuple[str, ...]] = ("loss",)

    def __init__(
        self,
        config: ModelConfig,
        image_shape: ImageShape,
        n_classes: int,
        training_config: TrainingConfig,
    ) -> None:
        super().__init__(name=config.model)
        self.config = config
        self.training_config = training_config
        self.image_shape = image_shape
        self.n_classes = n_classes
        self.spec = model_spec(config, image_shape, n_classes, training_config)
        self.mean_subtraction = MeanSubtraction(name="mean_subtraction")
        self.encoder_layers = [self._block(layer) for layer in self.spec.encoder]
        self.decoder_layers = [self._block(layer) for layer in self.spec.decoder]
        self.z_log_var_layer = None if self.spec.z_log_var is None else self._block(self.spec.z_log_var)
        self.build((None, *image_shape))

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create all variables, so that the model can be saved and loaded before its first call."""
        self.mean_subtraction.build(input_shape)
        for layer in self.blocks:
            layer.build((None, *layer.spec.input_shape))

    @property
    def blocks(self) -> list[Block]:
        """All layers, in the order of `spec.layers`."""
        return [*self.encoder_layers, *filter(None, [self.z_log_var_layer]), *self.decoder_layers]

    @property
    def layers_with_kernels(self) -> list[Block]:
        """The layers that own a kernel, that is, are not tied, in the order of `spec.layers`."""
        return [layer for layer in self.blocks if not layer.spec.tied_to]

    @property
    def variables_by_path(self) -> dict[str, Any]:
        """All variables by their paths without the network's name, such as `encoder_1/linear/kernel`.

        The same paths name weights on disk and in `Weights`. Layers and sublayers are named explicitly, since
        Keras's default names depend on what the process has built before.
        """
        return {variable.path.removeprefix(f"{self.name}/"): variable for variable in self.variables}

    @property
    def weights_by_path(self) -> Weights:
        """A copy of the current values of all variables."""
        return freeze({path: variable.value.numpy() for path, variable in self.variables_by_path.items()})

    def functions(self, options: Pass = INFERENCE) -> ForwardPass:
        """The functions that networks of this kind compute."""
        blocks = {block.spec.name: block for block in self.blocks}
        return self.config.kind.forward_pass(
            self.spec,
            ops,
            partial(self._apply, blocks, options),
            self.mean_subtraction,
            (lambda given: given) if self.config.is_bernoulli else self.mean_subtraction.inverse,
        )

    @abstractmethod
    def compute_metrics(self, images: Any, labels: Any, key: Any, *, training: bool) -> dict[str, Any]:
        """Compute the loss and the other metrics of each image.

        Args:
            images: (batch, height, width, channels) float32 in [0, 1].
            labels: (batch,) int64; ignored by networks that are not classifiers.
            key: (2,) int32, determines all random numbers.
            training: whether to apply dropout and augmentation, and to normalise by the batch's statistics.

        Returns:
            For each of `metric_names`, (batch,) float32. Training minimises the mean of `loss`.
        """

    def forward(self, images: Any, options: Pass) -> None:
        """Run a forward pass through encoder and decoder, if any, for the effects of `options.after`."""
        functions = self.functions(options)
        latents = functions.gaussian(images)[0] if self.spec.z_log_var else functions.encode(images)
        if self.spec.decoder:
            functions.outputs(latents)

    def compile_from_config(self, config: Mapping[str, Any]) -> None:  # noqa: ARG002 - Keras's signature
        """Create a new optimiser: Keras does not save which variables are excluded from weight decay."""
        self.compile(optimizer=self.new_optimizer())

    def new_optimizer(self) -> keras.optimizers.Optimizer:
        """Create an optimiser in its initial state for the network's trainable variables."""
        kernels = [layer.kernel for layer in self.layers_with_kernels]
        return optimizer_for(self.training_config, self.trainable_variables, kernels)

    def get_config(self) -> dict[str, Any]:
        """The arguments of `from_config`."""
        return {
            "configuration": {**self.config.to_json(), **self.training_config.to_json()},
            "image_shape": list(self.image_shape),
            "n_classes": self.n_classes,
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Build a network from the result of `get_config`.

        Raises:
            ConfigurationError: if the configuration is invalid.
        """
        height, width, channels = config["image_shape"]
        values = config["configuration"]
        return cls(
            ModelConfig.from_json(values),
            (height, width, channels),
            config["n_classes"],
            TrainingConfig.from_json(values),
        )

    def _apply(self, blocks: Mapping[str, Block], options: Pass, layer: LayerSpec, inputs: Any) -> Any:
        """Output of one layer after `options.after`."""
        block = blocks[layer.name]
        kernel = blocks[layer.tied_to].kernel if layer.tied_to else None
        if options.as_logits and layer is self.spec.decoder[-1]:
            return block.pre_activation(inputs, kernel=kernel, training=options.training)
        key = self._dropout_key(block, options.key)
        return options.after(layer, block(inputs, kernel=kernel, training=options.training, key=key))

    def _block(self, layer: LayerSpec) -> Block:
        return Block(
            layer,
            seed=initializer_seed(self.training_config.seed, layer_number(layer.name)),
            initial_stddev=self.training_config.initial_stddev,
        )

    def _dropout_key(self, layer: Block, key: Any) -> Any:
        """Dropout key of a layer; None without dropout, since even deriving a key takes time."""
        if key is None or not layer.spec.dropout:
            return None
        return fold_in(key, RngStream.DROPOUT + layer_number(layer.spec.name))
