"""Configuration of a network's graph."""

from dataclasses import dataclass

from cadl_gui.domain.configuration_part import ConfigurationPart
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.exports import CLASSIFY
from cadl_gui.domain.fields import field, fields_of
from cadl_gui.domain.kinds import AUTOENCODER, KINDS, VARIATIONAL, Kind
from cadl_gui.system.words import _

ACTIVATIONS = ("relu", "leaky_relu", "elu", "tanh", "sigmoid", "linear")
LIKELIHOODS = ("bernoulli", "gaussian")


@dataclass(frozen=True, kw_only=True)
class ModelConfig(ConfigurationPart):
    """Configuration of a network's graph.

    For images of the same shape, equal configurations build the same function of the weights.

    Raises:
        ConfigurationError: if any value is invalid; the error names the field.
    """

    model: str = field(
        "autoencoder", kind="choice", label="Model", choices=KINDS,
        help="Reconstruct the image, or classify it.",
    )  # fmt: skip
    convolutional: bool = field(
        False, kind="bool", label="Convolutional", help="Kernels that slide, instead of dense layers."
    )
    layers: tuple[int, ...] = field(
        (512, 256, 128, 64), kind="sizes", label="Layers",
        help="Units (or kernels) of each layer; a decoder mirrors them. The last decides how few numbers an "
        "autoencoder makes of an image.", minimum=1, maximum=8192,
    )  # fmt: skip
    kernel_sizes: tuple[int, ...] = field(
        (), kind="sizes", label="Kernel sizes", help="Side of each layer's square kernels.", minimum=1,
        maximum=31, unit="pixels", needs="convolutional",
    )  # fmt: skip
    strides: tuple[int, ...] = field(
        (), kind="sizes", label="Strides", help="How far each layer's kernels move.", minimum=1, maximum=8,
        unit="pixels", needs="convolutional",
    )  # fmt: skip
    n_hidden: int = field(
        0, kind="int", label="Hidden units", help="One more dense layer after the others; 0 for none.",
        minimum=0, maximum=8192, unit="units",
    )  # fmt: skip
    latent_dim: int = field(
        0, kind="int", label="Latent dimensions",
        help="Size of the latent vector; 0 takes the last layer as it is.", minimum=0, maximum=4096,
        unit="numbers", needs="model=*autoencoder",
    )  # fmt: skip
    tied: bool = field(
        True, kind="bool", label="Tied weights", help="The decoder uses the encoder's weights, transposed.",
        needs="model=*autoencoder",
    )  # fmt: skip
    variational: bool = field(
        False, kind="bool", label="Variational", help="Each image becomes a Gaussian, not a point.",
        needs="model=autoencoder",
    )  # fmt: skip
    likelihood: str = field(
        "bernoulli", kind="choice", label="Likelihood", choices=LIKELIHOODS,
        help="How a pixel scatters around what is decoded; summed over pixels.", needs="variational",
    )  # fmt: skip
    activation: str = field(
        "relu", kind="choice", label="Activation", help="What follows every layer but the last.",
        choices=ACTIVATIONS,
    )  # fmt: skip
    output_activation: str = field(
        "relu", kind="choice", label="Output activation", help="What follows the last layer.",
        choices=ACTIVATIONS, needs="model=*autoencoder",
    )  # fmt: skip
    use_bias: bool = field(False, kind="bool", label="Biases", help="Adds a learned offset to every unit.")
    batch_normalisation: bool = field(
        False, kind="bool", label="Batch normalisation",
        help="Keeps every unit's mean and spread steady, batch by batch.",
    )  # fmt: skip
    subtract_mean: bool = field(
        True,
        kind="bool",
        label="Subtract the mean",
        help="Centres images on the training set's mean image.",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.layers and not self.is_classifier and self.latent_dim == 0:
            raise ConfigurationError("layers", _("Layers needs at least one number, or latent dimensions."))
        if self.convolutional and not self.layers:
            raise ConfigurationError("layers", _("A convolutional network needs at least one layer."))
        for name in ("kernel_sizes", "strides") if self.convolutional else ():
            if len(getattr(self, name)) != len(self.layers):
                label = fields_of(ModelConfig)[name].label
                raise ConfigurationError(
                    name,
                    _("{label} needs one number for each of the {n} layers.").format(
                        label=label, n=len(self.layers)
                    ),
                )
        if self.is_variational and self.latent_dim == 0:
            raise ConfigurationError(
                "latent_dim", _("A variational network needs at least one latent dimension.")
            )
        if self.is_bernoulli and self.output_activation != "sigmoid":
            raise ConfigurationError(
                "output_activation", _("A Bernoulli likelihood needs sigmoid as its output activation.")
            )

    @property
    def kind(self) -> Kind:
        """What the network has in common with others of its kind."""
        kind = KINDS[self.model]
        return VARIATIONAL if self.variational and kind is AUTOENCODER else kind

    @property
    def is_classifier(self) -> bool:
        """Whether the network is a classifier."""
        return CLASSIFY in self.kind.functions

    @property
    def is_variational(self) -> bool:
        """Whether the network is a variational autoencoder."""
        return self.kind is VARIATIONAL

    @property
    def is_bernoulli(self) -> bool:
        """Whether the decoder outputs Bernoulli probabilities of pixels."""
        return self.is_variational and self.likelihood == "bernoulli"
