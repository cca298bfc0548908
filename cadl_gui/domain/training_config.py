"""Configuration of a training."""

from dataclasses import dataclass

from cadl_gui.domain.configuration_part import ConfigurationPart
from cadl_gui.domain.fields import field

CORRUPTIONS = ("masking", "salt-and-pepper", "gaussian")
INITIALIZERS = ("normal", "glorot", "he")
USUAL_LEARNING_RATES = (1e-6, 0.05)
"""Beyond these, the form cautions. Adam divides each gradient by its own size, so a step moves every weight
by about the learning rate. First weights are of the order of 0.05, which one step of a larger rate replaces;
at a smaller one, an epoch of 540 batches moves them by hardly a hundredth of that."""

SCHEDULES = ("constant", "cosine")
FLOAT32, BFLOAT16, AUTO = PRECISIONS = ("float32", "bfloat16", "auto")


@dataclass(frozen=True, kw_only=True)
class TrainingConfig(ConfigurationPart):
    """Configuration of a training; a branch may change the fields that it does not inherit.

    Raises:
        ConfigurationError: if any value is invalid; the error names the field.
    """

    epochs: int = field(
        5, kind="int", label="Epochs", help="How often every image is seen.", minimum=1, maximum=10_000,
        unit="epochs", advanced=False,
    )  # fmt: skip
    batch_size: int = field(
        100, kind="int", label="Batch size", help="Images per step of the optimiser.", minimum=1,
        maximum=10_000, unit="images", inherited=True,
    )  # fmt: skip
    learning_rate: float = field(
        1e-3, kind="float", label="Learning rate", help="How far one step of Adam may go.", minimum=1e-9,
        maximum=1e9, advanced=False, usual=USUAL_LEARNING_RATES,
        unusual="A step of Adam moves each weight by about this much; usual are 0.0001 to 0.01.",
    )  # fmt: skip
    seed: int = field(
        1, kind="int", label="Seed", help="The same seed gives the same run.", minimum=0,
        maximum=2**31 - 1,
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
        False, kind="bool", label="Denoising", help="Learns to give back clean images from corrupted ones.",
        needs="model=*autoencoder", inherited=True,
    )  # fmt: skip
    corruption: str = field(
        "masking", kind="choice", label="Corruption", choices=CORRUPTIONS,
        help="How input images are corrupted.", needs="denoising", inherited=True,
    )  # fmt: skip
    corruption_amount: float = field(
        0.5, kind="float", label="Amount of corruption",
        help="Share of the pixels, or the standard deviation of Gaussian noise.", minimum=0.0, maximum=1.0,
        needs="denoising",
    )  # fmt: skip
    augmentation: float = field(
        0.0, kind="float", label="Augmentation", minimum=0.0, maximum=1.0, needs="model=*classifier",
        help="How strongly training images are slanted, resized and re-inked.",
    )  # fmt: skip
    handwriting_variants: float = field(
        0.0, kind="float", label="Handwriting variants", minimum=0.0, maximum=1.0, needs="model=*classifier",
        inherited=True, offered=False,
        help="Of digits: share of the 1s that get a flag or a foot line, and of the 0s that get a slash.",
    )  # fmt: skip
    dropout: float = field(
        0.0, kind="float", label="Dropout", help="Share of the units that is left out in each step.",
        minimum=0.0, maximum=0.95,
    )  # fmt: skip
    initializer: str = field(
        "normal", kind="choice", label="First weights", choices=INITIALIZERS,
        help="How the layers' first weights are drawn. Hidden, latent and last dense layers: always glorot.",
        inherited=True,
    )  # fmt: skip
    initial_stddev: float = field(
        0.02, kind="float", label="Initial spread",
        help="Standard deviation of the first weights, drawn from N(0, σ).", minimum=1e-6, maximum=10.0,
        needs="initializer=normal", inherited=True,
    )  # fmt: skip
    precision: str = field(
        FLOAT32, kind="choice", label="Precision", choices=PRECISIONS,
        help="Floating-point precision of training; auto: the faster one, measured.",
    )  # fmt: skip
