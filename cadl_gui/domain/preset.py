"""A preset: a named configuration, and what is known of it."""

from dataclasses import dataclass

from cadl_gui.domain.configuration import RunConfig


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A named configuration.

    Attributes:
        line: one-line description.
        config: the configuration.
        to_open: what the user has to open, as a sentence, if the dataset does not ship; "" otherwise.
        lecture_loss: final cost printed in the lecture; None for other presets.
        lecture_accuracy: final validation accuracy printed in the lecture; None for other presets.
    """

    line: str
    config: RunConfig
    to_open: str = ""
    lecture_loss: float | None = None
    lecture_accuracy: float | None = None

    @property
    def name(self) -> str:
        """Name of the preset in the interface and in files."""
        return self.config.preset
