"""What a run is made from: three validated, frozen dataclasses whose fields describe themselves.

What decides a network's graph is its `ModelConfig`, what decides which pictures are seen the `DataConfig`,
and all the rest the `TrainingConfig`. To add a field, add it to the class where it belongs: the form of the
Train tab, `cadl presets`, `--set` and files read `FIELDS`, a branch may change what is of the training, and
networks are the same where their `ModelConfig` is.
"""

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.fields import Field, field, fields_of

ACTIVATIONS = ("relu", "leaky_relu", "elu", "tanh", "sigmoid", "linear")
CORRUPTIONS = ("masking", "salt-and-pepper", "gaussian")
INITIALIZERS = ("normal", "glorot", "he")
LIKELIHOODS = ("bernoulli", "gaussian")
MODELS = ("autoencoder", "classifier")
SCHEDULES = ("constant", "cosine")
SPLITS = ("official", "tenths")


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A dataclass whose fields are checked, and written, by what they say of themselves.

    Raises:
        ConfigurationError: if any value is impossible; the error names the field.
    """

    def __post_init__(self) -> None:
        for name, about in fields_of(type(self)).items():
            object.__setattr__(self, name, about.checked(name, getattr(self, name)))

    def to_json(self) -> dict[str, Any]:
        """Plain values for a file, by field: numbers, strings, booleans and lists."""
        return _plain({name: getattr(self, name) for name in fields_of(type(self))})

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote, perhaps among fields of other parts, which are ignored.

        Raises:
            ConfigurationError: if a value is impossible.
        """
        return cls(**_picked(_renamed(values), fields_of(cls)))


