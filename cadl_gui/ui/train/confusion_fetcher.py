"""Fetches the confusions of the classifier shown, at the recorded position shown."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.requests import FetchSnapshot
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.engine.weights_ref import WeightsRef


class ConfusionFetcher(QObject):
    """Follows the view state and fetches the artifacts of the last recorded position up to the one shown.

    Signals:
        arrived: (`Position`, `EvaluationArtifacts`) the artifacts to show.
        unknown: None were recorded at that position, or the network is bent.
    """

    arrived = Signal(object, object)
    unknown = Signal()

    def __init__(self, engine: Engine, page: QWidget) -> None:
        super().__init__(page)
        self._engine = engine
        self._question = Question(engine, self, self._fetch, engine.notifications.unanswered.emit)
        # As the page does, which shows what arrives: what it missed while it was hidden is asked for then.
        engine.view.bind(page, lambda: engine.view.shown, self._on_position_changed)

    @Slot()
    def _on_position_changed(self) -> None:
        view, run = self._engine.view, self._engine.view.run
        if run is None or not run.description.config.model.is_classifier:
            self._question.cancel()
        else:
            bends = self._engine.bending.of(run.run_id)
            self._question.ask_about(WeightsRef.retained(run, view.position, bends))

    async def _fetch(self, weights: WeightsRef | None) -> None:
        if weights is not None:
            snapshot, position = await FetchSnapshot(weights.run_id, weights.position)
            if snapshot.artifacts is None:
                self.unknown.emit()
            else:
                self.arrived.emit(position, snapshot.artifacts)
