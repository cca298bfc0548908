"""Specification of a network's layers and their shapes, available without importing TensorFlow.

The models are built from this specification and the window draws its diagram from it, so they always agree.

The field `initializer` applies to the field `layers` only; the hidden, latent and last dense layers always
use Glorot's.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

from cadl_gui.domain.images import ImageShape
from cadl_gui.domain.model_config import ModelConfig
from cadl_gui.domain.training_config import TrainingConfig
from cadl_gui.system.words import _

LayerKind = Literal["dense", "convolution", "transposed convolution"]
Shape = tuple[int, ...]
"""Shape of the activations for one image: (n,) or (rows, columns, channels)."""

LOGITS = "logits"
"""Name of the layer whose units are the classes."""

_N_COLOURS = 3
_UNTRAINED = TrainingConfig()


@dataclass(frozen=True, kw_only=True)
class LayerSpec:
    """A linear map, followed by batch normalisation, activation and dropout, in this order.

    Attributes:
        name: unique within the network, such as `encoder_1`, `z_mean` or `logits`.
        kind: kind of linear map.
        input_shape: input shape without the batch axis; a dense layer flattens its input.
        output_shape: output shape without the batch axis; a dense layer reshapes its output to it.
        kernel_size: side of the square kernels, in pixels.
        stride: stride of the kernels, in pixels.
        activation: name of the activation function.
        initializer: name of the kernel initializer.
        tied_to: name of the layer whose kernel is transposed, or "" if the layer has its own kernel.
        use_bias: whether the linear map has a bias; batch normalisation adds its own offset instead.
        batch_normalisation: whether the layer is batch-normalised.
        dropout: share of the units that are dropped in each training step, in [0, 1).
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
    def kind_text(self) -> str:
        """Its kind in the user's language."""
        others = _("convolution"), _("transposed convolution")
        return _("dense") if self.kind == "dense" else others[self.kind != "convolution"]

    @property
    def kernel_shape(self) -> Shape:
        """Shape of the kernel.

        (in, out) for a dense layer, (kernel_size, kernel_size, in, out) for a convolution, (kernel_size,
        kernel_size, out, in) for a transposed convolution.
        """
        if self.kind == "dense":
            return math.prod(self.input_shape), math.prod(self.output_shape)
        channels = self.input_shape[-1], self.output_shape[-1]
        return (
            self.kernel_size,
            self.kernel_size,
            *(channels if self.kind == "convolution" else reversed(channels)),
        )

    @property
    def n_units(self) -> int:
        """Number of outputs that have a bias of their own: of a dense layer all, else the channels."""
        return math.prod(self.output_shape) if self.kind == "dense" else self.output_shape[-1]

    @property
    def n_parameters(self) -> int:
        """Number of learned parameters; a tied kernel counts in the layer that owns it."""
        kernel = 0 if self.tied_to else math.prod(self.kernel_shape)
        return kernel + self.n_units * (self.use_bias + 2 * self.batch_normalisation)

    @property
    def n_multiplications(self) -> int:
        """Multiplications of the forward pass for one image."""
        positions = 1 if self.kind == "dense" else math.prod(self._sliding_shape[:2])
        return positions * math.prod(self.kernel_shape)

    @property
    def _sliding_shape(self) -> Shape:
        """Shape over which kernels slide: the input's for a transposed convolution."""
        return self.output_shape if self.kind == "convolution" else self.input_shape


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """The layers of a network, in forward order.

    Attributes:
        encoder: layers up to the latent vector (`z_mean` if variational) or, in a classifier, up to the
            logits.
        z_log_var: layer that takes the same input as `z_mean`; None unless the network is variational.
        decoder: layers from the latent vector to the image; empty in a classifier.
    """

    encoder: tuple[LayerSpec, ...]
    z_log_var: LayerSpec | None
    decoder: tuple[LayerSpec, ...]

    @property
    def layers(self) -> tuple[LayerSpec, ...]:
        """All layers: encoder, `z_log_var`, decoder."""
        return (*self.encoder, *((self.z_log_var,) if self.z_log_var else ()), *self.decoder)

    @property
    def latent_shape(self) -> Shape:
        """Shape of one latent vector (or of the logits) before flattening."""
        return self.encoder[-1].output_shape

    @property
    def latent_dim(self) -> int:
        """Dimensions of the latent vector (or number of logits)."""
        return math.prod(self.latent_shape)

    def has_colours(self, layer: LayerSpec) -> bool:
        """Whether a layer weights, or paints, the red, green and blue of an image."""
        image = self.encoder[0].input_shape
        if len(image) != 3 or image[2] != _N_COLOURS:
            return False
        sees = layer == self.encoder[0] or (layer == self.z_log_var and len(self.encoder) == 1)
        return sees or (bool(self.decoder) and layer == self.decoder[-1])

    @property
    def n_parameters(self) -> int:
        """Number of learned parameters."""
        return sum(layer.n_parameters for layer in self.layers)

    @property
    def n_activations(self) -> int:
        """Number of activations for one image, its pixels included."""
        return math.prod(self.encoder[0].input_shape) + sum(
            math.prod(layer.output_shape) for layer in self.layers
        )

    @property
    def n_multiplications(self) -> int:
        """Multiplications of the forward pass for one image."""
        return sum(layer.n_multiplications for layer in self.layers)


def model_spec(
    config: ModelConfig,
    image_shape: ImageShape,
    n_classes: int,
    training: TrainingConfig = _UNTRAINED,
) -> ModelSpec:
    """Derive the layers of the network that a configuration describes.

    Args:
        image_shape: (height, width, channels).
        n_classes: number of classes; used by classifiers only.
        training: configuration of initializers and dropout; needed only for training.
    """
    hidden = _hidden_layers(config, image_shape, training)
    before = hidden[-1].output_shape if hidden else image_shape
    if config.is_classifier:
        logits = _dense(LOGITS, before, n_classes, use_bias=config.use_bias)
        return ModelSpec(encoder=(*hidden, logits), z_log_var=None, decoder=())
    z_log_var, encoder = None, tuple(hidden)
    if config.latent_dim:
        name = "z_mean" if config.is_variational else "latent"
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
    """Turn a dense layer into a convolution with one kernel per unit."""
    rows, columns, _ = layer.input_shape
    output_shape = (math.ceil(rows / stride), math.ceil(columns / stride), *layer.output_shape)
    return replace(
        layer, kind="convolution", output_shape=output_shape, kernel_size=kernel_size, stride=stride
    )


def _mirrored(
    config: ModelConfig, encoder: tuple[LayerSpec, ...], training: TrainingConfig
) -> tuple[LayerSpec, ...]:
    """The decoder: the encoder's layers mirrored in reverse order, down to the image."""
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
