"""The batch size of a preset, made smaller for a dataset of few images."""

from cadl_gui.domain.configuration import RunConfig, as_text
from cadl_gui.domain.presets import PRESETS
from cadl_gui.ui.dataset_previews import DatasetPreviews
from cadl_gui.ui.widgets.field_editor import FieldEditor


class FittedBatchSize:
    """Fits the field *Batch size* to the dataset, unless the user has typed another number than the preset's.

    Args:
        editor: the field.
        previews: tells how many images a dataset has.
    """

    def __init__(self, editor: FieldEditor, previews: DatasetPreviews) -> None:
        self._editor = editor
        self._previews = previews
        self._fitted = ""

    def fit(self, config: RunConfig | None) -> None:
        """Show the preset's own batch size, or a smaller one if the dataset has too few images to fill it.

        Args:
            config: the configuration in the form; None if it is not valid, and nothing can be said.
        """
        preset = None if config is None else PRESETS.get(config.preset)
        if config is None or preset is None:
            return
        own = preset.config.training.batch_size
        if self._editor.text in {as_text("batch_size", own), self._fitted}:
            self._fitted = as_text("batch_size", self._previews.fitting_batch_size(config, own))
            self._editor.show_text(self._fitted)
