"""The training buttons and the speed slider."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.engine.training_speed import TRAINING_SPEEDS
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.progress_text import speed_text
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX
from cadl_gui.ui.widgets.action_button import ActionButton

_PRIMARY = ("train", "pause")
_BUTTONS = (*_PRIMARY, "step", "stop", "continue", "rewind", "form")


class TrainingBar(QWidget):
    """Train (or Pause, in its place), Step, Stop and keep, Continue, Rewind, Settings, and the speed.

    Args:
        engine: The engine whose training speed is shown and set.
        theme: Hides the speed controls in present mode.
        actions: The window's actions, by key.
    """

    def __init__(
        self, engine: Engine, theme: Theme, actions: Mapping[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._theme = theme
        texts = {"form": "Settings"}
        self._buttons = {
            key: ActionButton(actions[key], flat=key == "form", text=texts.get(key, "")) for key in _BUTTONS
        }
        for key in _PRIMARY:
            set_style_property(self._buttons[key], "primary", value=True)
        self._lay_out()
        engine.training.state_changed.connect(self._refresh)
        theme.changed.connect(self._refresh)
        self._refresh()

    def _lay_out(self) -> None:
        self._speed_label = QLabel()
        self._speed_label.setMinimumWidth(
            self._speed_label.fontMetrics().horizontalAdvance("200 batches a second")
        )
        self._speed_slider = QSlider(Qt.Orientation.Horizontal)
        self._speed_slider.setObjectName("speedSlider")
        self._speed_slider.setAccessibleName("Speed of training")
        self._speed_slider.setToolTip("From one batch a second, to watch, to as fast as the machine can")
        self._speed_slider.setRange(0, len(TRAINING_SPEEDS) - 1)
        self._speed_slider.setValue(TRAINING_SPEEDS.index(self._engine.training.speed))
        self._speed_slider.setFixedWidth(140)
        self._speed_slider.valueChanged.connect(self._on_speed)
        self._on_speed(self._speed_slider.value())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_SMALL_PX)
        for button in self._buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        self._speed_caption = QLabel("Speed")
        set_style_property(self._speed_caption, "secondary", value=True)
        row.addWidget(self._speed_caption)
        row.addWidget(self._speed_slider)
        row.addWidget(self._speed_label)

    @Slot(int)
    def _on_speed(self, value: int) -> None:
        self._speed_label.setText(speed_text(TRAINING_SPEEDS[value]))
        self._engine.training.set_speed(TRAINING_SPEEDS[value])

    @Slot()
    def _refresh(self) -> None:
        is_busy = self._engine.training.state in {TrainingState.TRAINING, TrainingState.PAUSED}
        gone, there = _PRIMARY if is_busy else reversed(_PRIMARY)
        had_focus = self._buttons[gone].hasFocus()
        self._buttons[there].show()
        if had_focus:
            # The two share a place; otherwise the focus would move to the next button.
            self._buttons[there].setFocus()
        self._buttons[gone].hide()
        for widget in (self._speed_caption, self._speed_slider, self._speed_label):
            widget.setVisible(not self._theme.present)
