"""What a run is made from: one flat, validated, frozen dataclass and a description of its fields.

The form of the Train tab, `cadl presets`, `cadl train --set` and the files of a run all read the same table:
the metadata of `Configuration`'s fields. To add a switch, add one field here.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, cast

from cadl_gui.core.errors import ConfigurationError

FieldKind = Literal["int", "float", "bool", "choice", "sizes", "text"]

ACTIVATIONS = ("relu", "leaky_relu", "elu", "tanh", "sigmoid", "linear")
CORRUPTIONS = ("masking", "salt-and-pepper", "gaussian")
INITIALIZERS = ("normal", "glorot", "he")
LIKELIHOODS = ("bernoulli", "gaussian")
MODELS = ("autoencoder", "classifier")
SCHEDULES = ("constant", "cosine")
SPLITS = ("official", "tenths")

_MAX_TEXT_LENGTH = 4096
"""Of a path; no system opens a longer one."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """How one field of a configuration is shown, explained and checked.

    Attributes:
        kind: how it is edited; `sizes` is a list of whole numbers such as `512, 256`.
        label: its name in the interface, sentence case.
        help: one line that says what it does.
        minimum: smallest allowed value of a number (of every number, for `sizes`).
        maximum: largest allowed value.
        unit: what the number counts, or "".
        choices: the allowed values of a `choice`.
        advanced: whether the form keeps it under *More*.
        optional: whether a text may be empty.
        needs: the field without which this one means nothing: the name of a bool that is on, or
            `name=value`; "" if there is none. That field may need another in turn.
    """

    kind: FieldKind
    label: str
    help: str
    minimum: float = -math.inf
    maximum: float = math.inf
    unit: str = ""
    choices: tuple[str, ...] = ()
    advanced: bool = True
    optional: bool = False
    needs: str = ""


def _field(default: Any = dataclasses.MISSING, **about: Any) -> Any:
    return dataclasses.field(default=default, metadata={"about": Field(**about)})


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """Everything that decides how a run comes out: the switches of the course's general framework, and ours.

    Raises:
        ConfigurationError: if any value is impossible; the error names the field.
    """

    preset: str = _field(kind="text", label="Preset", help="The preset that the values started from.")
    dataset: str = _field(
        "mnist",
        kind="text",
        label="Dataset",
        help="mnist, or the path of IDX, .npz or .h5 files.",
        advanced=False,
    )
    epochs: int = _field(
        5, kind="int", label="Epochs", help="How often every picture is seen.", minimum=1, maximum=10_000,
        unit="epochs", advanced=False,
    )  # fmt: skip
    batch_size: int = _field(
        100, kind="int", label="Batch size", help="Pictures per step of the optimiser.", minimum=1,
        maximum=10_000, unit="pictures", advanced=False,
    )  # fmt: skip
    learning_rate: float = _field(
        1e-3, kind="float", label="Learning rate", help="How far one step of Adam may go.", minimum=1e-9,
        maximum=1e9, advanced=False,
    )  # fmt: skip
    seed: int = _field(
        1, kind="int", label="Seed", help="The same seed gives the same run.", minimum=0,
        maximum=2**31 - 1, advanced=False,
    )  # fmt: skip
    schedule: str = _field(
        "constant", kind="choice", label="Schedule", choices=SCHEDULES,
        help="Whether the learning rate stays, or falls to zero along a cosine.",
    )  # fmt: skip
    weight_decay: float = _field(
        0.0, kind="float", label="Weight decay", help="Pulls every kernel towards zero (AdamW).",
        minimum=0.0, maximum=1.0,
    )  # fmt: skip
    split: str = _field(
        "official", kind="choice", label="Split", choices=SPLITS,
        help="official: the dataset's own test pictures. tenths: all pictures, 0.8 / 0.1 / 0.1.",
    )  # fmt: skip
    taught: str = _field(
        "", kind="text", label="Taught examples", optional=True,
        help="A file of corrected drawings, saved in the Draw tab, to learn from as well; or nothing.",
    )  # fmt: skip
    taught_repeats: int = _field(
        10, kind="int", label="Taught examples count", help="How often an epoch goes through them.",
        minimum=1, maximum=100, unit="times",
    )  # fmt: skip
    model: str = _field(
        "autoencoder", kind="choice", label="Model", choices=MODELS,
        help="Give the picture back, or say what it shows.",
    )  # fmt: skip
    convolutional: bool = _field(
        False, kind="bool", label="Convolutional", help="Kernels that slide, instead of dense layers."
    )
    layers: tuple[int, ...] = _field(
        (512, 256, 128, 64), kind="sizes", label="Layers",
        help="Units (or kernels) of each layer; a decoder mirrors them.", minimum=1, maximum=8192,
    )  # fmt: skip
    kernel_sizes: tuple[int, ...] = _field(
        (), kind="sizes", label="Kernel sizes", help="Side of each layer's square kernels.", minimum=1,
        maximum=31, unit="pixels", needs="convolutional",
    )  # fmt: skip
    strides: tuple[int, ...] = _field(
        (), kind="sizes", label="Strides", help="How far each layer's kernels move.", minimum=1, maximum=8,
        unit="pixels", needs="convolutional",
    )  # fmt: skip
    n_hidden: int = _field(
        0, kind="int", label="Hidden units", help="One more dense layer after the others; 0 for none.",
        minimum=0, maximum=8192, unit="units",
    )  # fmt: skip
    n_code: int = _field(
        0, kind="int", label="Code size",
        help="Numbers that a picture becomes; 0 takes the last layer as it is.", minimum=0, maximum=4096,
        unit="numbers", needs="model=autoencoder",
    )  # fmt: skip
    tied: bool = _field(
        True, kind="bool", label="Tied weights", help="The decoder uses the encoder's weights, transposed.",
        needs="model=autoencoder",
    )  # fmt: skip
    variational: bool = _field(
        False, kind="bool", label="Variational", help="Each picture becomes a Gaussian, not a point.",
        needs="model=autoencoder",
    )  # fmt: skip
    beta: float = _field(
        1.0, kind="float", label="β", help="Weight of the KL divergence in the loss.", minimum=0.0,
        maximum=1000.0, needs="variational",
    )  # fmt: skip
    likelihood: str = _field(
        "bernoulli", kind="choice", label="Likelihood", choices=LIKELIHOODS,
        help="How a pixel scatters around what is decoded; summed over pixels.", needs="variational",
    )  # fmt: skip
    denoising: bool = _field(
        False, kind="bool", label="Denoising", help="Sees corrupted pictures, gives back clean ones.",
        needs="model=autoencoder",
    )  # fmt: skip
    corruption: str = _field(
        "masking", kind="choice", label="Corruption", choices=CORRUPTIONS,
        help="What is done to the pictures.", needs="denoising",
    )  # fmt: skip
    corruption_amount: float = _field(
        0.5, kind="float", label="Amount of corruption",
        help="Share of the pixels, or the standard deviation of Gaussian noise.", minimum=0.0, maximum=1.0,
        needs="denoising",
    )  # fmt: skip
    augmentation: float = _field(
        0.0, kind="float", label="Augmentation", minimum=0.0, maximum=1.0, needs="model=classifier",
        help="How strongly training pictures are slanted, resized and re-inked.",
    )  # fmt: skip
    ways_of_writing: float = _field(
        0.0, kind="float", label="Ways of writing", minimum=0.0, maximum=1.0, needs="model=classifier",
        help="Of digits: share of the 1s that get a flag or a foot line, and of the 0s that get a slash.",
    )  # fmt: skip
    activation: str = _field(
        "relu", kind="choice", label="Activation", help="What follows every layer but the last.",
        choices=ACTIVATIONS,
    )  # fmt: skip
    output_activation: str = _field(
        "relu", kind="choice", label="Output activation", help="What follows the last layer.",
        choices=ACTIVATIONS, needs="model=autoencoder",
    )  # fmt: skip
    use_bias: bool = _field(False, kind="bool", label="Biases", help="Adds a learned offset to every unit.")
    batch_normalisation: bool = _field(
        False, kind="bool", label="Batch normalisation",
        help="Keeps every unit's mean and spread steady, batch by batch.",
    )  # fmt: skip
    dropout: float = _field(
        0.0, kind="float", label="Dropout", help="Share of the units that is left out in each step.",
        minimum=0.0, maximum=0.95,
    )  # fmt: skip
    subtract_mean: bool = _field(
        True,
        kind="bool",
        label="Subtract the mean",
        help="Centres pictures on the training set's mean image.",
    )
    initializer: str = _field(
        "normal", kind="choice", label="First weights", choices=INITIALIZERS,
        help="How the layers' first weights are drawn. Hidden, code and last dense layers: always glorot.",
    )  # fmt: skip
    initial_stddev: float = _field(
        0.02, kind="float", label="Initial spread",
        help="Standard deviation of the first weights, drawn from N(0, σ).", minimum=1e-6, maximum=10.0,
        needs="initializer=normal",
    )  # fmt: skip

    def __post_init__(self) -> None:
        for name in FIELDS:
            object.__setattr__(self, name, checked(name, getattr(self, name)))
        if not self.layers and not self.is_classifier and self.n_code == 0:
            raise ConfigurationError("layers", "Layers needs at least one number, or a code size.")
        if self.convolutional and not self.layers:
            raise ConfigurationError("layers", "A convolutional network needs at least one layer.")
        for name in ("kernel_sizes", "strides") if self.convolutional else ():
            if len(getattr(self, name)) != len(self.layers):
                label = FIELDS[name].label
                raise ConfigurationError(
                    name, f"{label} needs one number for each of the {len(self.layers)} layers."
                )
        if self.is_variational and self.n_code == 0:
            raise ConfigurationError("n_code", "A variational network needs a code size of at least 1.")
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

    @property
    def is_denoising(self) -> bool:
        """Whether the network sees corrupted pictures while it is trained."""
        return self.denoising and not self.is_classifier

    def replace(self, **changes: Any) -> Self:
        """Copy with other values, checked again."""
        return dataclasses.replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a file: numbers, strings, booleans and lists."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote.

        Raises:
            ConfigurationError: for unknown or missing fields and impossible values.
        """
        for name in values:
            if name not in FIELDS:
                raise ConfigurationError(name, f"This version does not know the field “{name}”.")
        if "preset" not in values:
            raise ConfigurationError("preset", "The configuration does not name its preset.")
        return cls(**values)


