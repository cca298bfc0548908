"""A preset: a named configuration, and what is known of it."""

from dataclasses import dataclass

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.data_config import DataConfig
from cadl_gui.domain.errors import ConfigurationError


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

    def check_dataset(self, dataset: str) -> None:
        """Check that a dataset was chosen, if the preset's own does not ship.

        Args:
            dataset: as a configuration names it.

        Raises:
            ConfigurationError: if it is still the one that every configuration begins with.
        """
        if self.to_open and dataset.lower() == DataConfig().dataset:
            raise ConfigurationError("dataset", self.to_open)
