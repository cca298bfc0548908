"""What decides which pictures are seen."""

from dataclasses import dataclass

from cadl_gui.domain.configuration_part import ConfigurationPart
from cadl_gui.domain.fields import field

SPLITS = ("official", "tenths")


@dataclass(frozen=True, kw_only=True)
class DataConfig(ConfigurationPart):
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
