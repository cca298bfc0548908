"""The status bar: training progress, hover text and compute device."""

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QStatusBar

from cadl_gui.engine.engine import Engine
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.words import _
from cadl_gui.ui.controls.elided_label import ElidedLabel
from cadl_gui.ui.controls.parts import label
from cadl_gui.ui.progress_text import progress_text
from cadl_gui.ui.run_text import display_name
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import PAGE_MARGIN_PX

_WORDS = {
    TrainingState.LOADING: _("TensorFlow is loading – you can choose a preset meanwhile."),
    TrainingState.UNAVAILABLE: _("TensorFlow could not be loaded."),
    TrainingState.STARTING: _("Starting the training…"),
}

_READY = _("Ready. Press Train to watch a network learn.")

_STATUS_PX, _POINTER_PX = 500, 340
"""Widths of the two texts that have room beside the device in a window of 1024 pixels."""


class StatusBar(QStatusBar):
    """Shows the engine's status, updated by `refresh`.

    Args:
        engine: The engine whose status is shown.
        theme: What stands there with Details only.

    Attributes:
        pointer_label: Tells the hover text.
    """

    def __init__(self, engine: Engine, theme: Theme) -> None:
        super().__init__()
        self._engine, self._theme = engine, theme
        self.setSizeGripEnabled(False)
        self._status_label = ElidedLabel("statusLabel", least_px=_STATUS_PX)
        self._status_label.setContentsMargins(PAGE_MARGIN_PX - 2, 0, 0, 0)
        self.pointer_label = ElidedLabel("pointerLabel", least_px=_POINTER_PX)
        self.pointer_label.setContentsMargins(0, 0, PAGE_MARGIN_PX, 0)
        self._device_label = label("", "deviceLabel")
        self._device_label.setContentsMargins(0, 0, PAGE_MARGIN_PX, 0)
        self.addWidget(self._status_label, 2)
        self.addWidget(self.pointer_label, 1)
        self.addPermanentWidget(self._device_label)
        theme.stage.put(When.DETAILS, self._device_label)
        self.messageChanged.connect(self._show_labels)

    def event(self, event: QEvent) -> bool:
        """Keep a message alone: laid out anew, as in another theme, Qt shows the labels beneath it again."""
        is_handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._show_labels()
        return is_handled

    def showEvent(self, event: QShowEvent) -> None:
        """Measure the labels again: Qt keeps their height in large type, taken while the bar was hidden."""
        super().showEvent(event)
        for line in (self._status_label, self.pointer_label, self._device_label):
            line.ensurePolished()
        self.reformat()

    @Slot()
    def _show_labels(self) -> None:
        is_free = not self.currentMessage()
        for line in (self._status_label, self.pointer_label):
            if line.isHidden() is is_free:
                line.setVisible(is_free)

    def refresh(self, *, repeats: bool) -> None:
        """Show the status of the run in training, or else of the run shown.

        Args:
            repeats: whether the page says how far the run shown is; two figures that are taken at different
                moments would differ.
        """
        engine = self._engine
        shown = engine.training.run or engine.view.run
        stage = engine.training.stage
        text = f"{stage}…" if stage else _WORDS.get(engine.training.state, "")
        if not text and shown is not None:
            others = ", ".join(run.letter for run in engine.training.runs if run is not shown)
            is_shown, details = shown is engine.view.run, self._theme.details
            parts = (
                "" if is_shown and not details else display_name(shown),
                "" if is_shown and repeats else progress_text(shown, engine.training, details=details),
                _("by turns with {others}").format(others=others) if others else "",
            )
            text = " · ".join(filter(None, parts))
        _set_text(self._status_label, text if text or shown else _READY)
        _set_text(
            self._device_label,
            _("{device} · Ready").format(device=engine.device) if engine.device else _("Loading"),
        )


def _set_text(label: QLabel, text: str) -> None:
    """Set a label's text only if it differs, since setting it always repaints."""
    if label.text() != text:
        label.setText(text)
