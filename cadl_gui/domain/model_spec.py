"""What a configuration builds: the layers of a network with their shapes, known before TensorFlow is.

The models are made from this table and the window draws its diagram from it, so that both always agree.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.training_config import TrainingConfig

LayerKind = Literal["dense", "convolution", "transposed convolution"]
Shape = tuple[int, ...]
"""Of one image on its way: (n,) or (rows, columns, channels)."""

_UNTRAINED = TrainingConfig()


@dataclass(frozen=True, kw_only=True)
class LayerSpec:
    """A linear map, and what follows it: batch normalisation, activation, dropout, in this order.

    Attributes:
        name: unique within the network, such as `encoder_1`, `z_mean` or `logits`.
        kind: of the linear map.
        input_shape: of one image before it; a dense layer flattens what comes.
        output_shape: of one image after it; a dense layer that gives rows and columns reshapes.
        kernel_size: of a square kernel, in pixels.
        stride: how far kernels move, in pixels.
        activation: its name.
        initializer: how its first kernel is drawn.
        tied_to: the layer whose kernel it transposes, or "" if it has one of its own.
        use_bias: whether it adds a learned offset; where it is normalised, that does.
        batch_normalisation: whether it is normalised.
        dropout: share of its units that is left out in each training step.
    """

    name: str
    kind: LayerKind
    input_shape: Shape
    output_shape: Shape
    kernel_size: int = 1
    stride: int = 1
    activation: str = "linear"
    initializer: str = "glorot"
    tied_to: str = ""
    use_bias: bool = True
    batch_normalisation: bool = False
    dropout: float = 0.0

    @property
    def kernel_shape(self) -> Shape:
        """(in, out) if dense, (side, side, in, out) of a convolution, (side, side, out, in) if transposed."""
        if self.kind == "dense":
            return math.prod(self.input_shape), math.prod(self.output_shape)
        channels = self.input_shape[-1], self.output_shape[-1]
        return (
            self.kernel_size,
            self.kernel_size,
            *(channels if self.kind == "convolution" else reversed(channels)),
        )

    @property
    def n_parameters(self) -> int:
        """Numbers that are learned in this layer; a tied kernel counts where it lives."""
        n_out = math.prod(self.output_shape) if self.kind == "dense" else self.output_shape[-1]
        kernel = 0 if self.tied_to else math.prod(self.kernel_shape)
        return kernel + n_out * (self.use_bias + 2 * self.batch_normalisation)

    @property
    def n_multiplications(self) -> int:
        """Multiplications for one image, forwards."""
        positions = 1 if self.kind == "dense" else math.prod(self._sliding_shape[:2])
        return positions * math.prod(self.kernel_shape)

    @property
    def _sliding_shape(self) -> Shape:
        """Where a kernel is put: for a transposed convolution, on what comes in."""
        return self.output_shape if self.kind == "convolution" else self.input_shape


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """The layers of a network, in the order in which an image meets them.

    Attributes:
        encoder: up to the latent vector (`z_mean` of a variational network) or, in a classifier, up to the
            logits.
        z_log_var: beside `z_mean`, from the same input; None where nothing is variational.
        decoder: from the latent vector to the image; empty in a classifier.
    """

    encoder: tuple[LayerSpec, ...]
    z_log_var: LayerSpec | None
    decoder: tuple[LayerSpec, ...]

    @property
    def layers(self) -> tuple[LayerSpec, ...]:
        """All of them."""
        return (*self.encoder, *((self.z_log_var,) if self.z_log_var else ()), *self.decoder)

    @property
    def latent_shape(self) -> Shape:
        """Shape of one latent vector (or of the logits) before it is flattened."""
        return self.encoder[-1].output_shape

    @property
    def latent_dim(self) -> int:
        """Numbers of one latent vector."""
        return math.prod(self.latent_shape)

    @property
    def n_parameters(self) -> int:
        """Numbers that are learned."""
        return sum(layer.n_parameters for layer in self.layers)

    @property
    def n_activations(self) -> int:
        """How many numbers one image becomes on its way, itself included."""
        return math.prod(self.encoder[0].input_shape) + sum(
            math.prod(layer.output_shape) for layer in self.layers
        )

    @property
    def n_multiplications(self) -> int:
        """Multiplications for one image, forwards."""
        return sum(layer.n_multiplications for layer in self.layers)


def model_spec(
    config: ModelConfig,
    image_shape: ImageShape,
    n_classes: int,
    training: TrainingConfig = _UNTRAINED,
) -> ModelSpec:
    """Lay out the network that a configuration describes.

    Args:
        config: what to build.
        image_shape: (height, width, channels).
        n_classes: how many kinds of images there are; only classifiers need it.
        training: says how first weights are drawn and how much is left out; only training needs it.
    """
    hidden = _hidden_layers(config, image_shape, training)
    before = hidden[-1].output_shape if hidden else image_shape
    if config.is_classifier:
        logits = _dense("logits", before, n_classes, use_bias=config.use_bias)
        return ModelSpec(encoder=(*hidden, logits), z_log_var=None, decoder=())
    z_log_var, encoder = None, tuple(hidden)
    if config.latent_dim:
        name = "z_mean" if config.is_variational else "code"
        encoder = (*hidden, _dense(name, before, config.latent_dim, use_bias=config.use_bias))
        if config.is_variational:
            z_log_var = _dense("z_log_var", before, config.latent_dim, use_bias=config.use_bias)
    return ModelSpec(encoder=encoder, z_log_var=z_log_var, decoder=_mirrored(config, encoder, training))


def _hidden_layers(config: ModelConfig, image_shape: ImageShape, training: TrainingConfig) -> list[LayerSpec]:
    shape: Shape = image_shape
    layers: list[LayerSpec] = []
    for i, units in enumerate(config.layers):
        layer = _hidden(config, training, f"encoder_{i + 1}", shape, units)
        if config.convolutional:
            layer = _slid(layer, config.kernel_sizes[i], config.strides[i])
        layers.append(layer)
        shape = layer.output_shape
    if config.n_hidden:
        hidden = _hidden(config, training, "hidden", shape, config.n_hidden)
        layers.append(replace(hidden, initializer="glorot"))
    return layers


def _hidden(
    config: ModelConfig, training: TrainingConfig, name: str, input_shape: Shape, units: int
) -> LayerSpec:
    return LayerSpec(
        name=name,
        kind="dense",
        input_shape=input_shape,
        output_shape=(units,),
        activation=config.activation,
        initializer=training.initializer,
        use_bias=config.use_bias and not config.batch_normalisation,
        batch_normalisation=config.batch_normalisation,
        dropout=training.dropout,
    )


def _slid(layer: LayerSpec, kernel_size: int, stride: int) -> LayerSpec:
    """The same layer as a convolution: its units become kernels that slide over the image."""
    rows, columns, _ = layer.input_shape
    output_shape = (math.ceil(rows / stride), math.ceil(columns / stride), *layer.output_shape)
    return replace(
        layer, kind="convolution", output_shape=output_shape, kernel_size=kernel_size, stride=stride
    )


def _mirrored(
    config: ModelConfig, encoder: tuple[LayerSpec, ...], training: TrainingConfig
) -> tuple[LayerSpec, ...]:
    """The decoder: each layer of the encoder backwards, the last one giving an image."""
    n = len(encoder)
    normalised = config.batch_normalisation
    layers = []
    for i, layer in enumerate(reversed(encoder)):
        last = i == n - 1
        layers.append(
            LayerSpec(
                name=f"decoder_{i + 1}",
                kind="transposed convolution" if layer.kind == "convolution" else "dense",
                input_shape=layer.output_shape,
                output_shape=layer.input_shape,
                kernel_size=layer.kernel_size,
                stride=layer.stride,
                activation=config.output_activation if last else config.activation,
                initializer=layer.initializer,
                tied_to=layer.name if config.tied else "",
                use_bias=config.use_bias and (last or not normalised),
                batch_normalisation=normalised and not last,
                dropout=0.0 if last else training.dropout,
            )
        )
    return tuple(layers)


def _dense(name: str, input_shape: Shape, n: int, *, use_bias: bool) -> LayerSpec:
    return LayerSpec(name=name, kind="dense", input_shape=input_shape, output_shape=(n,), use_bias=use_bias)
