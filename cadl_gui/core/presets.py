"""The presets: named configurations, the lecture's own first."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.errors import ConfigurationError


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A named configuration.

    Attributes:
        line: what it is, in one line.
        lecture_loss: the last cost that the lecture printed for it, if it is one of the lecture's.
        configuration: its values.
    """

    line: str
    configuration: Configuration
    lecture_loss: float | None = None

    @property
    def name(self) -> str:
        """The name by which people and files call it."""
        return self.configuration.preset


_ALL = (
    Preset(
        line="The lecture's dense network: 784 pixels to 64 numbers and back, with tied weights.",
        configuration=Configuration(preset="lecture-autoencoder"),
        lecture_loss=0.0331688,
    ),
    Preset(
        line="The lecture's convolutions: three layers of 16 kernels and back, with tied kernels.",
        configuration=Configuration(
            preset="lecture-conv-autoencoder",
            convolutional=True,
            layers=(16, 16, 16),
            kernel_sizes=(4, 4, 4),
            strides=(2, 2, 2),
        ),
        lecture_loss=0.0234347,
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in _ALL})
"""Every preset by name, in the order in which it is offered."""


def preset(name: str) -> Preset:
    """Look a preset up.

    Raises:
        ConfigurationError: if there is none of that name; the sentence lists those there are.
    """
    if name not in PRESETS:
        raise ConfigurationError("preset", f"There is no preset “{name}”. Presets: {', '.join(PRESETS)}.")
    return PRESETS[name]