FIELDS: dict[str, Field] = {
    field.name: cast("Field", field.metadata["about"]) for field in dataclasses.fields(Configuration)
}
"""The fields of `Configuration`, by name, in the order in which they are shown."""


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
    """Check one value of a field, turning lists into tuples and whole floats into numbers of its kind.

    Raises:
        ConfigurationError: with a sentence that names the field and its range.
    """
    about = FIELDS[name]
    match about.kind:
        case "bool":
            if not isinstance(value, bool):
                raise ConfigurationError(name, f"{about.label} is either on or off.")
            return value
        case "choice":
            if value not in about.choices:
                raise ConfigurationError(name, f"{about.label} is one of {', '.join(about.choices)}.")
            return value
        case "text":
            return _checked_text(name, about, value)
        case "sizes":
            if not isinstance(value, (list, tuple)) or len(value) > 32:
                raise ConfigurationError(name, f"{about.label} is a list of numbers, such as 512, 256.")
            return tuple(_checked_number(name, about, number, whole=True) for number in value)
        case "int" | "float":
            return _checked_number(name, about, value, whole=about.kind == "int")


def parse(name: str, text: str) -> Any:
    """Read the value of a field from what somebody typed.

    Raises:
        ConfigurationError: if the text is not such a value, or outside its range.
    """
    if name not in FIELDS:
        raise ConfigurationError(name, f"There is no field “{name}”. Fields: {', '.join(FIELDS)}.")
    about = FIELDS[name]
    text = text.strip()
    match about.kind:
        case "bool":
            words = {"on": True, "true": True, "yes": True, "1": True}
            words |= {"off": False, "false": False, "no": False, "0": False}
            return checked(name, words.get(text.lower(), text))
        case "sizes":
            return checked(
                name, [_number(name, about, part, whole=True) for part in text.split(",") if part.strip()]
            )
        case "int" | "float":
            return checked(name, _number(name, about, text, whole=about.kind == "int"))
    return checked(name, text)


