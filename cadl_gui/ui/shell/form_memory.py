"""Remembers the settings of the next run for the next start."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from cadl_gui.domain.presets import PRESETS
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.widgets.configuration_form import ConfigurationForm

if TYPE_CHECKING:
    from cadl_gui.domain.configuration import RunConfig


class FormMemory(QObject):
    """Restores and stores a form: as it is or, where that cannot be trained, as it last could be.

    Args:
        form: the settings of the next run.
        settings: where they are stored.
        parent: parent object.
    """

    def __init__(self, form: ConfigurationForm, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        self._settings = settings
        self._newest: RunConfig | None = None
        form.changed.connect(self._note)

    def restore(self) -> None:
        """Fill the form as it was at the end of the last session."""
        config = self._settings.next_run
        if config is not None and config.preset in PRESETS:
            self._form.show_configuration(config)

    def store(self) -> None:
        """Store the form; without a change, what was stored holds."""
        if self._newest is not None:
            self._settings.next_run = self._newest

    @Slot()
    def _note(self) -> None:
        if self._form.is_valid():
            self._newest = self._form.config()
