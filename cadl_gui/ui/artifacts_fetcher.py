"""Fetches the evaluation artifacts recorded with a run's weights."""

from PySide6.QtCore import QObject

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchSnapshot
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient, OnAnswer
from cadl_gui.engine.run import Run
from cadl_gui.engine.weights_ref import WeightsRef


class ArtifactsFetcher(QObject):
    """Fetches a snapshot with its artifacts, once for each recorded position.

    Artifacts take too long to compute during a drag; between two recorded positions, those of the earlier one
    are used.

    Attributes:
        client: client for further requests about the weights that were fetched last.

    Args:
        engine: answers the requests; its notifications are told why there is no answer.
        parent: parent object.
    """

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._asked: WeightsRef | None = None
        self.client = InferenceClient(engine.inference, self, lambda: self._asked)

    def fetch(self, run: Run, position: Position, on_snapshot: OnAnswer[Snapshot]) -> None:
        """Fetch a run's last recorded snapshot up to this position, unless it was the last one requested.

        Args:
            run: the run.
            position: the position.
            on_snapshot: called with the weights there, with their artifacts if there are any.
        """
        retained = run.retained_until(position)
        asked = (
            None if retained is None else WeightsRef.of(run, retained, self._engine.bending.of(run.run_id))
        )
        if asked == self._asked:
            return
        self._asked = asked
        if asked is not None:
            request = FetchSnapshot(asked.run_id, asked.position)
            self.client.ask(request, on_snapshot, self._engine.notifications.unanswered.emit)

    def forget(self) -> None:
        """Ignore a pending answer, and allow the same position to be fetched again."""
        self._asked = None
