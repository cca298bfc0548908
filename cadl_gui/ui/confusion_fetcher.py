"""Fetches the confusions of the classifier shown, at the recorded position shown."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.position import Position
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.artifacts_fetcher import ArtifactsFetcher


class ConfusionFetcher(QObject):
    """Follows the view state and fetches the artifacts of the last recorded position up to the one shown.

    Confusion and mistakes are recorded with each recorded position, since they take too long to compute
    during a drag. Between two recorded positions, the earlier one is used.

    Signals:
        arrived: (`Position`, `EvaluationArtifacts`) the artifacts to show.
        unknown: None were recorded at that position, or the network is bent.
    """

    arrived = Signal(object, object)
    unknown = Signal()

    def __init__(self, engine: Engine, page: QWidget) -> None:
        super().__init__(page)
        self._engine = engine
        self._retained = ArtifactsFetcher(engine, self)
        # As the page does, which shows what arrives: what it missed while it was hidden is asked for then.
        engine.view.bind(page, lambda: engine.view.run, self._on_run_changed)
        engine.view.bind(page, lambda: engine.view.shown, self._on_position_changed)

    @Slot()
    def _on_run_changed(self) -> None:
        self._retained.forget()

    @Slot()
    def _on_position_changed(self) -> None:
        view = self._engine.view
        run = view.run
        if run is not None and run.description.config.model.is_classifier:
            self._retained.fetch(run, view.position, self._on_snapshot)

    def _on_snapshot(self, snapshot: Snapshot, position: Position | None) -> None:
        if snapshot.artifacts is None:
            self.unknown.emit()
        else:
            self.arrived.emit(position, snapshot.artifacts)
