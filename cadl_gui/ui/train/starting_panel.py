"""Says what happens before the first picture of a training, where that picture will be."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.words import _
from cadl_gui.ui.controls.overlay import Overlay
from cadl_gui.ui.controls.parts import label, push_button
from cadl_gui.ui.controls.timer import Timer
from cadl_gui.ui.theme.tokens import GAP_PX

_AFTER_MS = 300
"""A start that takes less is not worth a word, which would only flicker."""

_LOADING = _("TensorFlow is loading…")
_MEANWHILE = _("You can choose a preset and look at the data meanwhile.")
_STARTING = _("The training starts…")
_PATIENCE = _("The first training of each kind of network takes longest to start.")


class StartingPanel(QWidget):
    """Covers a widget while a training starts, or while TensorFlow loads and no run is shown.

    It is static: repainting would double the time that TensorFlow takes to load.

    Args:
        engine: knows what is under way.
        covered: widget to cover; the parent.
    """

    def __init__(self, engine: Engine, covered: QWidget) -> None:
        super().__init__(covered)
        self._engine = engine
        self.setObjectName("startingPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAutoFillBackground(True)
        self._stage = label("", "startingStage", wraps=True, textRole="section")
        self._about = label(wraps=True, secondary=True)
        for line in (self._stage, self._about):
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        tip = _("Do not train this run")
        self._cancel = push_button(_("Cancel"), "cancelStartButton", tip, engine.training.cancel_start)
        column = QVBoxLayout(self)
        column.setSpacing(GAP_PX)
        column.addStretch(1)
        column.addWidget(self._stage)
        column.addWidget(self._about)
        column.addWidget(self._cancel, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._delay = Timer(self, self._appear, _AFTER_MS)
        Overlay(self, covered)
        self.hide()
        # Also while the page is hidden, which then shows it at once.
        view, training = engine.view, engine.training
        view.bind(self._delay, lambda: (view.run, training.status, training.stage), self._refresh)

    @property
    def _is_loading(self) -> bool:
        is_loading = self._engine.training.state is TrainingState.LOADING
        return is_loading and self._engine.view.run is None

    @property
    def _is_starting(self) -> bool:
        return self._engine.training.state is TrainingState.STARTING

    def _refresh(self) -> None:
        if not (self._is_loading or self._is_starting):
            self._delay.stop()
            self.hide()
            return
        stage = self._engine.training.stage
        starting = f"{stage}…" if stage else _STARTING
        self._stage.setText(_LOADING if self._is_loading else starting)
        self._about.setText(_MEANWHILE if self._is_loading else _PATIENCE)
        self._cancel.setVisible(self._is_starting)
        if self.isHidden():
            self._delay.plan()

    @Slot()
    def _appear(self) -> None:
        self.raise_()
        self.show()
