"""How images are prepared for training, and how a configuration names a dataset with such options."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote_plus

from cadl_gui.domain.configuration_part import ConfigurationPart
from cadl_gui.domain.errors import ConfigurationError
from cadl_gui.domain.fields import field, fields_of
from cadl_gui.system.words import _

DEFAULT_SIZE = 64
"""Height and width of images that have no size in common."""

BACKGROUNDS = {"white": 255, "black": 0, "grey": 128}
"""Brightness of each background."""


@dataclass(frozen=True, kw_only=True)
class PreparingOptions(ConfigurationPart):
    """Options for preparing a dataset. Each has an effect on some kinds of datasets only.

    Raises:
        ConfigurationError: if any value is invalid; the error names the field.
    """

    size: int = field(
        0, kind="int", label="Size", unit="px", zero="automatic", minimum=0, maximum=512,
        help="Height and width of the images; 0 makes files 64×64, keeps arrays.",
    )  # fmt: skip
    crop_factor: float = field(
        1.0, kind="float", label="Crop factor", minimum=0.05, maximum=1,
        help="Share of the largest central square that is kept; the course's VAE takes 0.8.",
    )  # fmt: skip
    grey: bool = field(False, kind="bool", label="Grey", help="Whether colours are turned into grey.")
    every: float = field(
        0.0, kind="float", label="Interval in s", unit="s", zero="up to 2", minimum=0, maximum=3600,
        help="Seconds between frames of a film; 0 takes 2 seconds, or less until there are 500 frames.",
    )  # fmt: skip
    nth_frame: int = field(
        0, kind="int", label="Frame step", zero="by time", minimum=0, maximum=100_000,
        help="Takes every n-th frame of a film instead; 0 goes by seconds.",
    )  # fmt: skip
    limit: int = field(
        0, kind="int", label="Limit", unit="images", zero="all", minimum=0, maximum=10_000_000,
        help="Largest number of images, spread evenly over all; 0 takes all of them.",
    )  # fmt: skip
    background: str = field(
        "white", kind="choice", label="Background", choices=tuple(BACKGROUNDS),
        help="Colour behind transparent images.",
    )  # fmt: skip
    images: str = field(
        "", kind="text", label="Images", optional=True,
        help="Name of the array of images; default: detected automatically.",
    )  # fmt: skip
    labels: str = field(
        "", kind="text", label="Labels", optional=True,
        help="Name of the array of labels; default: detected automatically.",
    )  # fmt: skip

    @property
    def changed(self) -> dict[str, str]:
        """The options that are not at their defaults, as text, by name."""
        default = type(self)()
        return {
            name: about.as_text(getattr(self, name))
            for name, about in fields_of(type(self)).items()
            if getattr(self, name) != getattr(default, name)
        }


def dataset_text(path: str, options: PreparingOptions) -> str:
    """Name a dataset with its options in one text, as configurations do: “photos:size=32,grey=on”.

    Args:
        options: options for preparing it; those at their defaults are left out.
    """
    changed = options.changed
    if not changed and _split(path)[1]:
        changed = {"size": str(options.size)}  # the path itself looks like one with options
    listed = ",".join(f"{name}={quote_plus(text, safe='/')}" for name, text in changed.items())
    return f"{path}:{listed}" if changed else path


def split_dataset_text(text: str) -> tuple[str, PreparingOptions]:
    """Split the text of a dataset into its path and its options; the inverse of `dataset_text`.

    What follows a colon is part of the path unless it is a list of options.

    Raises:
        ConfigurationError: if the value of an option is invalid.
    """
    path, texts = _split(text)
    return path, parse_options(texts)


def path_of(text: str) -> str:
    """The path in the text of a dataset, be the options in it valid or not."""
    return _split(text)[0]


def parse_options(texts: dict[str, str]) -> PreparingOptions:
    """Create options from texts as typed by the user, by name.

    Raises:
        ConfigurationError: if there is no such option, or a value is invalid.
    """
    fields = fields_of(PreparingOptions)
    for name in texts:
        if name not in fields:
            raise ConfigurationError(
                name, _("There is no option “{name}” for preparing images.").format(name=name)
            )
    return PreparingOptions(**{name: fields[name].parse(name, text) for name, text in texts.items()})


def _split(text: str) -> tuple[str, dict[str, str]]:
    """Path and options, as text, of a dataset."""
    path, _, listed = text.rpartition(":")
    fields = fields_of(PreparingOptions)
    try:
        pairs = parse_qsl(listed, strict_parsing=True, separator=",", max_num_fields=len(fields))
    except ValueError:
        return text, {}
    texts = dict(pairs)
    are_options = path and texts and all(name in fields for name in texts)
    return (path, texts) if are_options else (text, {})
