"""Configuration of the images: dataset, split and labelled examples.

Unlike in the lecture, a tenth of the images is kept for validation, which the curves and the best epoch need.
"""

from dataclasses import dataclass

from cadl_gui.domain.configuration_part import ConfigurationPart
from cadl_gui.domain.fields import field

SPLITS = ("official", "fractions")
PATH_FIELDS = ("dataset", "labelled_examples")
"""Fields whose value is a path, which may be another on another day or machine; the images are compared."""


@dataclass(frozen=True, kw_only=True)
class DataConfig(ConfigurationPart):
    """Configuration of the training, validation and test images.

    Raises:
        ConfigurationError: if any value is invalid; the error names the field.
    """

    dataset: str = field(
        "mnist",
        kind="text",
        label="Dataset",
        help="mnist, emoji, or the path of images; the list names the kinds of files.",
        advanced=False,
    )
    split: str = field(
        "official", kind="choice", label="Split", choices=SPLITS,
        help="official: the dataset's own validation and test images, if any. fractions: of all images.",
    )  # fmt: skip
    validation_fraction: float = field(
        0.1, kind="float", label="Validation fraction", help="Of the images that have no official part.",
        minimum=0.001, maximum=0.45,
    )  # fmt: skip
    test_fraction: float = field(
        0.1, kind="float", label="Test fraction", help="Of the images that have no official part.",
        minimum=0.001, maximum=0.45,
    )  # fmt: skip
    split_seed: int = field(
        -1, kind="int", label="Split seed", help="Decides which images validate and test; -1 takes Seed.",
        minimum=-1, maximum=2**31 - 1,
    )  # fmt: skip
    labelled_examples: str = field(
        "", kind="text", label="Labelled examples", optional=True,
        help="A file of corrected drawings, saved in the Draw tab, to learn from as well; or nothing.",
    )  # fmt: skip
    labelled_repeats: int = field(
        10, kind="int", label="Repeats of examples", help="How often an epoch goes through them.",
        minimum=1, maximum=100, unit="times",
    )  # fmt: skip