def as_text(name: str, value: Any) -> str:
    """Write a value as somebody would type it; `parse` reads it back."""
    match FIELDS[name].kind:
        case "sizes":
            return ", ".join(str(number) for number in value)
        case "bool":
            return "on" if value else "off"
        case "float":
            return f"{value:.10g}"
    return str(value)


def _number(name: str, about: Field, text: str, *, whole: bool) -> float:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        kind = "a whole number" if whole else "a number"
        raise ConfigurationError(name, f"{about.label} is {kind}; “{text.strip()}” is not.") from None


def _checked_text(name: str, about: Field, value: Any) -> str:
    if not isinstance(value, str) or not (value.strip() or about.optional):
        raise ConfigurationError(name, f"{about.label} must not be empty.")
    if len(value) > _MAX_TEXT_LENGTH:
        raise ConfigurationError(
            name, f"{about.label} must not be longer than {_MAX_TEXT_LENGTH:,} characters."
        )
    return value


def _checked_number(name: str, about: Field, value: Any, *, whole: bool) -> int | float:
    kind = "a whole number" if whole else "a number"
    # A whole number in a file can be too large to be a float.
    is_number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    if isinstance(value, bool) or not is_number:
        raise ConfigurationError(name, f"{about.label} is {kind}.")
    if whole and value != int(value):
        raise ConfigurationError(name, f"{about.label} is a whole number; {value:g} is not.")
    if not about.minimum <= value <= about.maximum:
        raise ConfigurationError(
            name, f"{about.label} lies between {_plain(about.minimum)} and {_plain(about.maximum)}."
        )
    return int(value) if whole else float(value)


def _plain(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) and abs(number) < 1e6 else f"{number:g}"