@dataclass(frozen=True, kw_only=True)
class ModelConfig(_Part):
    """What a network computes from its weights: equal ones, for pictures of one shape, are one function.

    Raises:
        ConfigurationError: if any value is impossible; the error names the field.
    """

    model: str = field(
        "autoencoder", kind="choice", label="Model", choices=MODELS,
        help="Give the picture back, or say what it shows.",
    )  # fmt: skip
    convolutional: bool = field(
        False, kind="bool", label="Convolutional", help="Kernels that slide, instead of dense layers."
    )
    layers: tuple[int, ...] = field(
        (512, 256, 128, 64), kind="sizes", label="Layers",
        help="Units (or kernels) of each layer; a decoder mirrors them.", minimum=1, maximum=8192,
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
        0, kind="int", label="Latent dimensions", formerly=("n_code",),
        help="Numbers that a picture becomes; 0 takes the last layer as it is.", minimum=0, maximum=4096,
        unit="numbers", needs="model=autoencoder",
    )  # fmt: skip
    tied: bool = field(
        True, kind="bool", label="Tied weights", help="The decoder uses the encoder's weights, transposed.",
        needs="model=autoencoder",
    )  # fmt: skip
    variational: bool = field(
        False, kind="bool", label="Variational", help="Each picture becomes a Gaussian, not a point.",
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
        choices=ACTIVATIONS, needs="model=autoencoder",
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
        help="Centres pictures on the training set's mean image.",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.layers and not self.is_classifier and self.latent_dim == 0:
            raise ConfigurationError("layers", "Layers needs at least one number, or latent dimensions.")
        if self.convolutional and not self.layers:
            raise ConfigurationError("layers", "A convolutional network needs at least one layer.")
        for name in ("kernel_sizes", "strides") if self.convolutional else ():
            if len(getattr(self, name)) != len(self.layers):
                label = FIELDS[name].label
                raise ConfigurationError(
                    name, f"{label} needs one number for each of the {len(self.layers)} layers."
                )
        if self.is_variational and self.latent_dim == 0:
            raise ConfigurationError(
                "latent_dim", "A variational network needs at least one latent dimension."
            )
        if self.is_bernoulli and self.output_activation != "sigmoid":
            raise ConfigurationError(
                "output_activation", "A Bernoulli likelihood needs sigmoid as its output activation."
            )

    @property
    def is_classifier(self) -> bool:
        """Whether the network says what a picture shows."""
        return self.model == "classifier"

    @property
    def is_variational(self) -> bool:
        """Whether the network is a variational autoencoder."""
        return self.variational and not self.is_classifier

    @property
    def is_bernoulli(self) -> bool:
        """Whether what is decoded are the probabilities of pixels."""
        return self.is_variational and self.likelihood == "bernoulli"


@dataclass(frozen=True, kw_only=True)
class DataConfig(_Part):
    """Which pictures are learned from, watched and tested with.

    Raises:
        ConfigurationError: if any value is impossible; the error names the field.
    """

    dataset: str = field(
        "mnist",
        kind="text",
        label="Dataset",
        help="mnist, or the path of images; the list names the kinds of files.",
        advanced=False,
    )
    split: str = field(
        "official", kind="choice", label="Split", choices=SPLITS,
        help="official: the dataset's own test pictures. tenths: all pictures, 0.8 / 0.1 / 0.1.",
    )  # fmt: skip
    split_seed: int = field(
        -1, kind="int", label="Split seed", help="Decides which pictures validate and test; -1 takes Seed.",
        minimum=-1, maximum=2**31 - 1,
    )  # fmt: skip
    taught: str = field(
        "", kind="text", label="Taught examples", optional=True,
        help="A file of corrected drawings, saved in the Draw tab, to learn from as well; or nothing.",
    )  # fmt: skip
    taught_repeats: int = field(
        10, kind="int", label="Taught examples count", help="How often an epoch goes through them.",
        minimum=1, maximum=100, unit="times",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TrainingConfig(_Part):
    """How a network comes from its first weights to its last; a branch may change what it does not inherit.

    Raises:
        ConfigurationError: if any value is impossible; the error names the field.
    """

    epochs: int = field(
        5, kind="int", label="Epochs", help="How often every picture is seen.", minimum=1, maximum=10_000,
        unit="epochs", advanced=False,
    )  # fmt: skip
    batch_size: int = field(
        100, kind="int", label="Batch size", help="Pictures per step of the optimiser.", minimum=1,
        maximum=10_000, unit="pictures", advanced=False, inherited=True,
    )  # fmt: skip
    learning_rate: float = field(
        1e-3, kind="float", label="Learning rate", help="How far one step of Adam may go.", minimum=1e-9,
        maximum=1e9, advanced=False,
    )  # fmt: skip
    seed: int = field(
        1, kind="int", label="Seed", help="The same seed gives the same run.", minimum=0,
        maximum=2**31 - 1, advanced=False,
    )  # fmt: skip
    schedule: str = field(
        "constant", kind="choice", label="Schedule", choices=SCHEDULES,
        help="Whether the learning rate stays, or falls to zero along a cosine.",
    )  # fmt: skip
    weight_decay: float = field(
        0.0, kind="float", label="Weight decay", help="Pulls every kernel towards zero (AdamW).",
        minimum=0.0, maximum=1.0,
    )  # fmt: skip
    beta: float = field(
        1.0, kind="float", label="β", help="Weight of the KL divergence in the loss.", minimum=0.0,
        maximum=1000.0, needs="variational",
    )  # fmt: skip
    denoising: bool = field(
        False, kind="bool", label="Denoising", help="Sees corrupted pictures, gives back clean ones.",
        needs="model=autoencoder", inherited=True,
    )  # fmt: skip
    corruption: str = field(
        "masking", kind="choice", label="Corruption", choices=CORRUPTIONS,
        help="What is done to the pictures.", needs="denoising", inherited=True,
    )  # fmt: skip
    corruption_amount: float = field(
        0.5, kind="float", label="Amount of corruption",
        help="Share of the pixels, or the standard deviation of Gaussian noise.", minimum=0.0, maximum=1.0,
        needs="denoising",
    )  # fmt: skip
    augmentation: float = field(
        0.0, kind="float", label="Augmentation", minimum=0.0, maximum=1.0, needs="model=classifier",
        help="How strongly training pictures are slanted, resized and re-inked.",
    )  # fmt: skip
    handwriting_variants: float = field(
        0.0, kind="float", label="Handwriting variants", minimum=0.0, maximum=1.0, needs="model=classifier",
        formerly=("ways_of_writing",),
        help="Of digits: share of the 1s that get a flag or a foot line, and of the 0s that get a slash.",
    )  # fmt: skip
    dropout: float = field(
        0.0, kind="float", label="Dropout", help="Share of the units that is left out in each step.",
        minimum=0.0, maximum=0.95,
    )  # fmt: skip
    initializer: str = field(
        "normal", kind="choice", label="First weights", choices=INITIALIZERS,
        help="How the layers' first weights are drawn. Hidden, code and last dense layers: always glorot.",
        inherited=True,
    )  # fmt: skip
    initial_stddev: float = field(
        0.02, kind="float", label="Initial spread",
        help="Standard deviation of the first weights, drawn from N(0, σ).", minimum=1e-6, maximum=10.0,
        needs="initializer=normal", inherited=True,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Everything that decides how a run comes out: the switches of the course's general framework, and ours.

    Each name belongs to one field of one part, and people need not know of which: `of`, `replace`, `value`
    and `values` speak of fields by their names alone.

    Raises:
        ConfigurationError: if any value is impossible; the error names the field.
    """

    preset: str = field(kind="text", label="Preset", help="The preset that the values started from.")
    model: ModelConfig = ModelConfig()
    data: DataConfig = DataConfig()
    training: TrainingConfig = TrainingConfig()

    def __post_init__(self) -> None:
        object.__setattr__(self, "preset", checked("preset", self.preset))

    @property
    def is_denoising(self) -> bool:
        """Whether the network sees corrupted pictures while it is trained."""
        return self.training.denoising and not self.model.is_classifier

    @property
    def seed_of_split(self) -> int:
        """The seed that decides which pictures are trained on, and which validate and test."""
        return self.training.seed if self.data.split_seed < 0 else self.data.split_seed

    @classmethod
    def of(cls, /, *, preset: str, **values: Any) -> Self:
        """Make one from fields by name; those that are not named have their defaults.

        Raises:
            ConfigurationError: if there is no such field, or a value is impossible.
        """
        return cls(preset=preset).replace(**values)

    def replace(self, /, **changes: Any) -> Self:
        """Copy with other values of some fields, by name, checked again.

        Raises:
            ConfigurationError: if there is no such field, or a value is impossible.
        """
        for name in changes:
            if name not in FIELDS:
                raise ConfigurationError(name, f"This version does not know the field “{name}”.")
        parts = {
            part: dataclasses.replace(getattr(self, part), **_picked(changes, fields_of(owner)))
            for part, owner in _PARTS.items()
        }
        return dataclasses.replace(self, **_picked(changes, fields_of(RunConfig)), **parts)

    def value(self, name: str) -> Any:
        """The value of one field, by name."""
        return self.values[name]

    @property
    def values(self) -> dict[str, Any]:
        """The value of every field by name, in the order of `FIELDS`."""
        owners = (self, *(getattr(self, part) for part in _PARTS))
        return {name: getattr(owner, name) for owner in owners for name in fields_of(type(owner))}

    def to_json(self) -> dict[str, Any]:
        """Plain values for a file: the preset, and for each part its fields."""
        return {"preset": self.preset, **{part: getattr(self, part).to_json() for part in _PARTS}}

    def to_flat_json(self) -> dict[str, Any]:
        """Plain values by field, whatever part it is of: what people see, and files of format 1 hold."""
        return _plain(self.values)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read back what `to_json` or `to_flat_json` wrote.

        Raises:
            ConfigurationError: for unknown or missing fields and impossible values.
        """
        flat: dict[str, Any] = {}
        for name, value in values.items():
            flat |= value if name in _PARTS and isinstance(value, Mapping) else {name: value}
        if "preset" not in flat:
            raise ConfigurationError("preset", "The configuration does not name its preset.")
        return cls.of(**_renamed(flat))


_PARTS = {"model": ModelConfig, "data": DataConfig, "training": TrainingConfig}

FIELDS: Mapping[str, Field] = MappingProxyType(
    {name: about for owner in (RunConfig, *_PARTS.values()) for name, about in fields_of(owner).items()}
)
"""Every field by name, in the order in which they are shown."""

_FORMER_NAMES = {former: name for name, about in FIELDS.items() for former in about.formerly}


def means_something(name: str, text_of: Callable[[str], str]) -> bool:
    """Whether a field decides anything, given the values of the others.

    Args:
        name: of the field.
        text_of: the value of a field by its name, as `as_text` writes it.
    """
    needs = FIELDS[name].needs
    if not needs:
        return True
    other, _, value = needs.partition("=")
    return text_of(other) == (value or "on") and means_something(other, text_of)


def checked(name: str, value: Any) -> Any:
    """Check one value of a field; see `Field.checked`."""
    return FIELDS[name].checked(name, value)


def current_name(name: str) -> str:
    """The name of a field now, given that or one that it had before; any other name as it is."""
    return _FORMER_NAMES.get(name, name)


def parse(name: str, text: str) -> Any:
    """Read the value of a field from what somebody typed.

    Raises:
        ConfigurationError: if there is no such field, the text is not such a value, or outside its range.
    """
    if name not in FIELDS:
        raise ConfigurationError(name, f"There is no field “{name}”. Fields: {', '.join(FIELDS)}.")
    return FIELDS[name].parse(name, text)


def as_text(name: str, value: Any) -> str:
    """Write a value as somebody would type it; `parse` reads it back."""
    return FIELDS[name].as_text(value)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _renamed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {current_name(name): value for name, value in values.items()}


def _picked(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}
